import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PUBLISH_STEPS } from '../../src/workflows/publish.ts';
import { runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  cidsOf,
  copyTo,
  failuresOf,
  makeIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

/** Every point at which the program can be told to die. Blocks are stored twice: of the bundles, then of the edition. */
const POINTS = [
  ...PUBLISH_STEPS.flatMap((step) => [`${step}:before`, `${step}:after`]),
  ...['store:before:2', 'store:after:2', 'commit:within'],
];

const SOURCES = {
  'a.md': sourceOf({ title: 'First light' }),
  'b.md': sourceOf({ title: 'Harbour', categories: ['Science', 'World'] }),
  'c.md': sourceOf({ title: 'Third', date: '2025-06-01', categories: ['World'] }),
};
const CHANGES = {
  'a.md': sourceOf({ title: 'First light, corrected' }),
  'd.md': sourceOf({ title: 'Fourth', categories: ['World', 'New'] }),
};

describe('a publication that is killed', () => {
  const folder = sharedFolder();
  let unpublished: string;
  let changed: string;
  let first: Published;
  let second: Published;

  beforeAll(async () => {
    unpublished = await makeIn(folder, SOURCES);
    changed = copyTo(folder, unpublished);
    first = await publishIn(changed);
    writeSources(join(changed, 'articles'), CHANGES);
    second = await publishIn(copyTo(folder, changed));
  });

  async function killAt(point: string, dir: string): Promise<void> {
    const { code } = await runOvn(['publish'], { cwd: dir, env: { ...CLOCK, OVN_FAILPOINT: point } });
    expect(code).toBe('SIGKILL');
  }

  it.concurrent.each(POINTS)('the first one, %s, is finished by the next', async (point) => {
    const dir = copyTo(folder, unpublished);
    await killAt(point, dir);
    expect(await failuresOf(dir)).toEqual([]);
    expect(cidsOf(await publishIn(dir))).toEqual(cidsOf(first));
    expect(await failuresOf(dir)).toEqual([]);
  });

  it.concurrent.each(POINTS)('one with a revision, %s, is finished by the next', async (point) => {
    const dir = copyTo(folder, changed);
    await killAt(point, dir);
    await expectSound(dir);
    expect(cidsOf(await publishIn(dir))).toEqual(cidsOf(second));
    expect(await failuresOf(dir)).toEqual([]);
  });

  it.each([
    ['commit:before', 3],
    ['commit:within', 3],
    ['commit:after', 4],
  ])('at %s has %i articles', async (point, count) => {
    const dir = copyTo(folder, changed);
    await killAt(point, dir);
    expect(readJson(await runOvn(['list', '--json'], { cwd: dir }))).toHaveLength(count);
  });
});

async function expectSound(dir: string): Promise<void> {
  const { ok } = readJson<{ ok: boolean }>(await runOvn(['check', '--json'], { cwd: dir, env: CLOCK }));
  expect(ok).toBe(true);
}
