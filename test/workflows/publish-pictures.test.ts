import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { deflateSync } from 'node:zlib';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { ArticleDocument } from '../../src/article/document.ts';
import { OvnError } from '../../src/errors.ts';
import { acquirePublishLock } from '../../src/repo/publish-lock.ts';
import { collectGarbage } from '../../src/workflows/collect-garbage.ts';
import { publish } from '../../src/workflows/publish.ts';
import { type PictureMaker, picturesHere } from '../../src/workflows/publishing/picture-maker.ts';
import { makeOnThreads } from '../../src/workflows/publishing/picture-threads.ts';
import type { PublishReport } from '../../src/workflows/publishing/report.ts';
import { bytesOf, image } from '../helpers/images.ts';
import { Newsroom, reported, source } from '../helpers/newsroom.ts';
import { cutShort, originalOf, PHOTO, pngOf, resized, turned } from '../helpers/pictures.ts';

const THREAD = new URL('../../src/workflows/publishing/picture-thread.ts', import.meta.url);
const OPTIONS = { paths: [], dryRun: false, allowFuture: false, listUnchanged: true };
const { signal } = new AbortController();

/** Makes pictures as ever, and counts them. */
function counted(): { made: string[]; pictures: PictureMaker } {
  const made: string[] = [];
  const make: PictureMaker['make'] = async (picture, stop) => {
    made.push(picture.name);
    return await picturesHere.make(picture, stop);
  };
  return { made, pictures: { ...picturesHere, make } };
}

function publishWith(newsroom: Newsroom, pictures: PictureMaker, dryRun = false): Promise<PublishReport> {
  return newsroom.publishing((effects) =>
    publish({ ...OPTIONS, dryRun, paths: [newsroom.path('articles')] }, { ...effects, pictures }),
  );
}

async function articleOf(newsroom: Newsroom, report: PublishReport, path: string): Promise<ArticleDocument> {
  const cid = reported(report, path)?.cid ?? '';
  return JSON.parse(await newsroom.read(cid, 'article.json')) as ArticleDocument;
}

/** Pictures that are not what they say, by name, and what is said of each. */
const BAD: Record<string, [bytes: Uint8Array, said: RegExp]> = {
  'bomb.png': [pngOf({ width: 9, height: 9 }, deflateSync(Buffer.alloc(9_000_000))), /unpack to more/],
  'canvas.webp': [bytesOf(image('photo.webp').fill(99, 24, 25)), /announces another size/],
  'cut.jpg': [cutShort(PHOTO, 20_000), /cannot be decoded/],
  'giant.jpg': [resized(PHOTO, 60_000, 60_000), /more than 100 megapixels/],
  'hollow.jpg': [resized(PHOTO, 9000, 9000), /cannot hold them/],
  'huge.png': [pngOf({ width: 60_000, height: 60_000 }, new Uint8Array()), /more than 100 megapixels/],
  'lies.jpg': [image('graphic.png'), /lies about its type: named \.jpg/],
};

