import type { SyncReport } from '../workflows/following/effects.ts';
import { tellSize } from './size.ts';
import type { Terminal } from './terminal.ts';
import { plural } from './wording.ts';

/** Reasons for which something is not held, in words. */
const REASONS: Record<string, string> = {
  category: 'in other categories',
  since: 'too old',
  size: 'no room for it',
  denied: 'denied by a list of this server',
};

/** What is not held by choice, and why. */
export function tellLeft({ articles, bytes, why }: NonNullable<SyncReport['held']['left']>): string {
  const reasons = why.map((each) => REASONS[each] ?? each).join(', ');
  return `${plural(articles, 'article')}, about ${tellSize(bytes)}: ${reasons}`;
}

/** Says what a sync came to: one line for what holds, and why where nothing better was taken. */
export function printSync(terminal: Terminal, report: SyncReport, dryRun: boolean): void {
  const { publication, outcome, sequence, fetched, held, problem, evidence, failures } = report;
  const edition = sequence === null ? 'nothing' : `edition ${sequence}`;
  const came = `${plural(fetched.blocks, 'block')}, ${tellSize(fetched.bytes)} fetched`;
  const words = {
    moved: dryRun ? `would move to ${edition}` : `moved to ${edition}: ${came}`,
    same: `${edition} is the newest`,
    kept: sequence === null ? 'nothing is held yet' : `keeps ${edition}`,
  };
  terminal.print(`${publication}: ${words[outcome]}`);
  if (!dryRun && held.left !== null && held.left.articles > 0)
    terminal.print(`Left out: ${tellLeft(held.left)}`);
  for (const { from, why } of failures) if (why !== problem?.message) terminal.note(`${from}: ${why}`);
  if (problem !== null) terminal.error(`ovn: ${problem.message}`);
  if (problem?.hint != null) terminal.error(...problem.hint.split('\n'));
  if (evidence !== null)
    terminal.error(`Both documents are kept in ${evidence}: ovn log evidence judges it.`);
}
