import type { SyncReport } from '../workflows/following/effects.ts';
import { tellSize } from './size.ts';
import type { Terminal } from './terminal.ts';
import { plural } from './wording.ts';

/** Says what a sync came to: one line for what holds, and why where nothing better was taken. */
export function printSync(terminal: Terminal, report: SyncReport, dryRun: boolean): void {
  const { publication, outcome, sequence, fetched, problem, evidence, failures } = report;
  const edition = sequence === null ? 'nothing' : `edition ${sequence}`;
  const came = `${plural(fetched.blocks, 'block')}, ${tellSize(fetched.bytes)} fetched`;
  const words = {
    moved: dryRun ? `would move to ${edition}` : `moved to ${edition}: ${came}`,
    same: `${edition} is the newest`,
    kept: sequence === null ? 'nothing is held yet' : `keeps ${edition}`,
  };
  terminal.print(`${publication}: ${words[outcome]}`);
  for (const { from, why } of failures) if (why !== problem?.message) terminal.note(`${from}: ${why}`);
  if (problem !== null) terminal.error(`ovn: ${problem.message}`);
  if (evidence !== null)
    terminal.error(`Both documents are kept in ${evidence}: ovn log evidence judges it.`);
}
