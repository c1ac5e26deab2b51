import { join } from 'node:path';
import type { LogEntry } from '../../src/log/entry.ts';
import { headOf } from '../../src/log/tree-head.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';
import type { Tree } from '../../src/unixfs/tree.ts';
import { endlessFolders, numbered } from '../helpers/endless-folders.ts';
import { type Change, Forger, makeMasthead, mastheadEntry, openNewsroom } from '../helpers/forger.ts';
import { image } from '../helpers/images.ts';
import { type Newsroom, NOW, source } from '../helpers/newsroom.ts';

export const LIGHT = '2026/01/05/light';
export const FERRY = '2026/01/06/ferry';

/** What the page is asked about, and which line it must be refused by. */
export interface Attack {
  name: string;
  what: '' | 'article' | 'category';
  check: string;
  /** Root to begin from. */
  root(paper: Paper): Promise<string>;
}

export interface Paper {
  publication: string;
  newsroom: Newsroom;
  forger: Forger;
  /** Somebody else's paper, which looks the same. */
  other: { publication: string; forger: Forger };
}

/** Two editions of a paper with a picture, two categories and a revision; and the same of another publisher. */
export async function publishPaper(folder: string, now = NOW): Promise<Paper> {
  const [own, other] = [
    await publishOne('Harbour Post', folder, now),
    await publishOne('Harbor Post', folder, now),
  ];
  return { ...own, other };
}

async function publishOne(
  name: string,
  folder: string,
  now: Date,
): Promise<{ publication: string; newsroom: Newsroom; forger: Forger }> {
  const newsroom = await openNewsroom(name, join(folder, name));
  newsroom.write('articles/dome.png', image('graphic.png'));
  newsroom.write(
    'articles/light.md',
    source({ title: 'First light', slug: 'light' }, '![A dome](dome.png)\n\nOnce.\n'),
  );
  newsroom.write(
    'articles/ferry.md',
    source({ title: 'Ferry', date: '2026-01-06', categories: '[Science, World]' }),
  );
  await newsroom.publish({ now });
  newsroom.write(
    'articles/light.md',
    source({ title: 'First light', slug: 'light' }, '![A dome](dome.png)\n\nTwice.\n'),
  );
  const { publication, edition } = await newsroom.publish({ now: new Date(now.getTime() + 60_000) });
  return { publication, newsroom, forger: await Forger.take(name, newsroom, edition ?? '') };
}

/** Puts a bundle wherever the edition has the article. */
function place(id: string, bundle: Link, categories: readonly string[]): Change {
  return async (tree) => {
    for (const top of [['articles'], ...categories.map((slug) => ['categories', slug])]) {
      await tree.set([...top, ...id.split('/')], bundle);
    }
  };
}

/** The entries of a log, in which the newest entry of an article names another bundle. */
function renamed(entries: LogEntry[], id: string, { cid }: Link): LogEntry[] {
  const last = entries.findLastIndex((entry) => 'article' in entry && entry.article === id);
  return entries.map((entry, at) => (at === last ? { ...entry, cid: cid.toString() } : entry) as LogEntry);
}

/** The ferry, written anew by some key, in an edition and a log that are signed for it. */
async function rewritten(
  { forger }: Paper,
  by: string,
  edit: (article: Record<string, unknown>) => void = () => undefined,
) {
  const bundle = await forger.rewrite(`articles/${FERRY}`, edit, by);
  return forger.forgeSigned(place(FERRY, bundle, ['science', 'world']), {
    log: (entries) => renamed(entries, FERRY, bundle),
  });
}

/** A file of a tree with other content. */
function overwrite(path: string, content: string | Uint8Array): (paper: Paper) => Promise<string> {
  return ({ forger }) => forger.forge(async (tree) => tree.set(path.split('/'), await forger.file(content)));
}

const retraction = (entries: LogEntry[], { cid }: Link): LogEntry[] => {
  const entry = {
    format: 'ovn-log-entry/1',
    kind: 'retraction',
    article: LIGHT,
    revision: 3,
    time: '2026-01-10T12:00:00Z',
  };
  return [...entries, { ...entry, cid: cid.toString() } as LogEntry];
};

