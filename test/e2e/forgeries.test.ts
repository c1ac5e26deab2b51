import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { parseManifestJson, requireManifest } from '../../src/manifest/parse-manifest.ts';
import { loadKey } from '../../src/repo/keyring.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { signDocument, signerOf } from '../../src/trust/sign-document.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { addDirectory, readDirectory } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import type { VerifyReport } from '../../src/workflows/verify.ts';
import { endlessFolders, numbered } from '../helpers/endless-folders.ts';
import { fileBomb } from '../helpers/file-bomb.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import {
  blocksOf,
  carOf,
  makeIn,
  openIn,
  type Published,
  publishIn,
  sharedFolder,
  sourceOf,
  verifyOutside,
  writeSources,
} from './support.ts';

/** The program that was made from docs/format.md alone. */
const STRANGER = new URL('../../docs/examples/verify.js', import.meta.url).pathname;
/** What it says that it does not look at. */
const NOT_ITS_BUSINESS = /revision|categor|an earlier manifest|a stray file|the dates|a page whose/;

const HARBOUR = '2025/07/07/harbour';
const LIGHT = '2025/07/07/first-light';

describe('an edition that somebody else put together', () => {
  const folder = sharedFolder();
  const held = new MemoryBlocks();
  let published: Published;
  let edition: CID;
  let signer: Signer;
  let foreign: Link;
  let earlier: Link;
  let newer: Link;

  beforeAll(async () => {
    const dir = await makeIn(folder, {
      'first-light.md': sourceOf(),
      'harbour.md': sourceOf({ title: 'Harbour', categories: ['Science', 'World'] }),
    });
    const first = await publishIn(dir);
    writeSources(join(dir, 'articles'), { 'first-light.md': sourceOf({ body: 'A second revision.\n' }) });
    await publishIn(dir);
    writeSources(join(dir, 'articles'), { 'first-light.md': sourceOf({ body: 'A third revision.\n' }) });
    published = await publishIn(dir);
    edition = CID.parse(published.edition);
    await take(dir, published.edition);
    await take(dir, first.edition);
    signer = signerOf((await loadKey(join(dir, '.ovn/keys'), 'edition')).privateKey);
    earlier = await linkIn(first, LIGHT);
    newer = await linkIn(published, LIGHT);
    const elsewhere = await makeIn(folder, {
      'harbour.md': sourceOf({ title: 'Harbour', categories: ['Science', 'World'] }),
    });
    const other = await publishIn(elsewhere);
    await take(elsewhere, other.edition);
    foreign = await linkIn(other, HARBOUR);
  });

  async function take(dir: string, root: string): Promise<void> {
    await using open = await openIn(dir);
    for (const block of (await blocksOf(root, open.read)).blocks.values()) held.put(block);
  }

  async function linkIn({ edition: root }: Published, id: string): Promise<Link> {
    const link = await Tree.open({ cid: CID.parse(root), size: 0 }, held.read).get([
      'articles',
      ...id.split('/'),
    ]);
    if (link === undefined) throw new Error(`${id} is not there`);
    return link;
  }

  /** The bytes of a file as a link to it. */
  async function file(text: string | Uint8Array): Promise<Link> {
    return await addFile(Buffer.from(text), held.sink);
  }

  type Change = (tree: Tree) => Promise<void>;

  async function judge(root: CID, name = 'forged.car'): Promise<VerifyReport> {
    const path = join(folder, name);
    writeFileSync(path, carOf([root], (await blocksOf(root, held.read)).blocks.values()));
    return (await verifyOutside(path)).report;
  }

  /** What the stranger's program says of the CAR that was judged last. */
  function saidByStranger(name = 'forged.car'): { status: number | null; stderr: string } {
    return spawnSync(process.execPath, [STRANGER, join(folder, name)], { encoding: 'utf8' });
  }

  function failed({ checks }: VerifyReport): string[] {
    return checks.filter(({ result }) => result === 'fail').map(({ name }) => name);
  }

  /** The edition with a change, under the manifest that it had. */
  async function forge(change: Change): Promise<VerifyReport> {
    const tree = Tree.open({ cid: edition, size: 0 }, held.read);
    await change(tree);
    return judge((await tree.write(held.sink)).cid);
  }

  /** The edition with a change, under a manifest that was signed for it: as by a stolen edition key. */
  async function forgeSigned(change: Change): Promise<VerifyReport> {
    const tree = Tree.open({ cid: edition, size: 0 }, held.read);
    await change(tree);
    const link = await tree.get(['manifest.json']);
    const bytes = link === undefined ? undefined : await held.read(link.cid);
    const { proof: _, ...manifest } = requireManifest(parseManifestJson(bytes ?? new Uint8Array()));
    const cidAt = async (...path: string[]): Promise<string> => `${(await tree.get(path))?.cid}`;
    for (const [slug, category] of Object.entries(manifest.categories)) {
      category.cid = await cidAt('categories', slug);
      if (category.cid === 'undefined') delete manifest.categories[slug];
    }
    for (const entry of manifest.entries) entry.cid = await cidAt(entry.name);
    manifest.articles.cid = await cidAt('articles');
    await tree.set(['manifest.json'], await file(canonicalBytes(signDocument(manifest, [signer]))));
    return judge((await tree.write(held.sink)).cid);
  }

  const inArticles = ['articles', ...LIGHT.split('/')];
  const besideArticle = [...inArticles.slice(0, -1), 'first-light.html'];
  const changes: Record<string, { change: Change; check: string }> = {
    'an older bundle in place of a newer one': {
      check: 'bundles',
      change: async (tree) => {
        for (const top of [['articles'], ['categories', 'science']])
          await tree.set([...top, ...LIGHT.split('/')], earlier);
      },
    },
    'an older bundle in the articles alone': {
      check: 'categories',
      change: (tree) => tree.set(inArticles, earlier),
    },
    'two revisions swapped': {
      check: 'bundles',
      change: async (tree) => {
        for (const top of [['revisions'], ['categories', 'science', 'revisions']]) {
          const at = [...top, ...LIGHT.split('/')];
          const [one, two] = [await tree.get([...at, '1']), await tree.get([...at, '2'])];
          if (one === undefined || two === undefined) throw new Error('no revisions');
          await tree.set([...at, '1'], two);
          await tree.set([...at, '2'], one);
        }
      },
    },
    'the newest revision among the earlier ones': {
      check: 'bundles',
      change: (tree) => tree.set(['revisions', ...LIGHT.split('/'), '2'], newer),
    },
    'an article under another id': {
      check: 'bundles',
      change: async (tree) => {
        await tree.set(['articles', '2025', '07', '08', 'first-light'], newer);
        await tree.remove(inArticles);
        await tree.remove(besideArticle);
      },
    },
    'a page whose article is not there': {
      check: 'articles',
      change: async (tree) => tree.set(['articles', '2025', '07', '07', 'more.html'], await file('more')),
    },
    'an article dropped': { check: 'articles', change: (tree) => tree.remove(inArticles) },
    'an article dropped from a category': {
      check: 'categories',
      change: (tree) => tree.remove(['categories', 'science', ...LIGHT.split('/')]),
    },
    'an earlier revision dropped from a category': {
      check: 'categories',
      change: (tree) => tree.remove(['categories', 'science', 'revisions', ...LIGHT.split('/'), '1']),
    },
    'an article in the place of another as well': {
      check: 'bundles',
      change: (tree) => tree.set(['articles', ...HARBOUR.split('/')], newer),
    },
    'an article in a category that it is not in': {
      check: 'categories',
      change: (tree) => tree.set(['categories', 'world', ...LIGHT.split('/')], newer),
    },
    'a category dropped': { check: 'categories', change: (tree) => tree.remove(['categories', 'world']) },
    'an article of another publication': {
      check: 'bundles',
      change: (tree) => tree.set(['articles', ...HARBOUR.split('/')], foreign),
    },
    'a file in a bundle': {
      check: 'bundles',
      change: async (tree) => tree.set([...inArticles, 'more.html'], await file('more')),
    },
    'another page in a bundle': {
      check: 'bundles',
      change: async (tree) => tree.set([...inArticles, 'index.html'], await file('<p>forged')),
    },
    'a page of a petabyte in a bundle': {
      check: 'bundles',
      change: async (tree) => {
        const path = [...inArticles, 'article.json'];
        const link = await tree.get(path);
        const article = JSON.parse(Buffer.from((link && (await held.read(link.cid))) ?? '').toString());
        const page = fileBomb(held, 3, 1000, 1_000_000);
        for (const each of article.files)
          if (each.path === 'index.html') Object.assign(each, { cid: `${page}`, size: 1e15 });
        await tree.set(path, await file(canonicalBytes(article)));
        await tree.set([...inArticles, 'index.html'], { cid: page, size: 1e15 });
      },
    },
    'a file among the mastheads of a bundle': {
      check: 'bundles',
      change: async (tree) => tree.set([...inArticles, 'masthead', '2.json'], await file('{}')),
    },
    'a file among the mastheads': {
      check: 'masthead-chain',
      change: async (tree) => tree.set(['masthead', 'readme.txt'], await file('more')),
    },
    'an earlier manifest dropped': {
      check: 'manifest-history',
      change: (tree) => tree.remove(['manifests', '0', '0', '1.json']),
    },
    'an earlier manifest that is another': {
      check: 'manifest-history',
      change: async (tree) => {
        const link = await tree.get(['manifests', '0', '0', '2.json']);
        if (link !== undefined) await tree.set(['manifests', '0', '0', '1.json'], link);
      },
    },
    'a feed of no third of a month among the dates': {
      check: 'categories',
      change: async (tree) =>
        tree.set(['categories', 'science', '2025', '07', 'feed-39.json'], await file('{}')),
    },
    'a file like a feed among the dates': {
      check: 'categories',
      change: async (tree) =>
        tree.set(['categories', 'science', '2025', '07', 'feed-evil.exe'], await file('more')),
    },
    'a feed of a category among the dates of all': {
      check: 'articles',
      change: async (tree) => tree.set(['articles', '2025', '07', 'feed-01.json'], await file('{}')),
    },
    'a stray file among the dates': {
      check: 'articles',
      change: async (tree) => tree.set(['articles', '2025', 'more.html'], await file('more')),
    },
  };

  const year = (tree: Tree) => tree.get(['articles', '2025']);
  const set = async (tree: Tree, path: string[], link: Link | undefined): Promise<void> => {
    if (link === undefined) throw new Error('nothing is there');
    await tree.set(path, link);
  };
  const strayFolders: Record<string, { change: Change; check: string }> = {
    'a year without articles': {
      check: 'articles',
      change: async (tree) => tree.set(['articles', '2024'], await emptyFolder()),
    },
    'a day without articles but a page': {
      check: 'articles',
      change: async (tree) =>
        tree.set(['articles', '2025', '07', '09', 'index.html'], await file('<p>Nothing')),
    },
    'a thirteenth month': {
      check: 'articles',
      change: async (tree) =>
        set(tree, ['articles', '2025', '13'], await tree.get(['articles', '2025', '07'])),
    },
    'a day that lies in two months': {
      check: 'articles',
      change: async (tree) =>
        set(tree, ['articles', '2025', '08', '07'], await tree.get(['articles', '2025', '07', '07'])),
    },
    'a year that lies in two places': {
      check: 'articles',
      change: async (tree) => set(tree, ['articles', '2026'], await year(tree)),
    },
    'years without end': {
      check: 'articles',
      change: async (tree) => tree.set(['articles'], await endlessDates()),
    },
    'an article without earlier revisions among them': {
      check: 'articles',
      change: async (tree) => tree.set(['revisions', '2025', '07', '07', 'harbour'], await emptyFolder()),
    },
    'earlier revisions in two places': {
      check: 'articles',
      change: async (tree) =>
        set(tree, ['revisions', ...HARBOUR.split('/')], await tree.get(['revisions', ...LIGHT.split('/')])),
    },
    'a year without articles in a category': {
      check: 'categories',
      change: async (tree) => tree.set(['categories', 'science', '2024'], await emptyFolder()),
    },
    'an empty folder of media in a bundle': {
      check: 'bundles',
      change: async (tree) => tree.set([...inArticles, 'media'], await emptyFolder()),
    },
  };

  async function emptyFolder(): Promise<Link> {
    return addDirectory([], held.sink);
  }

  async function endlessDates(): Promise<Link> {
    const levels = [
      numbered(1000, 4),
      numbered(12, 2).slice(1),
      numbered(28, 2).slice(1),
      numbered(1000, 1, 'a'),
    ];
    return endlessFolders(levels, newer, held.sink);
  }

  it.each(Object.entries(strayFolders))(
    'is refused with %s, though its manifest is signed',
    async (_, { change, check }) => {
      const report = await forgeSigned(change);
      expect(report).toMatchObject({ ok: false, verdict: 'refused' });
      expect(failed(report)).toContain(check);
    },
  );

  it.each<[string, Change]>([
    ['empty', async (tree) => tree.set(['log', 'tile', '7'], await emptyFolder())],
    [
      'empty, below one that belongs there',
      async (tree) => tree.set(['log', 'tile', '0', 'x001'], await emptyFolder()),
    ],
    [
      'without end',
      async (tree) => {
        const below = await endlessFolders(
          Array(5).fill(numbered(1000, 3, 'x')),
          await emptyFolder(),
          held.sink,
        );
        await tree.set(['log', 'tile', '7'], below);
      },
    ],
  ])(
    'is refused with a folder in its log that is %s: no key is needed to put it there',
    async (_, change) => {
      expect(failed(await forge(change))).toEqual(['log-files']);
    },
  );

  it('is genuine where nothing was changed', async () => {
    expect(await forge(async () => undefined)).toMatchObject({ ok: true, verdict: 'current' });
    expect(await forgeSigned(async () => undefined)).toMatchObject({ ok: true, verdict: 'current' });
    expect(saidByStranger().status).toBe(0);
  });

  it.each(Object.entries(changes))('is refused with %s under its own manifest', async (_, { change }) => {
    const report = await forge(change);
    expect(report).toMatchObject({ ok: false, verdict: 'refused' });
    expect(failed(report).some((name) => ['root-entries', 'masthead-chain'].includes(name))).toBe(true);
    expect(saidByStranger()).toMatchObject({ status: 4, stderr: expect.stringMatching(/^refused: .+\n$/) });
  });

  it.each(Object.entries(changes))(
    'is refused with %s, though its manifest is signed',
    async (what, { change, check }) => {
      const report = await forgeSigned(change);
      expect(report).toMatchObject({ ok: false, verdict: 'refused' });
      expect(failed(report)).toContain(check);
      if (!NOT_ITS_BUSINESS.test(what)) expect(saidByStranger().status).toBe(4);
    },
  );

  it.each([
    ['the front page', ['index.html']],
    ['the feed', ['feed.json']],
    ['the page of a category', ['categories', 'science', 'index.html']],
    ['a page of the archive', ['articles', '2025', 'index.html']],
    ['a new page', ['about.html']],
    ['a style sheet', ['style.css']],
  ])('is refused with %s forged', async (_, path) => {
    const report = await forge(async (tree) => tree.set(path, await file('forged')));
    expect(report.verdict).toBe('refused');
    expect(failed(report)).toContain('root-entries');
  });

  it.each([
    ['checkpoint', ['checkpoint'], 'log-checkpoint'],
    ['file too many', ['tile', '0', '001'], 'log-files'],
    ['tile', ['tile', '0', '000.p', '7'], 'log-entries'],
    ['bundle of entries', ['tile', 'entries', '000.p', '7'], 'log-entries'],
  ])('is refused with a %s of its log forged', async (_, path, check) => {
    const forged = await forge(async (tree) => tree.set(['log', ...path], await file('forged')));
    expect(forged.verdict).toBe('refused');
    expect(failed(forged)).toContain(check);
    // It works the tree out from the entries, and has no use for the tiles of hashes.
    if (path[1] !== '0') expect(saidByStranger().status).toBe(4);
  });

  it('is refused without its log, or with a file of it missing', async () => {
    expect(failed(await forge((tree) => tree.remove(['log'])))).toContain('root-entries');
    const short = await forge((tree) => tree.remove(['log', 'tile', 'entries', '000.p', '7']));
    expect(failed(short)).toEqual(expect.arrayContaining(['log-files', 'log-entries']));
  });

  describe('in part: a category', () => {
    async function forgeCategory(change: Change): Promise<VerifyReport> {
      const cid = CID.parse(published.categories['science']?.cid ?? '');
      const tree = Tree.open({ cid, size: 0 }, held.read);
      await change(tree);
      return judge((await tree.write(held.sink)).cid);
    }

    it('is genuine where nothing was changed', async () => {
      expect(await forgeCategory(async () => undefined)).toMatchObject({ ok: true, verdict: 'genuine' });
    });

    it.each<[string, Change]>([
      ['an older bundle in place of a newer one', (tree) => tree.set(LIGHT.split('/'), earlier)],
      ['an article under another id', (tree) => tree.set(['2025', '07', '07', 'other'], newer)],
      ['an article of another publication', (tree) => tree.set(HARBOUR.split('/'), foreign)],
      ['another number at a revision', (tree) => tree.set(['revisions', ...LIGHT.split('/'), '7'], earlier)],
      [
        'a file in a bundle',
        async (tree) => tree.set([...LIGHT.split('/'), 'more.html'], await file('more')),
      ],
      ['a page of its own', async (tree) => tree.set(['more.html'], await file('more'))],
      ['a month without articles', async (tree) => tree.set(['2025', '08'], await emptyFolder())],
      [
        'years without end',
        async (tree) => {
          for (const { name, cid, size } of await readDirectory((await endlessDates()).cid, held.read))
            await tree.set([name], { cid, size });
        },
      ],
    ])('is refused with %s', async (_, change) => {
      expect(await forgeCategory(change)).toMatchObject({ ok: false, verdict: 'refused' });
    });
  });

  it('is refused where another publication is expected', async () => {
    const path = join(folder, 'bundle.car');
    writeFileSync(path, carOf([newer.cid], (await blocksOf(newer.cid, held.read)).blocks.values()));
    const expected = await verifyOutside(path, published.publication);
    expect(expected).toMatchObject({ exitCode: 0, report: { publication: published.publication } });
    const { report, exitCode } = await verifyOutside(
      path,
      'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    );
    expect(exitCode).toBe(4);
    expect(failed(report)).toEqual(['publication-confirmed']);
  });

  describe('as a CAR of a gateway', () => {
    it.each<[string, (blocks: MemoryBlocks) => Promise<Uint8Array>]>([
      [
        'with its blocks in another order',
        async ({ blocks }) => carOf([newer.cid], [...blocks.values()].reverse()),
      ],
      [
        'with blocks twice',
        async ({ blocks }) => carOf([newer.cid], [...blocks.values(), ...blocks.values()]),
      ],
      ['with more than its root reaches', async () => carOf([newer.cid], held.blocks.values())],
    ])('is genuine %s', async (_, make) => {
      const path = join(folder, 'gateway.car');
      writeFileSync(path, await make(await blocksOf(newer.cid, held.read)));
      expect(await verifyOutside(path)).toMatchObject({
        exitCode: 0,
        report: { ok: true, verdict: 'genuine' },
      });
    });

    it('is refused whichever block is not in it', async () => {
      const { blocks } = await blocksOf(newer.cid, held.read);
      for (const missing of blocks.values()) {
        const rest = [...blocks.values()].filter(({ cid }) => !cid.equals(missing.cid));
        const path = join(folder, 'lacking.car');
        writeFileSync(path, carOf([newer.cid], rest));
        expect((await verifyOutside(path)).exitCode, `without ${missing.cid}`).toBe(4);
      }
    });

    it.each<[string, () => CID[]]>([
      ['two roots', () => [newer.cid, earlier.cid]],
      ['another root', () => [foreign.cid]],
    ])('is refused with %s', async (_, roots) => {
      const path = join(folder, 'roots.car');
      writeFileSync(path, carOf(roots(), (await blocksOf(newer.cid, held.read)).blocks.values()));
      expect((await verifyOutside(path)).exitCode).toBe(4);
    });
  });

  it('is refused where it is no bundle, category or edition at all', async () => {
    mkdirSync(join(folder, 'anything'));
    writeFileSync(join(folder, 'anything/readme.txt'), 'hello');
    expect((await verifyOutside(join(folder, 'anything'))).exitCode).toBe(4);
  });
});
