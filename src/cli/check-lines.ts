import type { Check } from '../trust/check.ts';
import type { Terminal } from './terminal.ts';

/** One line for one check. */
export function printCheck(terminal: Terminal, { name, result, detail }: Check): void {
  terminal.print(`${mark(terminal, result)} ${name}: ${detail}`);
}

function mark(terminal: Terminal, result: Check['result']): string {
  if (result === 'pass') return terminal.style('green', 'pass       ');
  return result === 'fail' ? terminal.style('red', 'FAIL       ') : terminal.style('yellow', 'not-checked');
}
