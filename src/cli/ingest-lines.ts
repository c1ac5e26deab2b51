import type { IngestedArticle, IngestReport, IngestStatus } from '../workflows/ingest/report.ts';
import type { Terminal } from './terminal.ts';
import { plural } from './wording.ts';

const SAID: Readonly<Record<IngestStatus, string>> = {
  written: 'written',
  unchanged: 'there already',
  changed: 'is there and says something else: not written (see --force)',
  overwritten: 'written over what was there',
  published: 'is published from another source: not written',
};

/** Says what became of every post: the result on stdout, what was lost article by article. */
export function printIngest(terminal: Terminal, report: IngestReport): void {
  for (const article of report.articles) printArticle(terminal, article);
  for (const { origin, why, reason } of report.leftOut) {
    const line = `${origin}: left out: ${reason}`;
    if (why === 'fault') terminal.error(line);
    else terminal.print(line);
  }
  for (const [kind, number] of Object.entries(report.others))
    terminal.print(`${number} of the kind ${kind}: left out`);
  terminal.note(summary(report));
  const isNew = report.articles.some(({ status }) => status === 'written' || status === 'overwritten');
  if (isNew && !report.dryRun) terminal.note('Nothing is published yet: look at them, then ovn publish');
}

function printArticle(terminal: Terminal, { source, status, held, lost, from }: IngestedArticle): void {
  const isQuiet = status === 'unchanged' && !terminal.verbose;
  if (!isQuiet) {
    terminal.print(
      `${source}: ${SAID[status]}${held === undefined ? '' : `, as a draft: ${held}`} (${from})`,
    );
    for (const { message } of lost) terminal.print(`  ${message}`);
  }
}

function summary({ articles, leftOut, dryRun }: IngestReport): string {
  const count = (...statuses: IngestStatus[]): number =>
    articles.filter(({ status }) => statuses.includes(status)).length;
  const parts = [
    `${dryRun ? 'would write' : 'wrote'} ${plural(count('written', 'overwritten'), 'article')}`,
    `${count('unchanged')} there already`,
    `${count('changed', 'published')} not written`,
    `${leftOut.length} left out`,
  ];
  return parts.join(', ');
}