/** What whoever serves an edition can do to a reader who knows the publication's id and remembers nothing. */
export const ATTACKS: Attack[] = [
  {
    name: 'an edited body under the genuine manifest',
    what: 'article',
    check: 'root-entries',
    root: async ({ forger }) => {
      const text = Buffer.from(await forger.bytes(`articles/${LIGHT}/article.json`)).toString();
      return overwrite(`articles/${LIGHT}/article.json`, text.replace('Twice', 'Never'))({ forger } as Paper);
    },
  },
  {
    name: 'an edited body in an edition that is signed',
    what: 'article',
    check: 'signature',
    root: async ({ forger }) => {
      const text = Buffer.from(await forger.bytes(`articles/${LIGHT}/article.json`)).toString();
      return forger.forgeSigned(async (tree) => {
        const edited = await forger.file(text.replace('Twice', 'Never'));
        await tree.set(['articles', ...LIGHT.split('/'), 'article.json'], edited);
      });
    },
  },
  {
    name: 'a swapped picture in an edition that is signed',
    what: 'article',
    check: 'files',
    root: async ({ forger }) => {
      const media = await forger.open(await forger.link(`articles/${LIGHT}/media`)).list([]);
      const path = ['articles', ...LIGHT.split('/'), 'media', media[0]?.name ?? ''];
      return forger.forgeSigned(async (tree) => tree.set(path, await forger.file(image('moving.png'))));
    },
  },
  {
    name: 'a file more in a bundle of an edition that is signed',
    what: 'article',
    check: 'structure',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['articles', ...LIGHT.split('/'), 'more.html'], await forger.file('more')),
      ),
  },
  {
    name: 'a feed of a category among the dates of all articles, in an edition that is signed',
    what: '',
    check: 'articles',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['articles', '2026', '01', 'feed-01.json'], await forger.file('{}')),
      ),
  },
  {
    name: 'a page among the dates that belongs to no article, in an edition that is signed',
    what: '',
    check: 'articles',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['articles', '2026', '01', '05', 'scoop.html'], await forger.file('<p>Forged')),
      ),
  },
  {
    name: 'a page beside an article in a category, which has none there, in an edition that is signed',
    what: 'category',
    check: 'articles',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['categories', 'world', '2026', '01', '06', 'ferry.html'], await forger.file('<p>Forged')),
      ),
  },
  {
    name: 'a forged front page',
    what: '',
    check: 'root-entries',
    root: overwrite('index.html', '<p>Forged'),
  },
  { name: 'a page more', what: '', check: 'root-entries', root: overwrite('about.html', '<p>Forged') },
  {
    name: 'an edited manifest',
    what: '',
    check: 'manifest-signature',
    root: async (paper) => {
      const text = Buffer.from(await paper.forger.bytes('manifest.json')).toString();
      return overwrite('manifest.json', text.replace('"count":2', '"count":3'))(paper);
    },
  },
  {
    name: 'an article signed by an unknown key',
    what: 'article',
    check: 'key-authorised',
    root: (paper) => rewritten(paper, 'stranger'),
  },
  {
    name: 'an article signed by a key of other categories',
    what: 'article',
    check: 'key-authorised',
    root: (paper) => rewritten(paper, 'desk of science'),
  },
  {
    name: 'an article of another publication',
    what: 'article',
    check: 'publication',
    root: async ({ forger, other }) => {
      for (const block of other.forger.held.blocks.values()) forger.held.put(block);
      return forger.forgeSigned(
        place(FERRY, await other.forger.link(`articles/${FERRY}`), ['science', 'world']),
      );
    },
  },
  {
    name: 'an older revision in the place of the newest',
    what: 'article',
    check: 'log-inclusion',
    root: async ({ forger }) =>
      forger.forgeSigned(place(LIGHT, await forger.link(`revisions/${LIGHT}/1`), ['science'])),
  },
  {
    name: 'a back-dated article of a retired key',
    what: 'article',
    check: 'key-authorised',
    root: async ({ forger }) => {
      const second = makeMasthead('Harbour Post', 2, ['new desk']);
      const masthead = async (tree: Tree, folder: string[]) =>
        tree.set([...folder, '2.json'], await forger.file(second));
      const bundle = await forger.rewrite(
        `articles/${FERRY}`,
        (article) => Object.assign(article, { headline: 'Old' }),
        'desk',
      );
      const change: Change = async (tree) => {
        await masthead(tree, ['masthead']);
        await place(FERRY, bundle, ['science', 'world'])(tree);
      };
      const log = (entries: LogEntry[]) => {
        const [last] = renamed(entries, FERRY, bundle).filter(
          (entry) => 'article' in entry && entry.article === FERRY,
        );
        const rest = entries.filter((entry) => !('article' in entry && entry.article === FERRY));
        return [...rest, mastheadEntry(2, second), last as LogEntry];
      };
      return forger.forgeSigned(change, { log });
    },
  },
  {
    name: 'a masthead that only its own keys signed',
    what: '',
    check: 'masthead-chain',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['masthead', '2.json'], await forger.file(makeMasthead('Harbor Post', 2))),
      ),
  },
  {
    name: 'a gap between mastheads',
    what: '',
    check: 'masthead-chain',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['masthead', '3.json'], await forger.file(makeMasthead('Harbour Post', 3))),
      ),
  },
  {
    name: 'a checkpoint of another origin',
    what: '',
    check: 'log-checkpoint',
    root: async ({ forger }) => {
      const { log } = JSON.parse(Buffer.from(await forger.bytes('manifest.json')).toString());
      return overwrite(
        'log/checkpoint',
        forger.checkpoint('paper.example/other', headOf(log)),
      )({ forger } as Paper);
    },
  },
  {
    name: 'a log entry dropped',
    what: '',
    check: 'log-entries',
    root: ({ forger }) =>
      forger.forge(async (tree) => {
        const [name] = (await forger.open(await forger.link('log/tile/entries')).list(['000.p'])).map(
          (each) => each.name,
        );
        const bytes = Buffer.from(await forger.bytes(`log/tile/entries/000.p/${name}`));
        const first = 2 + bytes.readUInt16BE(0);
        await tree.set(
          ['log', 'tile', 'entries', '000.p', `${name}`],
          await forger.file(bytes.subarray(first)),
        );
      }),
  },
  {
    name: 'a tile that is not of the log',
    what: '',
    check: 'log-files',
    root: ({ forger }) =>
      forger.forge(async (tree) => tree.set(['log', 'tile', '0', '001.p', '1'], await forger.file('x'))),
  },
  {
    name: 'an empty folder in the log, which needs no key',
    what: '',
    check: 'log-files',
    root: ({ forger }) =>
      forger.forge(async (tree) => tree.set(['log', 'tile', '7'], await addDirectory([], forger.held.sink))),
  },
  {
    name: 'folders without end in the log, which need no key',
    what: '',
    check: 'log-files',
    root: ({ forger }) =>
      forger.forge(async (tree) => {
        const { sink } = forger.held;
        const levels = Array(5).fill(numbered(1000, 3, 'x'));
        await tree.set(
          ['log', 'tile', '7'],
          await endlessFolders(levels, await addDirectory([], sink), sink),
        );
      }),
  },
  {
    name: 'an empty day among the dates, in an edition that is signed',
    what: '',
    check: 'articles',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['articles', '2026', '01', '09'], await addDirectory([], forger.held.sink)),
      ),
  },
  {
    name: 'dates without end, in an edition that is signed',
    what: '',
    check: 'articles',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) => {
        const bundle = await forger.link(`articles/${LIGHT}`);
        const levels = [numbered(900, 4), ['01', '02', '03'], ['01', '02', '03'], numbered(500, 1, 'a')];
        await tree.set(['articles'], await endlessFolders(levels, bundle, forger.held.sink));
      }),
  },
  {
    name: 'an empty folder of earlier revisions, in an edition that is signed',
    what: '',
    check: 'revisions',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['revisions', ...FERRY.split('/')], await addDirectory([], forger.held.sink)),
      ),
  },
  {
    name: 'earlier revisions in two places, in an edition that is signed',
    what: '',
    check: 'revisions',
    root: async ({ forger }) => {
      const folder = await forger.link(`revisions/${LIGHT}`);
      return forger.forgeSigned((tree) => tree.set(['revisions', ...FERRY.split('/')], folder));
    },
  },
  {
    name: 'an empty folder of media in a bundle of an edition that is signed',
    what: 'article',
    check: 'structure',
    root: ({ forger }) =>
      forger.forgeSigned(async (tree) =>
        tree.set(['articles', ...FERRY.split('/'), 'media'], await addDirectory([], forger.held.sink)),
      ),
  },
  ...(['article', ''] as const).map(
    (what): Attack => ({
      name: `a hidden retraction, seen from ${what === '' ? 'the edition' : 'the article'}`,
      what,
      check: what === '' ? 'log-articles' : 'log-inclusion',
      root: async ({ forger }) => {
        const bundle = await forger.link(`articles/${LIGHT}`);
        return forger.forgeSigned(undefined, { log: (entries) => retraction(entries, bundle) });
      },
    }),
  ),
  {
    name: 'a sequence that the log does not bear out',
    what: '',
    check: 'log-entries',
    root: ({ forger }) =>
      forger.forgeSigned(undefined, { manifest: (manifest) => Object.assign(manifest, { sequence: 7 }) }),
  },
  {
    name: 'an article dropped from a category',
    what: '',
    check: 'categories',
    root: ({ forger }) =>
      forger.forgeSigned((tree) => tree.remove(['categories', 'world', ...FERRY.split('/')])),
  },
  {
    name: 'an article in a category that it is not in',
    what: 'category',
    check: 'category-articles',
    root: async ({ forger }) => {
      const bundle = await forger.link(`articles/${LIGHT}`);
      return forger.forgeSigned((tree) => tree.set(['categories', 'world', ...LIGHT.split('/')], bundle));
    },
  },
  {
    name: 'a forged edition of another publisher',
    what: '',
    check: 'publication-confirmed',
    root: async ({ other }) => other.forger.edition.toString(),
  },
];

/** What an attack is seen from. */
export function whatOf({ name, what }: Attack): string {
  if (what === 'category') return 'categories/world';
  if (what === '') return '';
  return /body|picture|file more|an older|retraction/.test(name) ? LIGHT : FERRY;
}
