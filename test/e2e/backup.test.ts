import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSynthetic } from '../../bench/synthetic.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import type { BackupReport } from '../../src/workflows/backup.ts';
import type { RestoreReport } from '../../src/workflows/restore.ts';
import { rawBlocks } from '../helpers/blocks.ts';
import { runOvn, startOvn } from '../helpers/program.ts';
import {
  CLOCK,
  cidsOf,
  copyTo,
  failuresOf,
  makeIn,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

const ARTICLES = 300;

describe('ovn backup and ovn restore', () => {
  const folder = sharedFolder();
  let dir: string;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'a.md': sourceOf() });
    await publishIn(dir);
  });

  it('say what is in a backup, what is not, and what to do before publishing', async () => {
    const file = join(folder, 'told.ovn');
    const backup = await runOvn(['backup', file], { cwd: dir, env: CLOCK });
    expect(backup.code).toBe(0);
    expect(backup.stdout).toContain('edition 1, 5 keys');
    expect(backup.stderr).toContain('have no passphrase');
    expect(backup.stderr).toContain('articles/ are not in it');
    const restore = await runOvn(['restore', file, 'told'], { cwd: folder, env: CLOCK });
    expect(restore.code).toBe(0);
    expect(restore.stdout).toContain('Backup made: 2025-07-10T12:00:00Z');
    expect(restore.stderr).toContain('before you publish');
    expect(restore.stderr).toContain('log recover');
    expect(await failuresOf(join(folder, 'told'))).toEqual([]);
  });

  it('print JSON, and end with 1 where there is something already', async () => {
    const file = join(folder, 'json.ovn');
    const report = readJson<BackupReport>(await runOvn(['backup', file, '--json'], { cwd: dir, env: CLOCK }));
    const { publication } = await publishIn(dir);
    expect(report).toEqual({
      file,
      bytes: readFileSync(file).length,
      publication,
      sequence: 1,
      keys: 5,
      encrypted: false,
    });
    expect((await runOvn(['backup', file], { cwd: dir })).code).toBe(1);
    expect((await runOvn(['backup', file, '--force', '--without-keys'], { cwd: dir, env: CLOCK })).code).toBe(
      0,
    );
    const run = () => runOvn(['restore', file, 'json', '--json'], { cwd: folder, env: CLOCK });
    const made = '2025-07-10T12:00:00Z';
    expect(readJson<RestoreReport>(await run())).toEqual({
      dir: join(folder, 'json'),
      publication,
      sequence: 1,
      made,
      keys: 0,
      encrypted: null,
      settings: 'restored',
    });
    const again = await run();
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'exists' } });
  });

  it('bring back keys with a passphrase, which sign as before', async () => {
    const env = { ...CLOCK, OVN_PASSPHRASE: 'open sesame' };
    mkdirSync(join(folder, 'locked'));
    const cwd = join(folder, 'locked');
    expect((await runOvn(['init', '.', '--no-sample'], { cwd, env })).code).toBe(0);
    writeSources(join(cwd, 'articles'), { 'a.md': sourceOf() });
    const backup = await runOvn(['backup', '../locked.ovn', '--json'], { cwd, env: CLOCK });
    expect(readJson<BackupReport>(backup)).toMatchObject({ sequence: null, keys: 5, encrypted: true });
    expect(backup.stderr).not.toContain('no passphrase');
    const published = await publishIn(cwd, { env });
    renameSync(join(cwd, '.ovn'), join(folder, 'lost'));
    const restore = await runOvn(['restore', '../locked.ovn'], { cwd, env: CLOCK });
    expect(restore.code).toBe(0);
    expect((await runOvn(['publish'], { cwd, env: CLOCK })).code).toBe(1);
    expect(cidsOf(await publishIn(cwd, { env }))).toEqual(cidsOf(published));
  });

  it('hold one moment of a repository in which another process publishes', { timeout: 120_000 }, async () => {
    const busy = copyTo(folder, dir);
    const first = await publishIn(busy);
    await writeSynthetic(join(busy, 'articles'), ARTICLES);
    const sequences: (number | null)[] = [];
    const editions = new Set<string | undefined>();
    await using publishing = startOvn(['publish', '--quiet'], { cwd: busy, env: CLOCK });
    let ended = false;
    void publishing.ended.then(() => {
      ended = true;
    });
    while (!ended || sequences.length < 2) {
      const name = `busy-${sequences.length}`;
      const backup = await runOvn(['backup', `../${name}.ovn`, '--json'], { cwd: busy, env: CLOCK });
      const { sequence } = readJson<BackupReport>(backup);
      sequences.push(sequence);
      await runOvn(['restore', `${name}.ovn`, name], { cwd: folder, env: CLOCK });
      const restored = join(folder, name);
      expect(await failuresOf(restored)).toEqual([]);
      using repository = openRepository(restored);
      expect(repository.head()?.sequence).toBe(sequence);
      editions.add(repository.head()?.edition);
    }
    expect((await publishing.ended).code).toBe(0);
    expect(sequences[0]).toBe(1);
    expect(sequences).toEqual(sequences.toSorted());
    const restored = join(folder, 'busy-0');
    await writeSynthetic(join(restored, 'articles'), ARTICLES);
    writeSources(join(restored, 'articles'), { 'a.md': sourceOf() });
    const { edition, manifest, sequence } = await publishIn(restored);
    expect({ edition, manifest, sequence }).toEqual(headOf(busy));
    for (const held of editions) expect([first.edition, edition]).toContain(held);
  });

  it('are warned of at the next publication, and stopped where something newer was seen', async () => {
    const file = join(folder, 'behind.ovn');
    expect((await runOvn(['backup', file, '--quiet'], { cwd: dir, env: CLOCK })).code).toBe(0);
    const ahead = copyTo(folder, dir);
    writeSources(join(ahead, 'articles'), { 'b.md': sourceOf({ title: 'Newer' }) });
    const { edition } = await publishIn(ahead);
    const car = join(folder, 'newest.car');
    expect((await runOvn(['export', edition, '-o', car], { cwd: ahead })).code).toBe(0);
    for (const imports of [false, true]) {
      const name = `behind-${imports}`;
      const cwd = join(folder, name);
      expect((await runOvn(['restore', file, name], { cwd: folder, env: CLOCK })).code).toBe(0);
      writeSources(join(cwd, 'articles'), { 'a.md': sourceOf(), 'c.md': sourceOf({ title: 'Other' }) });
      if (imports) expect((await runOvn(['import', car], { cwd, env: CLOCK })).code).toBe(0);
      const publish = await runOvn(['publish'], { cwd, env: CLOCK });
      expect(publish.stderr).toContain('restored from a backup of 2025-07-10T12:00:00Z, edition 1');
      expect(publish.code).toBe(imports ? 1 : 0);
      if (imports) expect(publish.stderr).toContain('ovn log recover');
      expect(headOf(cwd).sequence).toBe(imports ? 1 : 2);
      const again = await runOvn(['publish'], { cwd, env: CLOCK });
      expect(again.stderr.includes('restored from a backup')).toBe(imports);
      if (imports) await recover(cwd, car);
    }
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('%s leaves no backup and no repository', async (signal) => {
    const large = copyTo(folder, dir);
    {
      using repository = openRepository(large);
      repository.blockstore.putBatch(rawBlocks(60, 1_900_000, 2_000_000));
    }
    const place = join(folder, signal);
    mkdirSync(place);
    const file = join(place, 'large.ovn');
    const partial = () => readdirSync(place).some((name) => name.endsWith('.partial'));
    expect(await stop(['backup', file], large, partial, signal)).toBe(signal === 'SIGINT' ? 130 : signal);
    expect(existsSync(file)).toBe(false);
    if (signal === 'SIGINT') expect(readdirSync(place)).toEqual([]);
    expect((await runOvn(['backup', file], { cwd: large })).code).toBe(0);
    expect(readdirSync(place)).toEqual(['large.ovn']);

    const target = join(place, 'paper');
    const started = () => existsSync(target) && readdirSync(target).length > 0;
    expect(await stop(['restore', file, target], large, started, signal)).toBe(
      signal === 'SIGINT' ? 130 : signal,
    );
    expect(existsSync(join(target, '.ovn')) || existsSync(join(target, 'ovn.json'))).toBe(false);
    if (signal === 'SIGINT') expect(existsSync(target)).toBe(false);
    expect((await runOvn(['restore', file, target], { cwd: large })).code).toBe(0);
    expect(readdirSync(target).sort()).toEqual(['.ovn', 'ovn.json']);
  });
});

