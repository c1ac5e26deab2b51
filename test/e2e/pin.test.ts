import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { walkDag } from '../../src/unixfs/walk.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import { collect } from '../helpers/streams.ts';
import {
  CLOCK,
  copyTo,
  dropBlock,
  makeIn,
  openIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

interface Pin {
  cid: string;
  name: string;
  kind: string;
  blocks: number;
  bytes: number;
}

describe('ovn pin', async () => {
  const folder = sharedFolder();
  const template = await makeIn(folder, {
    'first-light.md': sourceOf(),
    'harbour.md': sourceOf({ title: 'Harbour', categories: ['World'] }),
    'science.md': sourceOf({ title: 'Science', categories: ['World'] }),
  });
  const published: Published = await publishIn(template);
  const science = published.categories['science']?.cid ?? '';
  const world = published.categories['world']?.cid ?? '';
  let dir: string;

  beforeEach(() => {
    dir = copyTo(folder, template);
  });

  function pin(...args: string[]): Promise<ProgramResult> {
    return runOvn(['pin', ...args, '--json'], { cwd: dir, env: CLOCK });
  }

  async function list(): Promise<Pin[]> {
    return readJson<Pin[]>(await pin('ls'));
  }

  it('keeps a category as it is today, and counts what that is', async () => {
    const added = readJson<Pin>(await pin('add', 'world'));
    await using open = await openIn(dir);
    const blocks = await collect(walkDag(CID.parse(world), open.read));
    const bytes = blocks.reduce((sum, block) => sum + (block.bytes?.length ?? 0), 0);
    expect(added).toEqual({ cid: world, name: 'world', kind: 'category', blocks: blocks.length, bytes });
    expect(await list()).toEqual([added]);
  });

  it('does not move with a later publication, and may be of both', async () => {
    await pin('add', 'science');
    writeSources(join(dir, 'articles'), { 'third.md': sourceOf({ title: 'Third' }) });
    const later = (await publishIn(dir)).categories['science']?.cid ?? '';
    expect(later).not.toBe(science);
    expect((await list()).map(({ cid, name }) => ({ cid, name }))).toEqual([
      { cid: science, name: 'science' },
    ]);
    await pin('add', 'science');
    expect((await list()).map(({ cid }) => cid).sort()).toEqual([science, later].sort());
    const ambiguous = await pin('rm', 'science');
    expect(ambiguous.code).toBe(2);
    expect(ambiguous.stderr).toContain(science);
    expect((await pin('rm', science)).code).toBe(0);
    expect((await pin('rm', 'science')).code).toBe(0);
    expect(await list()).toEqual([]);
  });

  it('is of the category where an article has the same slug', async () => {
    expect(readJson<Pin>(await pin('add', 'science'))).toMatchObject({ cid: science, kind: 'category' });
    const article = published.articles.find(({ id }) => id.endsWith('/science'))?.cid;
    expect(readJson<Pin>(await pin('add', '2025/07/07/science'))).toMatchObject({
      cid: article,
      kind: 'article',
    });
  });

  it('is of an article, an edition or a CID just as well, once', async () => {
    await pin('add', 'harbour');
    await pin('add', published.edition);
    await pin('add', published.edition);
    expect((await list()).map(({ cid }) => cid).sort()).toEqual(
      [published.articles[1]?.cid, published.edition].sort(),
    );
  });

  it('changes nothing with --dry-run', async () => {
    expect(readJson<Pin>(await pin('add', 'world', '--dry-run'))).toMatchObject({ cid: world });
    expect(await list()).toEqual([]);
    await pin('add', 'world');
    await pin('rm', 'world', '--dry-run');
    expect(await list()).toHaveLength(1);
  });

  it('is not made of what is not whole', async () => {
    await dropBlock(dir, `${world}/feed.json`);
    const { code, stderr } = await pin('add', 'world');
    expect(code).toBe(3);
    expect(stderr).toMatch(/not whole here: 1 blocks? (?:is|are) missing/);
    expect(await list()).toEqual([]);
  });

  it('can be listed and released when something of it was lost', async () => {
    const whole = readJson<Pin>(await pin('add', 'world'));
    await dropBlock(dir, `${world}/feed.json`);
    expect(await list()).toEqual([{ ...whole, blocks: whole.blocks - 1, bytes: expect.any(Number) }]);
    expect((await runOvn(['check'], { cwd: dir, env: CLOCK })).code).toBe(1);
    expect((await pin('rm', 'world')).code).toBe(0);
    expect(await list()).toEqual([]);
  });

  it.each([
    [['add', 'nothing'], 1],
    [['add', 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'], 1],
    [['rm', 'world'], 1],
    [['add'], 2],
    [['frob'], 2],
    [[], 2],
  ])('%j ends with %i and a sentence', async (args, expected) => {
    const { code, stderr } = await runOvn(['pin', ...args], { cwd: dir });
    expect(code).toBe(expected);
    expect(stderr.length).toBeGreaterThan(10);
    expect(stderr).not.toMatch(/unexpected|\n\s+at /);
  });
});
