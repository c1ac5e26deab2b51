import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import { makeIn, publishIn, sharedFolder, sourceOf } from './support.ts';

describe('the program and its code cache', () => {
  const folder = sharedFolder();
  let dir: string;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'first-light.md': sourceOf() });
    await publishIn(dir);
  });

  const list = (env: Record<string, string>): Promise<ProgramResult> =>
    runOvn(['list', '--json'], { cwd: dir, env });

  const cachesIn = (home: string): string[] => globSync('**/*.code', { cwd: home });

  it('makes it in its first runs, in the user’s own cache, and leaves it then', async () => {
    const home = temporaryFolder();
    const temp = temporaryFolder();
    const env = { XDG_CACHE_HOME: home, TMPDIR: temp };
    const { stdout } = await list(env);
    const [name = '', ...others] = cachesIn(home);
    expect(others).toEqual([]);
    const cache = join(home, name);
    expect(statSync(cache).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'openvoicenews/code')).mode & 0o777).toBe(0o700);
    for (let run = 1; run < 4; run++) await list(env);
    const made = readFileSync(cache);
    expect((await list(env)).stdout).toBe(stdout);
    expect(readFileSync(cache).equals(made)).toBe(true);
    expect(globSync('**', { cwd: temp }).filter((each) => each !== '.' && each !== '')).toEqual([]);
  });

  it('does not run one in which a byte is another, and makes it anew', async () => {
    const home = temporaryFolder();
    const env = { XDG_CACHE_HOME: home };
    const { stdout } = await list(env);
    const cache = join(home, cachesIn(home)[0] ?? '');
    const broken = readFileSync(cache);
    broken.fill(0xff, 100_000, 100_100);
    writeFileSync(cache, broken);
    expect(await list(env)).toEqual({ code: 0, stdout, stderr: '' });
    expect(readFileSync(cache).equals(broken)).toBe(false);
  });

  it.each([
    ['switched off', { NODE_DISABLE_COMPILE_CACHE: '1' }],
    ['given no folder', { HOME: '', XDG_CACHE_HOME: 'relative' }],
  ])('does without where it is %s', async (_, env) => {
    const home = temporaryFolder();
    const { code, stderr } = await list({ XDG_CACHE_HOME: home, ...env });
    expect([code, stderr, cachesIn(home), cachesIn(dir)]).toEqual([0, '', [], []]);
  });

  // Where a folder can't be made, and it is said that the one above is missing: Node tries again for ever.
  it.runIf(existsSync('/proc/self'))('does without in a home where nothing can be made', async () => {
    expect(await list({ XDG_CACHE_HOME: '/proc' })).toMatchObject({ code: 0, stderr: '' });
  });

  it('does without where there is a file in its way', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'openvoicenews'), '');
    expect(await list({ XDG_CACHE_HOME: home })).toMatchObject({ code: 0, stderr: '' });
  });

  it('learns nothing from a command that fails', async () => {
    const home = temporaryFolder();
    const { code } = await runOvn(['show', 'nothing'], { cwd: dir, env: { XDG_CACHE_HOME: home } });
    expect([code, cachesIn(home)]).toEqual([1, []]);
  });
});