/** What the refusal advises: the newest edition is taken in, and the paper goes on from there. */
async function recover(cwd: string, car: string): Promise<void> {
  const recovered = await runOvn(['log', 'recover', car, '--json'], { cwd, env: CLOCK });
  expect(recovered.code).toBe(0);
  expect(JSON.parse(recovered.stdout)).toMatchObject({ status: 'recovered', from: 1, sequence: 2 });
  expect(headOf(cwd).sequence).toBe(2);
  expect((await runOvn(['check'], { cwd, env: CLOCK })).code).toBe(0);
  const publish = await runOvn(['publish'], { cwd, env: CLOCK });
  expect(publish.code).toBe(0);
  expect(publish.stderr).not.toContain('restored from a backup');
  expect(headOf(cwd).sequence).toBe(3);
  expect((await runOvn(['verify', '--no-memory'], { cwd, env: CLOCK })).code).toBe(0);
}

function headOf(dir: string) {
  using repository = openRepository(dir);
  const { edition, manifest, sequence } = repository.head() ?? {};
  return { edition, manifest, sequence };
}

/** Starts the program, and stops it as soon as it has begun to write. */
async function stop(
  args: string[],
  cwd: string,
  hasBegun: () => boolean,
  signal: NodeJS.Signals,
): Promise<number | string> {
  await using program = startOvn(args, { cwd });
  while (!hasBegun()) await setTimeout(1);
  program.process.kill(signal);
  return (await program.ended).code;
}
