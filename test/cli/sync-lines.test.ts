import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { printSync } from '../../src/cli/sync-lines.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import type { SyncReport } from '../../src/workflows/following/effects.ts';

const KEPT: SyncReport = {
  publication: 'bafkrei',
  outcome: 'kept',
  from: null,
  edition: null,
  sequence: null,
  fetched: { blocks: 0, bytes: 0 },
  held: { bytes: 0, whole: false, left: null },
  problem: null,
  evidence: null,
  failures: [],
};

function printed(problem: SyncReport['problem']): string {
  const sent = new PassThrough();
  const streams = { stdout: sent, stderr: sent } as unknown as ConstructorParameters<typeof Terminal>[0];
  printSync(new Terminal(streams, {}), { ...KEPT, problem }, false);
  return String(sent.read() ?? '');
}

it('says why nothing better was taken, and what may help', () => {
  const problem = { code: 'incomplete', message: '7 bytes are too few', hint: 'Take more.\nOr fewer.' };
  const head = 'bafkrei: nothing is held yet\novn: 7 bytes are too few\n';
  expect(printed(problem)).toBe(`${head}Take more.\nOr fewer.\n`);
  expect(printed({ ...problem, hint: null })).toBe(head);
});
