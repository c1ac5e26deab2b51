import type { SourceReport } from '../node/retrieve/source.ts';
import type { Terminal } from './terminal.ts';
import { plural } from './wording.ts';

/** Says who gave what, and what else they answered. */
export function printSources(terminal: Terminal, sources: readonly SourceReport[]): void {
  for (const { source, blocks, bytes, said } of sources) {
    const given = blocks === 0 ? [] : [`${plural(blocks, 'block')}, ${bytes} bytes`];
    const answers = [...given, ...(said === null ? [] : [said])];
    terminal.note(`${source}: ${answers.length === 0 ? 'was not needed' : answers.join('; ')}`);
  }
}
