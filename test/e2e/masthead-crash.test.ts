import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MASTHEAD_STEPS } from '../../src/workflows/keys/change-masthead.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  cidsOf,
  copyTo,
  failuresOf,
  keysOf,
  makeIn,
  moveKey,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  words,
  writeSources,
} from './support.ts';

/** Every point at which the program can be told to die, and those at which no key is made. */
const POINTS = [...MASTHEAD_STEPS.flatMap((step) => [`${step}:before`, `${step}:after`]), 'masthead:within'];
const RECORDING = POINTS.filter((point) => point.startsWith('masthead:'));

const ovn = (dir: string, line: string, env: Record<string, string> = {}): Promise<ProgramResult> =>
  runOvn(words(line), { cwd: dir, env: { ...CLOCK, ...env } });

async function killAt(point: string, dir: string, line: string): Promise<void> {
  expect((await ovn(dir, line, { OVN_FAILPOINT: point })).code).toBe('SIGKILL');
  expect(await failuresOf(dir)).toEqual([]);
}

/** All that can be seen of a masthead: its versions with their CIDs, and the edition that names it. */
async function outcomeOf(dir: string) {
  const shown = readJson<{ versions: object[] }>(await ovn(dir, 'masthead show --json'));
  const edition = cidsOf(await publishIn(dir));
  expect(await failuresOf(dir)).toEqual([]);
  return { shown, edition };
}

describe('a change of the masthead that is killed', () => {
  const folder = sharedFolder();
  let dir: string;
  let did: string;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'first-light.md': sourceOf() });
    await publishIn(dir);
    writeSources(join(dir, 'articles'), { 'harbour.md': sourceOf({ title: 'Harbour' }) });
    const away = join(folder, 'away');
    mkdirSync(away);
    did = readJson<{ id: string }>(await ovn(away, 'key make editor.pem --json')).id;
  });

  /** What the command comes to where nothing stops it. */
  async function undisturbed(line: string, from = dir): ReturnType<typeof outcomeOf> {
    const copy = copyTo(folder, from);
    readJson(await ovn(copy, `${line} --json`));
    return await outcomeOf(copy);
  }

  /** Killed, and run again; where it was recorded, that it runs again changes nothing. */
  async function killed(point: string, line: string, from = dir): ReturnType<typeof outcomeOf> {
    const copy = copyTo(folder, from);
    await killAt(point, copy, line);
    const again = await ovn(copy, line);
    if (point !== 'masthead:after') expect(again).toMatchObject({ code: 0 });
    else expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/already|does not follow/) });
    return await outcomeOf(copy);
  }

  it('key add: the rerun records the same masthead', async () => {
    const line = `key add desk ${did} --category world`;
    const wanted = await undisturbed(line);
    expect(wanted.shown.versions).toHaveLength(2);
    for (const point of RECORDING) expect(await killed(point, line), point).toEqual(wanted);
  });

  it('masthead finish: the rerun records the same masthead', async () => {
    const waiting = copyTo(folder, dir);
    const [masthead] = await keysOf(waiting, 'masthead');
    const key = join(folder, 'masthead.pem');
    moveKey(waiting, masthead?.id ?? '', key);
    const line = `masthead finish ${join(folder, 'signed.json')}`;
    const { proposal } = JSON.parse((await ovn(waiting, `key add desk ${did} --json`)).stdout);
    renameSync(proposal, join(folder, 'signed.json'));
    expect((await ovn(folder, `sign signed.json --key ${key}`)).code).toBe(0);
    const wanted = await undisturbed(line, waiting);
    expect(wanted.shown.versions).toHaveLength(2);
    for (const point of RECORDING) expect(await killed(point, line, waiting), point).toEqual(wanted);
  });

  it.each(POINTS)('key rotate, %s: one new key takes the place of the old one', async (point) => {
    const copy = copyTo(folder, dir);
    const [old] = await keysOf(copy, 'desk');
    await killAt(point, copy, 'key rotate desk');
    if (point !== 'masthead:after')
      expect(await keysOf(copy, 'desk')).toContainEqual({ ...old, state: 'current' });
    if (point !== 'masthead:after') expect((await ovn(copy, 'key rotate desk')).code).toBe(0);
    const keys = await keysOf(copy, 'desk');
    const orphans = ['key:after', 'masthead:before', 'masthead:within'].includes(point) ? ['unnamed'] : [];
    expect(keys.map(({ state }) => state).sort()).toEqual(['current', 'retired', ...orphans]);
    expect(keys).toContainEqual({ ...old, state: 'retired' });
    const { shown, edition } = await outcomeOf(copy);
    expect(shown.versions).toHaveLength(2);
    expect(edition.articles).toHaveLength(2);
    expect((await ovn(copy, 'verify')).code).toBe(0);
  });
});
