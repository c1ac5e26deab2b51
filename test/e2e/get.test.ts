import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseSource } from '../../src/article/parse-source.ts';
import { splitSource } from '../../src/article/source-text.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import { image } from '../helpers/images.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  cidAt,
  copyTo,
  dropBlock,
  makeIn,
  openIn,
  type Published,
  publishIn,
  sharedFolder,
  sourceOf,
  tamper,
  verifyOutside,
  writeSources,
} from './support.ts';

const BODY =
  '\n# A heading\r\n\nText with trailing spaces  \nand ![a photo](photo.jpg)\n\n\n---\n\ttab, no line end';
const SOURCE = sourceOf({
  date: '2025-07-07T10:00:00+02:00',
  categories: ['"Defence & Security"', 'Science'],
  lines: [
    'slug: first-light',
    'summary: "A: summary"',
    'authors: [Mara Lindqvist, "O\'Brien, T."]',
    'image: photo.jpg',
    'imageAlt: A harbour',
    'imageCaption: At dawn',
    'updated: 2025-07-08T10:00:00Z',
    'corrections: [{date: 2025-07-09, type: correction, text: "It was: Tuesday."}]',
    'sources: [{title: A paper, url: "https://example.org/paper"}]',
    'license: CC-BY-4.0',
  ],
  body: BODY,
});

