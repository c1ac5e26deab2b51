import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { VerifyReport } from '../../src/workflows/verify.ts';
import { flipped } from '../helpers/flipped.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
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

describe('ovn verify', () => {
  const folder = sharedFolder();
  const nowhere = sharedFolder();
  let dir: string;
  let first: Published;
  let published: Published;
  let car: string;

  beforeAll(async () => {
    dir = await makeIn(folder, {
      'first-light.md': sourceOf(),
      'harbour.md': sourceOf({ title: 'Harbour' }),
    });
    first = await publishIn(dir);
    writeSources(join(dir, 'articles'), { 'first-light.md': sourceOf({ body: 'Changed.\n' }) });
    published = await publishIn(dir);
    car = join(nowhere, 'first-light.car');
    await runOvn(['get', 'first-light', '-o', car], { cwd: dir, env: CLOCK });
    await runOvn(['get', 'first-light', '--format', 'dir', '-o', join(nowhere, 'first-light')], {
      cwd: dir,
      env: CLOCK,
    });
  });

  function cidOf({ articles }: Published, slug: string): string {
    return articles.find(({ id }) => id.endsWith(slug))?.cid ?? '';
  }

  async function verify(
    args: readonly string[],
    env: Record<string, string> = CLOCK,
    cwd = dir,
  ): Promise<{ code: number | string; report: VerifyReport; said: ProgramResult }> {
    const said = await runOvn(['verify', '--json', ...args], { cwd, env });
    return { code: said.code, report: JSON.parse(said.stdout) as VerifyReport, said };
  }

  it('says everything that the document promises, and no more', async () => {
    const { code, report } = await verify([]);
    expect(code).toBe(0);
    expect(Object.keys(report).sort()).toEqual([
      'checks',
      'evidence',
      'ok',
      'publication',
      'target',
      'verdict',
    ]);
    expect(report).toMatchObject({ ok: true, verdict: 'current', publication: published.publication });
    for (const check of report.checks) {
      expect(Object.keys(check).sort()).toEqual(['detail', 'name', 'result']);
      expect(['pass', 'fail', 'not-checked']).toContain(check.result);
    }
  });

  it.each([
    ['an id', () => '2025/07/07/first-light'],
    ['a slug', () => 'first-light'],
    ['a source file', () => 'articles/first-light.md'],
    ['a category', () => 'science'],
    ['the CID of a bundle', () => cidOf(published, 'first-light')],
    ['an address', () => `ipfs://${cidOf(published, 'first-light')}`],
    ['the CID of a category', () => published.categories['science']?.cid ?? ''],
    ['the CID of an edition', () => published.edition],
    ['a path in an edition', () => `/ipfs/${published.edition}/articles/2025/07/07/first-light`],
  ])('says of %s in the head edition that it is current', async (_, what) => {
    expect(await verify([what()])).toMatchObject({ code: 0, report: { ok: true, verdict: 'current' } });
  });

  it.each([
    ['bundle', () => cidOf(first, 'first-light')],
    ['edition', () => first.edition],
    ['category', () => first.categories['science']?.cid ?? ''],
  ])('says of an earlier %s that it is genuine and no more', async (_, what) => {
    const { code, report } = await verify([what()]);
    expect(code).toBe(0);
    expect(report.verdict).toBe('genuine');
    expect(report.checks.find(({ name }) => name === 'listed')).toMatchObject({ result: 'not-checked' });
  });

  it('says of the pages of a category alone that they were not checked', async () => {
    const { report } = await verify(['science']);
    expect(report.checks.find(({ name }) => name === 'pages')?.result).toBe('not-checked');
  });

  it.each([
    ['the head', []],
    ['a slug', ['first-light']],
    ['a category', ['science']],
  ])('says of %s that it is not confirmed when the manifest has expired', async (_, args) => {
    expect(await verify(args, LATER)).toMatchObject({ code: 3, report: { ok: true, verdict: 'listed' } });
  });

  it('never refuses a CID, a CAR or a folder for its age', async () => {
    for (const what of [published.edition, cidOf(published, 'harbour'), car, join(nowhere, 'first-light')]) {
      expect(await verify([what], LATER), what).toMatchObject({ code: 0, report: { ok: true } });
    }
  });

  describe('outside of any repository', () => {
    it.each([
      ['a CAR', 'first-light.car'],
      ['a folder', 'first-light'],
    ])('judges %s by what it brings', async (_, what) => {
      const { code, report } = await verify([what], CLOCK, nowhere);
      expect(code).toBe(0);
      expect(report).toMatchObject({ ok: true, verdict: 'genuine', publication: published.publication });
      expect(report.checks.find(({ name }) => name === 'publication-confirmed')?.result).toBe('not-checked');
      const named = await verify([what, '--publication', published.publication], CLOCK, nowhere);
      expect(named.report.checks.find(({ name }) => name === 'publication-confirmed')?.result).toBe('pass');
    });

    it.each([40, 1000, -1])('refuses a CAR with a byte flipped at %i, and says why', async (at) => {
      const bytes = readFileSync(car);
      writeFileSync(join(nowhere, 'flipped.car'), flipped(bytes, at < 0 ? bytes.length + at : at, 3));
      const { code, report, said } = await verify(['flipped.car'], CLOCK, nowhere);
      expect(code).toBe(4);
      expect(report).toMatchObject({
        ok: false,
        verdict: 'refused',
        publication: null,
        target: 'flipped.car',
      });
      expect(said.stderr).toContain('refused');
      expect(said.stderr).not.toMatch(/\n\s+at /);
    });

    it('refuses a folder with a page changed, and names the check', async () => {
      cpSync(join(nowhere, 'first-light'), join(nowhere, 'changed'), { recursive: true });
      writeFileSync(join(nowhere, 'changed/index.html'), '<p>forged');
      const { code, stdout, stderr } = await runOvn(['verify', 'changed'], { cwd: nowhere });
      expect(code).toBe(4);
      expect(stdout).toMatch(/FAIL +files: index\.html is /);
      expect(stderr).toMatch(/^ovn: verification refused: files: index\.html is /m);
    });

    it('refuses a folder with a link to elsewhere in it', async () => {
      cpSync(join(nowhere, 'first-light'), join(nowhere, 'linked'), { recursive: true });
      symlinkSync('/etc/hostname', join(nowhere, 'linked/extra'));
      expect((await verify(['linked'], CLOCK, nowhere)).code).toBe(4);
    });

    it.each([
      ['a file that is no CAR', 'text.car', 4],
      ['an empty file', 'empty.car', 4],
      ['what is not there', 'missing.car', 1],
    ])('ends with a sentence for %s', async (_, what, expected) => {
      writeFileSync(join(nowhere, 'text.car'), 'This is no CAR file.');
      writeFileSync(join(nowhere, 'empty.car'), '');
      const { code, stderr } = await runOvn(['verify', what], { cwd: nowhere });
      expect(code).toBe(expected);
      expect(stderr).toMatch(/^ovn: /m);
      expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    });
  });

  it.each([
    ['a CID that is not here', 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'],
    ['a name that nothing has', 'no-such-article'],
  ])('ends with 1 for %s', async (_, what) => {
    const { code, stderr } = await runOvn(['verify', what], { cwd: dir });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ovn: .*repository/);
  });

  it('refuses with 4 where another publication is expected', async () => {
    const other = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    expect((await verify(['--publication', other])).code).toBe(4);
    expect((await verify(['first-light', '--publication', other])).code).toBe(4);
  });

  it('takes an edition from before there was a log, and says what it could not check', async () => {
    const old = new URL('../fixtures/edition-before-the-log.car', import.meta.url).pathname;
    const { code, report } = await verify([old], CLOCK, nowhere);
    expect(code).toBe(0);
    const unchecked = report.checks.filter(({ detail }) => detail.includes('before there was a log'));
    expect(unchecked.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'log-checkpoint not-checked',
      'log-files not-checked',
      'log-entries not-checked',
      'log-articles not-checked',
      'fork not-checked',
      'checkpoint not-checked',
      'log-sequence not-checked',
      'log-record not-checked',
    ]);
  });

  it('refuses a file of an edition that is no bundle', async () => {
    const { code } = await verify([`${published.edition}/index.html`]);
    expect(code).toBe(4);
  });
});