describe('publishing pictures', () => {
  it('refuses what is no picture, each by file and line, and leaves nothing of any that gc does not take', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/good.md', source({ title: 'Good' }, '![A boat](good.jpg)\n'));
    newsroom.write('articles/good.jpg', PHOTO);
    const refused = async (names: string[]): Promise<string[]> => {
      for (const name of names) {
        newsroom.write(`articles/${name}`, BAD[name]?.[0] ?? '');
        const slug = name.replace('.', '-');
        newsroom.write(`articles/${slug}.md`, source({ title: slug }, `Text.\n\n![A boat](${name})\n`));
      }
      const error = await newsroom.publish().catch((thrown: unknown) => thrown);
      const { code, findings } = error as OvnError;
      expect({ code, isError: error instanceof OvnError }).toEqual({ code: 'source', isError: true });
      for (const name of names) newsroom.remove(`articles/${name.replace('.', '-')}.md`);
      return findings.filter(({ severity }) => severity === 'error').map(toLine);
    };
    const decoded = ['bomb.png', 'cut.jpg', 'hollow.jpg'];
    for (const names of [decoded, Object.keys(BAD).filter((name) => !decoded.includes(name))]) {
      const lines = await refused(names);
      expect(lines).toEqual(
        names.map((name) =>
          expect.stringMatching(new RegExp(`^articles/${name.replace('.', '-')}\\.md:8: ${name}: `)),
        ),
      );
      for (const [at, name] of names.entries()) expect(lines[at]).toMatch(BAD[name]?.[1] ?? /^$/);
    }
    await newsroom.use(async ({ repository, node }) => {
      expect(repository.head()).toBeUndefined();
      const known = () => repository.db.prepare('SELECT * FROM picture_variants').all().length;
      expect(known()).toBe(1); // the good one
      const lock = () => acquirePublishLock(repository.stateDir, { signal });
      await collectGarbage({ repository, read: node.read, lock, dryRun: false, signal });
      expect(known()).toBe(0);
    });
  });

  it('makes variants once for all articles and revisions, also where the first publication was refused', async () => {
    const newsroom = await Newsroom.open();
    const { made, pictures } = counted();
    newsroom.write('articles/a.md', source({ title: 'A', image: 'boat.jpg', imageAlt: 'A boat' }));
    newsroom.write('articles/boat.jpg', PHOTO);
    newsroom.write('articles/bad.md', source({ title: 'Bad' }, '![A boat](cut.jpg)\n'));
    newsroom.write('articles/cut.jpg', cutShort(PHOTO, 9000));
    await expect(publishWith(newsroom, pictures, true)).rejects.toMatchObject({ code: 'source' });
    await expect(publishWith(newsroom, pictures)).rejects.toMatchObject({ code: 'source' });
    expect(made).toEqual(['boat.jpg', 'cut.jpg', 'boat.jpg', 'cut.jpg']);
    newsroom.write('articles/bad.md', source({ title: 'Mended' }, '![A boat](again/boat.jpg)\n'));
    newsroom.write('articles/again/boat.jpg', PHOTO);
    const first = await publishWith(newsroom, pictures);
    newsroom.write('articles/a.md', source({ title: 'B', image: 'boat.jpg', imageAlt: 'A boat' }));
    const second = await publishWith(newsroom, pictures);
    expect(made).toHaveLength(4);
    const files = (await articleOf(newsroom, second, 'articles/a.md')).files;
    const variants = files.filter(({ variantOf }) => variantOf !== undefined);
    expect(variants.sort((a, b) => (b.width ?? 0) - (a.width ?? 0))).toMatchObject([
      { type: 'image/jpeg', role: 'image', width: 800, height: 450 },
      { type: 'image/jpeg', role: 'image', width: 480, height: 270 },
    ]);
    expect(reported(first, 'articles/bad.md')?.cid).toBeDefined();
    expect((await newsroom.verify('2026/01/05/a')).verdict).toBe('current');
  });

  it('makes them anew where their blocks are gone', async () => {
    const newsroom = await Newsroom.open();
    const { made, pictures } = counted();
    newsroom.write('articles/a.md', source({}, '![A boat](boat.jpg)\n'));
    newsroom.write('articles/boat.jpg', turned(PHOTO, 6));
    const report = await publishWith(newsroom, pictures);
    const { files } = await articleOf(newsroom, report, 'articles/a.md');
    const variant = files.find(({ variantOf }) => variantOf !== undefined);
    expect(variant).toMatchObject({ width: 480, height: 853 });
    await newsroom.use(({ repository }) => {
      const { multihash } = CID.parse(variant?.cid ?? '');
      repository.db.prepare('DELETE FROM blocks WHERE multihash = ?').run(multihash.bytes);
    });
    newsroom.write('articles/a.md', source({}, 'More. ![A boat](boat.jpg)\n'));
    const again = await publishWith(newsroom, pictures);
    expect(made).toEqual(['boat.jpg', 'boat.jpg']);
    const cid = reported(again, 'articles/a.md')?.cid ?? '';
    await expect(newsroom.link(cid, variant?.path ?? '')).resolves.toBeDefined();
  });
});

describe('threads that make pictures', () => {
  it('give what this thread would, also behind one that was refused, and stop when told', async () => {
    const photo = originalOf(PHOTO, 'a.jpg');
    await using maker = makeOnThreads(() => new Worker(THREAD), 2);
    const cut = originalOf(cutShort(PHOTO, 9000), 'cut.jpg');
    const [refused, made] = await Promise.allSettled([maker.make(cut, signal), maker.make(photo, signal)]);
    expect(refused).toMatchObject({ reason: { code: 'malformed' } });
    const here = await picturesHere.make(photo, signal);
    expect(made).toEqual({ status: 'fulfilled', value: here.map(plain) });
    const stop = new AbortController();
    const stopped = maker.make(photo, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    expect(await maker.make(photo, signal)).toHaveLength(2);
  });

  it('end with a large picture, and what it leaves in memory with them', async () => {
    const ended: Promise<unknown>[] = [];
    const start = (): Worker => {
      const worker = new Worker(THREAD);
      ended.push(once(worker, 'exit'));
      return worker;
    };
    await using maker = makeOnThreads(start, 1);
    const photo = originalOf(PHOTO, 'a.jpg');
    for (const width of [1200, 50_000]) await maker.make({ ...photo, width }, signal);
    expect(ended).toHaveLength(1);
    await ended[0];
    await maker.make(photo, signal);
    expect(ended).toHaveLength(2);
  });
});

/** Bytes come from another thread as a plain array. */
function plain<T extends { bytes: Uint8Array }>(variant: T): T {
  return { ...variant, bytes: new Uint8Array(variant.bytes) };
}

function toLine({ file, line, message }: { file: string; line: number; message: string }): string {
  return `${file}:${line}: ${message}`;
}
