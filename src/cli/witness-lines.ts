import type { WitnessReport } from '../workflows/witnessing/report.ts';
import type { Terminal } from './terminal.ts';

/** Says who cosigned, or that nobody was asked to. */
export function printWitnesses(terminal: Terminal, { threshold, cosigned, missing }: WitnessReport): void {
  if (threshold === 0) {
    terminal.print('', 'Unwitnessed: no witness is configured.');
    return;
  }
  terminal.print('', `Witnesses (${threshold} must cosign):`);
  for (const { name, time } of cosigned) terminal.print(`  ${name}  cosigned ${time}`);
  for (const { name, problem } of missing)
    terminal.print(`  ${name}  has not cosigned${problem === null ? '' : `: ${problem}`}`);
}
