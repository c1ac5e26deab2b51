import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeEvidenceFile } from '../../src/workflows/judge-evidence.ts';
import type { VerifyReport } from '../../src/workflows/verify.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  LATER,
  makeIn,
  type Published,
  publishIn,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

/** A reader with a memory of their own and no repository. */
class StrangerReader {
  readonly state = temporaryFolder();

  async verify(args: readonly string[], env: Record<string, string> = CLOCK) {
    const { code, stdout, stderr } = await runOvn(['verify', '--json', ...args], {
      cwd: this.state,
      env: { ...env, OVN_STATE: this.state },
    });
    if (stdout === '') throw new Error(stderr);
    const report = JSON.parse(stdout) as VerifyReport;
    const refusal = report.checks.find(({ result }) => result === 'fail');
    return { code, report, refusal };
  }
}

describe('ovn verify with a memory', () => {
  const folder = sharedFolder();
  let dir: string;
  let editions: Published[];
  const car = (name: string) => join(folder, `${name}.car`);

  async function issue(repository: string, name: string, body: string): Promise<Published> {
    writeSources(join(repository, 'articles'), { 'first-light.md': sourceOf({ body }) });
    const published = await publishIn(repository);
    const { code, stderr } = await runOvn(['export', '-o', car(name)], { cwd: repository, env: CLOCK });
    if (code !== 0) throw new Error(stderr);
    return published;
  }

  beforeAll(async () => {
    dir = await makeIn(folder, {});
    editions = [await issue(dir, 'first', 'One.\n')];
    const twin = join(folder, 'twin');
    cpSync(dir, twin, { recursive: true, preserveTimestamps: true });
    editions.push(await issue(dir, 'second', 'Two.\n'));
    await issue(twin, 'forked', 'Another.\n');
    await issue(twin, 'third', 'Another one.\n');
    await issue(twin, 'fourth', 'Yet another one.\n');
  });

  it('goes forward with the editions that it is shown, and never back', async () => {
    const reader = new StrangerReader();
    const first = await reader.verify([car('first')]);
    expect(first).toMatchObject({ code: 0, report: { verdict: 'current', evidence: null } });
    expect(first.report.checks.find(({ name }) => name === 'mastheads')?.detail).toContain(
      'for the first time',
    );
    expect(await reader.verify([car('second')])).toMatchObject({ code: 0, report: { verdict: 'current' } });
    const older = await reader.verify([car('first')]);
    expect(older).toMatchObject({ code: 4, refusal: { name: 'rollback' } });
    expect(judgeEvidenceFile(older.report.evidence ?? '', undefined)).toMatchObject({
      kind: 'rollback',
      verdict: 'genuine',
    });
    expect(await reader.verify([car('second')])).toMatchObject({ code: 0 });
    expect(await reader.verify(['--no-memory', car('first')])).toMatchObject({ code: 0 });
  });

  it.each([
    ['forked', 'first', 'second', 'rollback', 'equivocation', /two manifests of sequence 2/],
    ['third', 'first', 'second', 'rollback', 'equivocation', /manifest 3 follows/],
    ['fourth', 'first', 'second', 'fork', 'fork', /does not begin with the \d seen/],
  ])(
    'refuses %s after %s and %s, with evidence for everybody',
    async (name, one, two, rule, kind, reason) => {
      const reader = new StrangerReader();
      await reader.verify([car(one)]);
      await reader.verify([car(two)]);
      const { code, report, refusal } = await reader.verify([car(name)]);
      expect(code).toBe(4);
      expect(refusal).toMatchObject({ name: rule, detail: expect.stringMatching(reason) });
      const [publication] = editions.map((edition) => edition.publication);
      expect(judgeEvidenceFile(report.evidence ?? '', publication)).toMatchObject({
        kind,
        verdict: 'proven',
      });
      const other = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
      expect(judgeEvidenceFile(report.evidence ?? '', other).verdict).toBe('refused');
      expect(readdirSync(join(reader.state, 'evidence'))).toHaveLength(1);
    },
  );

  it('takes the fork of a publication that it sees for the first time: the memory is what tells', async () => {
    expect(await new StrangerReader().verify([car('fourth')])).toMatchObject({ code: 0 });
  });

  it('says of a frozen edition that it is not confirmed: 3, and 4 where that is demanded', async () => {
    const reader = new StrangerReader();
    expect(await reader.verify([car('second')], LATER)).toMatchObject({
      code: 3,
      report: { verdict: 'listed' },
    });
    expect(await reader.verify(['--require-current', car('second')], LATER)).toMatchObject({
      code: 4,
      refusal: { name: 'freshness' },
    });
    const at = ['--at', '2025-07-11T00:00:00Z', '--require-current'];
    expect(await reader.verify([...at, car('second')], LATER)).toMatchObject({ code: 0 });
    const wrong = await runOvn(['verify', '--at', 'yesterday', car('second')], { cwd: folder });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a moment') });
  });

  it('shows an old edition that is named by its CID as superseded, and refuses it only on demand', async () => {
    const [old] = editions;
    const { code, stdout } = await runOvn(['verify', '--json', old!.edition], { cwd: dir, env: CLOCK });
    const report = JSON.parse(stdout) as VerifyReport;
    expect({ code, verdict: report.verdict }).toEqual({ code: 0, verdict: 'genuine' });
    expect(report.checks.find(({ name }) => name === 'rollback')?.detail).toContain('superseded: sequence 1');
    expect(report.checks.find(({ name }) => name === 'log-sequence')?.result).toBe('pass');
    const demanded = await runOvn(['verify', '--require-current', old!.edition], { cwd: dir, env: CLOCK });
    expect(demanded.code).toBe(4);
  });

  it('finds an article in the log, and says which revision follows it', async () => {
    const [old] = editions;
    const cid = old!.articles[0]!.cid;
    const { stdout } = await runOvn(['verify', '--json', cid], { cwd: dir, env: CLOCK });
    const { checks, verdict } = JSON.parse(stdout) as VerifyReport;
    const inclusion = checks.find(({ name }) => name === 'log-inclusion');
    expect(inclusion).toMatchObject({
      result: 'pass',
      detail: expect.stringMatching(/revision 1, is entry 1 of the log \(publish\), superseded by bafy/),
    });
    expect(verdict).toBe('genuine');
    const demanded = await runOvn(['verify', '--require-current', cid], { cwd: dir, env: CLOCK });
    expect(demanded.code).toBe(4);
  });

  it('is kept by several processes at once', async () => {
    const reader = new StrangerReader();
    await reader.verify([car('first')]);
    const judged = await Promise.all(
      ['second', 'forked', 'second', 'forked'].map((name) => reader.verify([car(name)])),
    );
    const codes = judged.map(({ code }) => code);
    // Whichever came first was accepted, and the other one never after it.
    expect([codes[0] === codes[2], codes[1] === codes[3], codes[0] === codes[1]]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
