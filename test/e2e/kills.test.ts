import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../bench/random.ts';
import { writeSynthetic } from '../../bench/synthetic.ts';
import { startOvn } from '../helpers/program.ts';
import {
  CLOCK,
  cidsOf,
  copyTo,
  failuresOf,
  makeIn,
  type Published,
  publishIn,
  removeCopy,
  sharedFolder,
} from './support.ts';

/** Moments at which the program is killed. The bar of issue 3 is 100; that takes a minute. */
const KILLS = Number(process.env['OVN_TEST_KILLS'] ?? 15);
const ARTICLES = 200;

describe(`a publication of ${ARTICLES} articles that is killed at ${KILLS} random moments`, () => {
  const folder = sharedFolder();
  let unpublished: string;
  let undisturbed: Published;
  let duration: number;

  beforeAll(async () => {
    unpublished = await makeIn(folder);
    await writeSynthetic(join(unpublished, 'articles'), ARTICLES);
    await publishIn(copyTo(folder, unpublished)); // the program's compile cache is warm from here on
    const dir = copyTo(folder, unpublished);
    const started = performance.now();
    undisturbed = await publishIn(dir);
    duration = performance.now() - started;
  });

  it('leaves a sound repository, and is finished by the next', { timeout: KILLS * 20_000 }, async () => {
    const random = seeded(20250707);
    const outcomes = { early: 0, killed: 0 };
    for (let at = 0; at < KILLS; at++) {
      const dir = copyTo(folder, unpublished);
      const { code } = await killAfter(((at + random()) / KILLS) * duration, dir);
      outcomes[code === 'SIGKILL' ? 'killed' : 'early'] += 1;
      expect(await failuresOf(dir)).toEqual([]);
      expect(cidsOf(await publishIn(dir))).toEqual(cidsOf(undisturbed));
      expect(await failuresOf(dir)).toEqual([]);
      removeCopy(dir);
    }
    expect(outcomes.killed).toBeGreaterThan(KILLS / 2);
  });
});

async function killAfter(delay: number, dir: string): Promise<{ code: number | string }> {
  await using program = startOvn(['publish', '--quiet'], { cwd: dir, env: CLOCK });
  await Promise.race([setTimeout(delay), program.ended]);
  program.process.kill('SIGKILL');
  return await program.ended;
}
