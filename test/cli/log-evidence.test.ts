import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { logEvidenceCommand } from '../../src/cli/commands/log-evidence.ts';
import type { Start } from '../../src/cli/options.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { formatEvidence } from '../../src/reader/evidence.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { offer } from '../helpers/logged-paper.ts';
import { memoryOf, newPaper, ONE, read, TWO } from '../reader/support.ts';

/** Runs the command with a file; what it says and its exit code. */
async function run(file: string, ...args: string[]): Promise<{ code: number | undefined; said: string }> {
  const stdout = new PassThrough();
  const streams = { stdout, stderr: new PassThrough() } as unknown as ConstructorParameters<
    typeof Terminal
  >[0];
  let code: number | undefined;
  const start: Start = async (options, action) => {
    const context = {
      terminal: new Terminal(streams, options),
      signal: AbortSignal.abort(),
      now: new Date(0),
    };
    code = await action(context);
  };
  await logEvidenceCommand(start).parseAsync([file, ...args], { from: 'user' });
  return { code, said: String(stdout.read()) };
}

/** Evidence of two editions of one sequence, in a file. */
async function evidenceFile(): Promise<{ file: string; id: string; bytes: Uint8Array }> {
  const paper = await newPaper();
  const twin = paper.clone();
  paper.revise(ONE);
  twin.revise(TWO);
  const memory = await memoryOf([offer(await paper.issue())]);
  const { evidence } = await read(memory, offer(await twin.issue()));
  const bytes = formatEvidence(evidence!);
  const file = join(temporaryFolder(), 'evidence.json');
  writeFileSync(file, bytes);
  return { file, id: paper.id, bytes };
}

describe('ovn log evidence', () => {
  it('says what is proven, and against whom', async () => {
    const { file, id } = await evidenceFile();
    const { code, said } = await run(file, '--publication', id);
    expect(code).toBe(0);
    expect(said).toMatch(/pass +contradiction: two manifests of sequence 2: bafk\w+, bafk\w+/);
    expect(said).toContain(`proof of equivocation by the keys of publication ${id}`);
  });

  it('prints the same as JSON', async () => {
    const { file, id } = await evidenceFile();
    const report = JSON.parse((await run(file, '--json')).said);
    expect(report).toMatchObject({ file, kind: 'equivocation', publication: id, verdict: 'proven' });
  });

  it('refuses what is no evidence, or is of another publication', async () => {
    const { file, bytes } = await evidenceFile();
    const other = await run(
      file,
      '--publication',
      'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    );
    expect(other).toMatchObject({
      code: 4,
      said: expect.stringContaining('FAIL        publication-confirmed'),
    });
    writeFileSync(file, bytes.subarray(1));
    expect(await run(file)).toMatchObject({
      code: 4,
      said: expect.stringContaining('no evidence of anything'),
    });
  });
});
