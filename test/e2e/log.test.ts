import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { noPeers, verifyProof } from '../helpers/peers.ts';
import { runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  copyTo,
  makeIn,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

describe('ovn log', () => {
  const folder = sharedFolder();
  let dir: string;

  beforeAll(async () => {
    dir = await makeIn(folder, {
      'first-light.md': sourceOf(),
      'harbour.md': sourceOf({ title: 'Harbour' }),
    });
    await publishIn(dir);
  });

  const ovn = (args: readonly string[], cwd = dir) => runOvn(args, { cwd, env: CLOCK });

  /** Another article in a copy. */
  async function publishCopy(title: string): Promise<{ copy: string; edition: string }> {
    const copy = copyTo(folder, dir);
    writeSources(join(copy, 'articles'), { 'more.md': sourceOf({ title }) });
    const { edition } = await publishIn(copy);
    return { copy, edition };
  }

  async function exportFrom(cwd: string): Promise<string> {
    const car = join(cwd, 'edition.car');
    await ovn(['export', '-o', car], cwd);
    return car;
  }

  it('shows entries, for people and for programs', async () => {
    const { stdout } = await ovn(['log', 'show']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^0 {2}2025-07-10T12:00:00Z {2}masthead 1 {2}bafkrei/),
      expect.stringMatching(/^1 .* publish 2025\/07\/07\/first-light \(revision 1\) {2}bafybei/),
      expect.stringMatching(/^2 .* publish 2025\/07\/07\/harbour /),
      '',
      expect.stringMatching(/^ovn\.log\/[0-9a-f]{16}: size 3, root [A-Za-z0-9+/]{43}=$/),
      '',
    ]);
    const said = await ovn(['log', 'show', '--json', '--from', '1', '--limit', '1']);
    expect(readJson(said)).toMatchObject({
      size: 3,
      unpublished: 0,
      entries: [{ index: 1, kind: 'publish' }],
    });
    expect((await ovn(['log', 'show', '--limit', '0'])).code).toBe(2);
  });

  it('prints the verifier key alone', async () => {
    const { stdout } = await ovn(['log', 'key']);
    expect(stdout).toMatch(/^ovn\.log\/[0-9a-f]{16}\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}\n$/);
    expect(readJson(await ovn(['log', 'key', '--json']))).toMatchObject({
      threshold: 1,
      keys: [stdout.trim()],
    });
  });

  it('writes a proof and its entry, and says what they are for', async () => {
    const [proof, entry] = [join(folder, 'proof'), join(folder, 'entry')];
    const said = await ovn(['log', 'proof', 'harbour', '-o', proof, '--entry', entry]);
    const vkey = (await ovn(['log', 'key'])).stdout.trim();
    expect(said).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(vkey) });
    expect(JSON.parse(readFileSync(entry, 'utf8'))).toMatchObject({ kind: 'publish', revision: 1 });
    const printed = await ovn(['log', 'proof', 'harbour', '--quiet']);
    expect(printed).toEqual({ code: 0, stderr: '', stdout: readFileSync(proof, 'utf8') });
    if (noPeers !== undefined) return;
    const policy = `log ${vkey}\nquorum none\n`;
    const files = { policy, entry: readFileSync(entry), proof: readFileSync(proof) };
    expect(await verifyProof(files)).toMatchObject({ ok: true });
    expect(await verifyProof({ ...files, entry: Buffer.from('{}') })).toMatchObject({ ok: false });
  });

  it('checks, and remembers how far it came', async () => {
    const first = readJson<{ from: number }>(await ovn(['log', 'check', '--json']));
    const { stdout, code } = await ovn(['log', 'check']);
    expect([first.from, code]).toEqual([0, 0]);
    expect(stdout).toContain('log-growth: it begins with the 3 entries last seen');
    expect(stdout).toMatch(/3 entries, replayed from entry 3: holds\n$/);
  });

  it('compares: 0 when one is ahead, 3 when nothing shows it, 4 with evidence for a fork', async () => {
    const { copy: ours } = await publishCopy('Bridge');
    const { copy: theirs, edition } = await publishCopy('Tower');
    const car = await exportFrom(theirs);
    const ahead = await ovn(['log', 'compare', car]);
    expect(ahead).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('theirs-ahead: it begins with our 3'),
    });
    await ovn(['get', edition, '--format', 'dir', '-o', 'edition'], theirs);
    const checkpoint = join(theirs, 'edition/log/checkpoint');
    expect(await ovn(['log', 'compare', checkpoint])).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('not-checked: it has 2 entries more'),
    });
    const evidence = join(folder, 'fork.json');
    const fork = await ovn(['log', 'compare', join(theirs, 'edition'), '-o', evidence], ours);
    expect(fork).toMatchObject({ code: 4, stderr: expect.stringContaining('the log was forked') });
    expect(fork.stdout).toContain('Entry 4 is the first that differs.');
    expect(fork.stdout).toContain(readFileSync(checkpoint, 'utf8'));
    expect(await ovn(['log', 'evidence', evidence], folder)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('proof of fork by the keys of publication'),
    });
  });

  it('exports an article that a stranger can judge alone', async () => {
    const car = join(folder, 'harbour.car');
    expect((await ovn(['export', 'harbour', '--with-proof', '-o', car])).code).toBe(0);
    cpSync(car, join(folder, 'elsewhere.car'));
    const said = await ovn(['verify', join(folder, 'elsewhere.car')], folder);
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/^pass +log-inclusion: entry 2 of 3 of the log ovn\.log/m);
    expect(said.stdout).toMatch(/^not-checked log-fold: inclusion alone was checked/m);
    expect((await ovn(['export', 'science', '--with-proof', '-o', car])).code).toBe(2);
  });
});