describe('ovn get', () => {
  const folder = sharedFolder();
  let dir: string;
  let published: Published;
  let cid: string;

  beforeAll(async () => {
    dir = await makeIn(folder, {
      'first-light.md': SOURCE,
      'photo.jpg': image('photo.jpg'),
      'harbour.md': sourceOf({ title: 'Harbour' }),
    });
    published = await publishIn(dir);
    cid = published.articles.find(({ id }) => id.endsWith('first-light'))?.cid ?? '';
  });

  function get(...args: string[]): Promise<ProgramResult> {
    return runOvn(['get', ...args], { cwd: dir, env: CLOCK });
  }

  async function bytesAt(address: string): Promise<Buffer> {
    const link = await cidAt(dir, address);
    await using open = await openIn(dir);
    return Buffer.from((await open.read(link)) ?? []);
  }

  function parse(text: string) {
    const { article, findings } = parseSource({
      file: 'articles/first-light.md',
      text,
      language: 'en',
      categoryNames: {},
      today: '2025-07-10',
      allowFuture: false,
    });
    if (article === undefined) throw new Error(JSON.stringify(findings));
    const { bodyLine: _, image: lead, ...rest } = article;
    return { ...rest, image: lead === undefined ? undefined : { ...lead, line: 0 } };
  }

  it.each([
    ['its id', () => '2025/07/07/first-light'],
    ['its slug', () => 'first-light'],
    ['its source', () => 'articles/first-light.md'],
    ['its source, however it is written', () => join(dir, 'articles/../articles/first-light.md')],
    ['its CID', () => cid],
    ['an address', () => `ipfs://${cid}`],
    ['a path of a gateway', () => `/ipfs/${cid}`],
    ['a path in its edition', () => `${published.edition}/articles/2025/07/07/first-light`],
    [
      'a path in its category',
      () => `ipfs://${published.categories['science']?.cid}/2025/07/07/first-light/`,
    ],
  ])('gives an article named by %s', async (_, what) => {
    const { code, stdout } = await get(what(), '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ identifier: '2025/07/07/first-light' });
  });

  it('gives Markdown that says the same, with the very bytes of the body', async () => {
    const { stdout } = await get('first-light');
    const normalised = SOURCE.replaceAll('\r\n', '\n');
    expect(splitSource(stdout)?.body).toBe(splitSource(normalised)?.body);
    expect(parse(stdout)).toEqual(parse(normalised));
    await get('first-light', '-o', join(folder, 'out/first-light.md'));
    expect(readFileSync(join(folder, 'out/first-light.md'), 'utf8')).toBe(stdout);
  });

  it.each([
    ['json', 'article.json'],
    ['html', 'index.html'],
  ])('gives %s as the bundle has it, byte for byte', async (format, name) => {
    const output = join(folder, `a.${format}`);
    expect((await get('first-light', '-o', output)).code).toBe(0);
    expect(readFileSync(output).equals(await bytesAt(`${cid}/${name}`))).toBe(true);
    expect((await get('first-light', '--format', format)).stdout).toBe(readFileSync(output, 'utf8'));
  });

  it('gives a folder and a CAR that a stranger can verify', async () => {
    for (const args of [
      ['-o', join(folder, 'bundle.car')],
      ['--format', 'dir', '-o', join(folder, 'bundle')],
    ]) {
      expect((await get('first-light', ...args)).code).toBe(0);
      const { report } = await verifyOutside(args.at(-1) ?? '');
      expect(report).toMatchObject({ ok: true, verdict: 'genuine', publication: published.publication });
    }
    expect(readdirSync(join(folder, 'bundle')).sort()).toEqual([
      'article.json',
      'index.html',
      'masthead',
      'media',
      'style.css',
    ]);
  });

  it('gives a file of a bundle, and a category or an edition as a folder', async () => {
    const { stdout } = await get(`${cid}/style.css`);
    expect(stdout).toBe((await bytesAt(`${cid}/style.css`)).toString('utf8'));
    for (const [what, name] of [
      ['science', 'feed.json'],
      [published.edition, 'manifest.json'],
    ] as const) {
      const output = join(folder, `${name}-folder`);
      expect((await get(what, '--format', 'dir', '-o', output)).code).toBe(0);
      expect(existsSync(join(output, name))).toBe(true);
      expect((await verifyOutside(output)).exitCode).toBe(0);
    }
  });

  it('gives the article where a category has the same slug', async () => {
    const copy = copyTo(folder, dir);
    writeSources(join(copy, 'articles'), { 'science.md': sourceOf({ title: 'Science' }) });
    await publishIn(copy);
    const { stdout } = await runOvn(['get', 'science', '--format', 'json'], { cwd: copy });
    expect(JSON.parse(stdout)).toMatchObject({ identifier: '2025/07/07/science' });
  });

  it('asks which one when a slug stands for several', async () => {
    const copy = copyTo(folder, dir);
    writeSources(join(copy, 'articles'), {
      'again.md': sourceOf({ date: '2025-07-01', lines: ['slug: first-light'] }),
    });
    await publishIn(copy);
    const { code, stderr } = await runOvn(['get', 'first-light'], { cwd: copy });
    expect(code).toBe(2);
    expect(stderr).toContain('2025/07/07/first-light, 2025/07/01/first-light');
  });

  it.each([
    ['an id', '2025/07/08/first-light', 1, /no article/],
    ['a slug', 'no-such-thing', 1, /^ovn: no-such-thing is no CID/],
    ['a CID', 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', 1, /not in this repository/],
    [
      'an address',
      'ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy/x',
      1,
      /not in this repository/,
    ],
    ['a path in a CID', 'EDITION/nothing/here', 1, /has nothing at nothing\/here/],
    ['a path in a file', 'EDITION/index.html/x', 1, /^ovn: /],
    ['a category', 'science', 2, /is a directory and no article/],
  ])('ends with a sentence for %s that gives none', async (_, what, expected, said) => {
    const { code, stdout, stderr } = await get(what.replace('EDITION', published.edition));
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });

  it('leaves what is there already', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/mine.txt'), 'mine');
    writeFileSync(join(folder, 'file'), 'mine');
    for (const args of [
      ['--format', 'dir', '-o', join(folder, 'full')],
      ['--format', 'dir', '-o', join(folder, 'file')],
      ['-o', join(folder, 'full')],
    ]) {
      const { code, stderr } = await get('first-light', ...args);
      expect(stderr).toMatch(/^ovn: .*(is there already|is a folder)/);
      expect(code).toBe(1);
    }
    expect(readdirSync(join(folder, 'full'))).toEqual(['mine.txt']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  it('fills a folder that is empty', async () => {
    mkdirSync(join(folder, 'empty'));
    expect((await get('first-light', '--format', 'dir', '-o', join(folder, 'empty'))).code).toBe(0);
    expect(readdirSync(join(folder, 'empty'))).toContain('article.json');
  });

  it.each([['md'], ['json'], ['html'], ['car'], ['dir']])(
    'gives nothing as %s of what is not whole, or not genuine',
    async (format) => {
      const lacking = copyTo(folder, dir);
      await dropBlock(lacking, `${cid}/style.css`);
      const output = join(lacking, 'out');
      const args = ['get', cid, '--format', format, '-o', output];
      expect((await runOvn(args, { cwd: lacking, env: CLOCK })).code).toBe(3);
      const forged = copyTo(folder, dir);
      const page = await cidAt(forged, `${cid}/index.html`);
      tamper(
        forged,
        "UPDATE blocks SET bytes = CAST('<p>forged' AS BLOB) WHERE multihash = ?",
        page.multihash.bytes,
      );
      const { code, stderr } = await runOvn(args, { cwd: forged, env: CLOCK });
      expect([1, 4]).toContain(code);
      expect(stderr).toMatch(/^ovn: /);
      expect([existsSync(output), existsSync(join(forged, 'out'))]).toEqual([false, false]);
    },
  );

  it('gives nothing of a bundle that is genuine for nobody', async () => {
    const forged = copyTo(folder, dir);
    const root = await forgeBundle(forged, cid);
    for (const format of ['md', 'json', 'html', 'car', 'dir']) {
      const { code, stderr } = await runOvn(['get', root, '--format', format, '-o', 'out'], {
        cwd: forged,
        env: CLOCK,
      });
      expect(stderr, format).toMatch(/^ovn: .*not genuine/);
      expect(code).toBe(4);
    }
    expect(existsSync(join(forged, 'out'))).toBe(false);
  });
});

/** Puts a copy of a bundle with another page into a repository. */
async function forgeBundle(dir: string, bundle: string): Promise<string> {
  await using open = await openIn(dir);
  const { repository, read } = open;
  const blocks: Block[] = [];
  const sink = (block: Block): void => void blocks.push(block);
  const tree = Tree.open({ cid: CID.parse(bundle), size: 0 }, read);
  await tree.set(['index.html'], await addFile(Buffer.from('<p>forged'), sink));
  const { cid } = await tree.write(sink);
  repository.blockstore.putBatch(blocks);
  return cid.toString();
}
