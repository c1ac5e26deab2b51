import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../src/log/entry.ts';
import type { Manifest } from '../../../src/manifest/manifest.ts';
import type { Link } from '../../../src/unixfs/block.ts';
import { addDirectory, readDirectory } from '../../../src/unixfs/directory.ts';
import { encodeDirectory } from '../../../src/unixfs/directory-block.ts';
import { endlessFolders, numbered } from '../../helpers/endless-folders.ts';
import { Forger, openNewsroom } from '../../helpers/forger.ts';
import { source } from '../../helpers/newsroom.ts';
import { Mirror, placeOf } from './support.ts';

const FIRST = '2026/01/05/first';
const SECOND = '2026/01/06/second';

/** Editions that a publisher makes who has all keys, and means ill. */
describe('an evil edition, of which a part is to be held', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ovn-test-'));
  let forger: Forger;

  beforeAll(async () => {
    const newsroom = await openNewsroom('paper', join(folder, 'paper'));
    newsroom.write('articles/first.md', source({ title: 'First' }));
    newsroom.write('articles/second.md', source({ title: 'Second', date: '2026-01-06' }));
    newsroom.write('articles/third.md', source({ title: 'Third', categories: '[World]' }));
    const { edition } = await newsroom.publish();
    forger = await Forger.take('paper', newsroom, `${edition}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Puts a bundle in the place of an article, wherever the edition has it and in the log. */
  async function replace(id: string, bundle: Link): Promise<CID> {
    const log = (entries: LogEntry[]): LogEntry[] =>
      entries.map((entry) =>
        'article' in entry && entry.article === id ? { ...entry, cid: `${bundle.cid}` } : entry,
      );
    const change = async (tree: Parameters<Parameters<Forger['forge']>[0]>[0]) => {
      await tree.set(['articles', ...id.split('/')], bundle);
      await tree.set(['categories', 'science', ...id.split('/')], bundle);
    };
    return CID.parse(await forger.forgeSigned(change, { log }));
  }

  function countOf({ categories }: Manifest, count: number): void {
    if (categories['science'] !== undefined) categories['science'].count = count;
  }

  /** A bundle as large as `files` files make it. */
  async function largeBundle(files: number): Promise<Link> {
    const bundle = await forger.link(`articles/${FIRST}`);
    const media = [];
    for (let n = 0; n < files; n++) media.push({ name: `${n}`, ...(await forger.file(`${n} `.repeat(500))) });
    const entries = await readDirectory(bundle.cid, forger.held.read);
    return addDirectory(
      [...entries, { name: 'media', ...(await addDirectory(media, forger.held.sink)) }],
      forger.held.sink,
    );
  }

  it('is fetched no further than a directory states, where that states too little', async () => {
    const bundle = await largeBundle(2000);
    const edition = await replace(SECOND, { cid: bundle.cid, size: 20_000 });
    const mirror = await Mirror.open();
    for (const choice of [{ maxBytes: 10_000_000 }, { categories: ['science'] }, { since: '2026-01-01' }]) {
      await expect(mirror.hold(edition, choice, forger.held.read)).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('is larger than the 20000 bytes that its directory states'),
      });
    }
    expect(mirror.repository.blockstore.stats().bytes).toBeLessThan(2_000_000);
  });

  it('loses an article that it says to be a terabyte, and nothing is fetched of that', async () => {
    const bundle = await largeBundle(3);
    const edition = await replace(SECOND, { cid: bundle.cid, size: 1e12 });
    const mirror = await Mirror.open();
    const holding = await mirror.hold(
      edition,
      { maxBytes: 1_000_000, categories: ['science'] },
      forger.held.read,
    );
    expect(holding.left.why).toContain('size');
    expect(holding.left.articles).toBe(2);
    expect(mirror.repository.blockstore.getBytes(bundle.cid)).toBeUndefined();
    expect(mirror.repository.blockstore.getBytes((await forger.link(`articles/${FIRST}`)).cid)).toBeDefined();
  });

  it('cannot be endless: what the log does not tell is not looked at', async () => {
    const bundle = await forger.link(`articles/${FIRST}`);
    const edition = CID.parse(
      await forger.forgeSigned(async (tree) => {
        for (let day = 1; day <= 28; day++)
          for (let n = 0; n < 100; n++)
            await tree.set(
              ['categories', 'science', '2030', '01', `${day}`.padStart(2, '0'), `a-${n}`],
              bundle,
            );
      }),
    );
    const mirror = await Mirror.open();
    await expect(
      mirror.hold(edition, { categories: ['science'], since: '2020-01-01' }, forger.held.read),
    ).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('the log has no such bundle'),
    });
    // The directories of January 2030, and one bundle.
    expect(mirror.fetched.length).toBeLessThan(80);
  });

  it('cannot be endless by folders that lead to each other many times over', async () => {
    const { sink } = forger.held;
    const bundle = await forger.link(`articles/${FIRST}`);
    const levels = [numbered(3000, 4).slice(2000), numbered(13, 2).slice(1), numbered(29, 2).slice(1)];
    const dates = await endlessFolders(levels, await addDirectory([], sink), sink);
    const edition = (link: Link) =>
      forger.forgeSigned(async (tree) => {
        for (const { name, cid, size } of await readDirectory(link.cid, forger.held.read))
          await tree.set(['categories', 'science', name], { cid, size });
      });
    const empty = await edition(dates);
    const twice = await edition(
      await endlessFolders([['2029', '2030'], ['01'], ['02'], ['a']], bundle, sink),
    );
    const mirror = await Mirror.open();
    for (const [root, message] of [
      [empty, 'holds no article'],
      [twice, 'the log has no such bundle'],
    ] as const) {
      const held = mirror.hold(CID.parse(root), { categories: ['science'] }, forger.held.read);
      await expect(held).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining(message),
      });
    }
    expect(mirror.fetched.length).toBeLessThan(100);
  });

  it('cannot hide things below a log or a category, nor show another category than its manifest names', async () => {
    const mirror = await Mirror.open();
    const stray = await forger.file('stray');
    const below = async (path: string) =>
      CID.parse(await forger.forgeSigned((tree) => tree.set(path.split('/'), stray)));
    for (const path of [
      'log/tile/0/001',
      'categories/science/stray',
      'categories/science/2026/13x',
      'categories/other',
    ]) {
      const held = mirror.hold(await below(path), { categories: ['science'] }, forger.held.read);
      await expect(held, path).rejects.toMatchObject({ code: 'refused' });
    }
    const masked = await forger.forge((tree) => tree.set(['index.html'], stray));
    await expect(
      mirror.hold(CID.parse(masked), { categories: ['science'] }, forger.held.read),
    ).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('index.html') });
  });

  it('is not followed where a category that is held has what is not in it, lacks what is, or an article is false', async () => {
    const mirror = await Mirror.open();
    const place = placeOf(forger.held.read);
    const first = ['categories', 'science', ...FIRST.split('/')];
    const bundle = await forger.link(`articles/${FIRST}`);
    const more = { manifest: (manifest: Manifest) => countOf(manifest, 1) };
    const lacking = await forger.forgeSigned((tree) => tree.remove(first), more);
    const third = await forger.link('articles/2026/01/05/third');
    const below = ['categories', 'science', '2026', '01', '05', 'third'];
    const wrong = { manifest: (manifest: Manifest) => countOf(manifest, 3) };
    const strange = await forger.forgeSigned((tree) => tree.set(below, third), wrong);
    const unsigned = await forger.rewrite(`articles/${FIRST}`, () => undefined, 'nobody');
    const found = {
      'categories/science lacks': [lacking, { categories: null, since: '2020-01-01' }],
      'science has 1; the manifest says 2': [await forger.forgeSigned((tree) => tree.remove(first)), {}],
      'categories/science holds 2026/01/05/third': [strange, {}],
      'key-authorised': [`${await replace(FIRST, unsigned)}`, {}],
    } as const;
    for (const [why, [edition, choice]] of Object.entries(found)) {
      const followed = mirror.follow(CID.parse(edition), { categories: ['science'], ...choice }, place);
      await expect(followed, why).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining(why),
      });
    }
    expect(mirror.repository.followed.list()).toEqual([]);
    expect(mirror.repository.blockstore.getBytes(bundle.cid)).toBeUndefined();
  });

  it('is refused for a folder of more names than it may have, before they are looked at', async () => {
    const stray = await forger.file('stray');
    const names = Array.from({ length: 11_000 }, (_, n) => ({ name: `stray-name-${n}`, ...stray }));
    const large = await addDirectory(names, forger.held.sink);
    const edition = CID.parse(
      await forger.forgeSigned((tree) => tree.set(['categories', 'science', '2030'], large)),
    );
    const mirror = await Mirror.open();
    await expect(
      mirror.hold(edition, { categories: ['science'], maxBytes: 1e6 }, forger.held.read),
    ).rejects.toMatchObject({
      code: 'limit',
    });
  });

  it('of an older making, without a log, is held as a whole or not at all', async () => {
    const flat = encodeDirectory([]);
    forger.held.put(flat);
    const edition = CID.parse(
      await forger.forgeSigned((tree) => tree.remove(['log']), {
        manifest: (manifest) => {
          manifest.log = { ...manifest.log, size: 0 };
        },
      }),
    );
    const mirror = await Mirror.open();
    await expect(mirror.hold(edition, { categories: ['science'] }, forger.held.read)).rejects.toMatchObject({
      code: 'incomplete',
    });
    expect((await mirror.hold(edition, {}, forger.held.read)).whole).toBe(true);
  });
});
