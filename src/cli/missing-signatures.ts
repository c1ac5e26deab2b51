import type { Shortfall } from '../trust/shortfall.ts';
import type { Terminal } from './terminal.ts';

/** Says who still has to sign, and how, if anybody has. */
export function printMissing(terminal: Terminal, file: string, missing: readonly Shortfall[]): void {
  if (missing.length === 0) return;
  for (const { of, threshold, signed, waiting } of missing) {
    terminal.print(`  ${of}: ${signed} of ${threshold} signed; still to sign, ${threshold - signed} of:`);
    for (const did of waiting) terminal.print(`    ${did}`);
  }
  terminal.note(`Whoever has such a key runs: ovn sign ${file}`);
}
