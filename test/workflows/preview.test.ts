import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { resolvePath } from '../../src/unixfs/directory.ts';
import { readFile } from '../../src/unixfs/file.ts';
import {
  buildPreview,
  type PreviewSite,
  type RevisionCache,
} from '../../src/workflows/previewing/build-preview.ts';
import { picturesHere } from '../../src/workflows/publishing/picture-maker.ts';
import { MemoryShelf } from '../../src/workflows/publishing/variant-shelf.ts';
import { image } from '../helpers/images.ts';
import { clockAt, Newsroom, NOW, source } from '../helpers/newsroom.ts';
import { PHOTO } from '../helpers/pictures.ts';

const { signal } = new AbortController();
const HUSH = 'articles/2026/01/05/hush/index.html';

/** Builds a preview, and reads files of it. */
async function look(
  newsroom: Newsroom,
  paths: string[],
  cache: RevisionCache = new Map(),
  pictures = picturesHere,
): Promise<{ site: PreviewSite; texts: (string | undefined)[] }> {
  return newsroom.use(async ({ repository }) => {
    const site = await buildPreview({
      repository,
      now: NOW,
      clock: clockAt(NOW),
      signal,
      cache,
      pictures: () => pictures,
      shelf: new MemoryShelf(),
    });
    const texts = paths.map(async (path) => {
      const link = await resolvePath(CID.parse(site.root), path.split('/'), site.read);
      if (link === undefined) return undefined;
      return Buffer.from(await readFile(link.cid, site.read, { limit: 1 << 24 })).toString('utf8');
    });
    return { site, texts: await Promise.all(texts) };
  });
}

describe('a preview', () => {
  it('has the pages of the next publication to the byte, the first one and later ones', async () => {
    const newsroom = await Newsroom.open();
    const paths = ['index.html', 'feed.json', 'articles/2026/01/index.html', 'categories/science/index.html'];
    for (const words of ['First words.\n', 'Other words.\n']) {
      newsroom.write('articles/a.md', source({ slug: 'a', image: 'p.png', imageAlt: 'x' }, words));
      newsroom.write('articles/p.png', image('graphic.png'));
      const page = 'articles/2026/01/05/a/index.html';
      const { texts, site } = await look(newsroom, [...paths, page]);
      const { edition } = await newsroom.publish();
      expect(site.changed).toEqual(new Map([['2026/01/05/a', { source: 'articles/a.md', held: undefined }]]));
      expect(texts.at(-1)).toBe(await newsroom.read(edition, page));
      const [front = '', , month = ''] = texts;
      const cids = /bafy[a-z2-7]{55}/g; // of bundles, which are signed there and not here
      expect(front.replace(cids, '')).toBe((await newsroom.read(edition, 'index.html')).replace(cids, ''));
      expect(month).toBe(await newsroom.read(edition, 'articles/2026/01/index.html'));
    }
    expect((await look(newsroom, [])).site.changed.size).toBe(0);
  });

  it('has the variants of pictures, and leaves nothing of those that nobody published', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/hush.md', source({ slug: 'hush', draft: 'true' }, '![A boat](p.jpg)\n'));
    newsroom.write('articles/p.jpg', PHOTO);
    let ended = 0;
    const dispose = async (): Promise<void> => {
      ended += 1;
    };
    const counted = { ...picturesHere, [Symbol.asyncDispose]: dispose };
    const { texts, site } = await look(newsroom, [HUSH], new Map(), counted);
    expect(ended).toBe(1);
    const [path = ''] = /media\/p-[0-9a-f]{8}\.jpg(?= 480w)/.exec(texts[0] ?? '') ?? [];
    const { texts: again } = await look(newsroom, [HUSH.replace('index.html', path)]);
    expect(again[0]?.length).toBeGreaterThan(5000);
    await newsroom.use(({ repository }) => {
      expect(repository.db.prepare('SELECT * FROM picture_variants').all()).toEqual([]);
      expect(repository.blockstore.getBytes(CID.parse(site.root))).toBeUndefined();
    });
  });

  it('shows a held revision in place of what is published, and what is wrong with it as warnings', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/hush.md', source({ slug: 'hush' }));
    await newsroom.publish();
    const held = { slug: 'hush', title: 'Wombat', publishAt: '2026-02-01T00:00:00Z', image: 'gone.png' };
    newsroom.write('articles/hush.md', source({ ...held, imageAlt: 'x' }));
    const cache: RevisionCache = new Map();
    const { texts, site } = await look(newsroom, [HUSH], cache);
    expect(texts[0]).toContain('Wombat');
    expect(site.changed.get('2026/01/05/hush')?.held?.until).toBe('2026-02-01T00:00:00Z');
    expect(site.warnings).toMatchObject([{ severity: 'warning', file: 'articles/hush.md' }]);
    const made = cache.get('articles/hush.md')?.made;
    expect(made).toBeDefined();
    await look(newsroom, [], cache);
    expect(cache.get('articles/hush.md')?.made).toBe(made);
    newsroom.configure({ name: 'Another Paper' });
    expect((await look(newsroom, [HUSH], cache)).texts[0]).toContain('Another Paper');
  });

  it('is refused with every error of every source', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source({ date: '5.1.2026' }));
    await expect(look(newsroom, [])).rejects.toMatchObject({
      code: 'source',
      findings: [{ file: 'articles/a.md', line: 3 }],
    });
  });
});
