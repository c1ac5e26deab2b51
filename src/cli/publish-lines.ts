import type { PushReport } from '../workflows/homes/push.ts';
import type { PublishReport, ReportedArticle } from '../workflows/publishing/report.ts';
import type { WitnessReport } from '../workflows/witnessing/report.ts';
import { changeLines } from './change-lines.ts';
import type { Terminal } from './terminal.ts';
import { printWitnesses } from './witness-lines.ts';
import { plural, programName, tellHeld } from './wording.ts';

/** What `--json` prints. */
export type WitnessedReport = PublishReport & { witnesses: WitnessReport; push?: PushReport };

/** Deleted sources that are named one by one. */
const MOST_NAMED = 10;

/** What a publication came to. With `watch`, its JSON is one line of a stream. */
export function printPublication(
  terminal: Terminal,
  report: WitnessedReport,
  { dryRun = false, watch = false }: { dryRun?: boolean; watch?: boolean },
): void {
  for (const warning of report.warnings) terminal.finding(warning);
  if (watch) terminal.printJsonLine(report);
  else terminal.printJson(report);
  for (const article of report.articles) if (article.status !== 'unchanged') printArticle(terminal, article);
  for (const each of report.held) terminal.note(`held back: ${tellHeld(each)}`);
  noteMissing(terminal, report);
  for (const { id, category } of report.left) terminal.note(`${id} has left the category ${category}`);
  printSummary(terminal, report, dryRun);
}

/** What is published is never deleted by deleting its source. */
function noteMissing(terminal: Terminal, { missing }: PublishReport): void {
  for (const { source, id } of missing.slice(0, MOST_NAMED)) {
    terminal.note(`${source} is gone; ${id} stays published`);
  }
  if (missing.length > MOST_NAMED) {
    terminal.note(
      `… and ${missing.length - MOST_NAMED} more sources are gone; their articles stay published`,
    );
  }
}

function printArticle(terminal: Terminal, { headline, id, cid, revision, status }: ReportedArticle): void {
  if (status === 'held') return;
  terminal.print(terminal.style('bold', headline ?? ''));
  terminal.print(`  ${cid}  ${id}${revision === 1 ? '' : `  revision ${revision}`}`);
}

function printSummary(terminal: Terminal, report: WitnessedReport, dryRun: boolean): void {
  const count = report.articles.filter(({ status }) => status !== 'unchanged' && status !== 'held').length;
  if (report.status === 'unchanged') {
    terminal.print(`Nothing has changed: edition ${report.sequence} stands.`);
  } else {
    terminal.print(
      '',
      `${dryRun ? 'Would publish' : 'Published'} edition ${report.sequence}: ${what(report, count)}.`,
    );
  }
  const changes = report.sequence > 1 ? changeLines(report.changes, report) : [];
  if (changes.length > 0) terminal.print(...changes);
  printCategories(terminal, report);
  if (!dryRun) printWitnesses(terminal, report.witnesses);
  if (!dryRun && !terminal.json) printNext(terminal, report);
}

function what({ status, renewed, articles }: PublishReport, count: number): string {
  if (status === 'refreshed') return `the same articles, ${renewed ? 'all pages made' : 'confirmed'} anew`;
  const isRerendered = articles.some((each) => each.status === 'rerendered');
  return `${plural(count, 'article')}${isRerendered ? ' made anew' : ''}${renewed ? ', all pages made anew' : ''}`;
}

function printCategories(terminal: Terminal, { categories, edition }: PublishReport): void {
  terminal.print('', 'Categories:');
  for (const [slug, { cid, count }] of Object.entries(categories)) {
    terminal.print(`  ${cid}  ${slug} (${count})`);
  }
  terminal.print('', 'The whole edition:', `  ${edition}`);
}

function printNext(terminal: Terminal, { articles, categories }: PublishReport): void {
  const id = articles.find((article) => article.cid !== null)?.id ?? undefined;
  const [category] = Object.keys(categories);
  const ovn = programName();
  terminal.note('', 'What to type next:');
  terminal.note(`  ${ovn} serve`);
  terminal.note(id === undefined ? `  ${ovn} verify` : `  ${ovn} verify ${id}`);
  if (category) terminal.note(`  ${ovn} pin add ${category}`);
}
