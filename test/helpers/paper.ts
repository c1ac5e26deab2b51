import { renderPage } from '../../src/article/page.ts';
import { ARTICLE_CONTEXT } from '../../src/bundle/build-bundle.ts';
import type { Archive, Entry } from '../../src/edition/archive.ts';
import { buildEdition, type EditionTrees } from '../../src/edition/build-edition.ts';
import { type EditionChange, linkOf } from '../../src/edition/change.ts';
import type { AboutPublication } from '../../src/edition/pages/about-page.ts';
import type { Publication } from '../../src/edition/publication.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { ArticleModel } from './article-model.ts';
import { newEntry } from './entries.ts';
import { directoryCid } from './manifest-parts.ts';
import { MemoryBlocks } from './memory-blocks.ts';

export const PUBLICATION: Publication = {
  id: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
  name: 'OpenVoiceNews',
  tagline: 'Transparent. Unbiased. Yours.',
  language: 'en',
  url: 'https://openvoice.example',
};

const KEY = { id: 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX' };
const ROLE = { keys: [KEY], threshold: 1 };

/** What the page about the publication says. */
export const ABOUT: AboutPublication = {
  masthead: {
    version: 1,
    expires: '2030-07-07T12:00:00Z',
    roles: {
      masthead: ROLE,
      edition: {
        keys: [KEY, { id: 'did:key:z6Mko9hTggMwjSTEaJaPUfE6tqcy2xvU6BnNq3e3o8qVBiyH' }],
        threshold: 2,
      },
      desk: { keys: [{ ...KEY, categories: ['science'] }], threshold: 1 },
      log: ROLE,
      name: ROLE,
    },
  },
  names: ['k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r'],
  mirrors: ['https://mirror.example/?a="1"', '/dns4/mirror.example/tcp/4001'],
};

/** An entry whose CID is one, of a bundle that nobody holds. */
export function bundled(id: string, changes: Partial<Entry> = {}): Entry {
  const entry = newEntry(id, changes);
  return { ...entry, cid: directoryCid(JSON.stringify(entry)) };
}

/** The page that such a bundle would have. */
export async function bundlePage(entry: Entry): Promise<Uint8Array> {
  const { id, headline, inLanguage, description, revision, categories, status, datePublished, dateModified } =
    entry;
  const lead = { path: 'media/dome-4f56fd8d.png', role: 'image', lead: true, alt: 'An open "dome"' } as const;
  const changes = revision === 1 ? [] : [{ path: 'changes.html', role: 'changes' } as const];
  const file = { cid: entry.cid, size: 1 };
  const { name, tagline, id: publication } = PUBLICATION;
  const html = renderPage({
    '@context': ARTICLE_CONTEXT,
    '@type': 'NewsArticle',
    format: 'ovn-article/1',
    template: 1,
    publication: { id: publication, masthead: 1, name, tagline },
    identifier: id,
    revision,
    status,
    headline,
    ...(description === undefined ? {} : { description }),
    articleSection: categories.map((category) => category.name),
    categories,
    datePublished,
    dateModified,
    inLanguage,
    encodingFormat: 'text/markdown',
    articleBody: `Revision ${revision} of *${id}*: \`<img src="media/x.png">\`.\n`,
    correction: [...entry.notices],
    license: 'https://creativecommons.org/licenses/by/4.0/',
    files: [
      { ...lead, ...file, type: 'image/png' },
      ...changes.map((each) => ({ ...each, ...file, type: 'text/html' })),
    ],
  });
  return Buffer.from(html);
}

/** Editions made one after the other in memory: no index, no bundles, no signatures. */
export class Paper {
  readonly blocks = new MemoryBlocks();
  readonly archive: Archive & {
    add(entry: Entry): void;
    addAll(entries: readonly Entry[]): void;
    revisions(id: string): Entry[];
  };
  publication: Publication;
  root: Link | undefined;
  trees: EditionTrees | undefined;
  sequence = 0;

  constructor(publication = PUBLICATION, archive = new ArticleModel()) {
    this.publication = publication;
    this.archive = archive;
  }

  /** Makes the next edition of these revisions; all of them new, each the newest of its article. */
  async publish(entries: readonly Entry[]): Promise<EditionTrees> {
    const changes = entries.map((entry) => this.#change(entry));
    this.archive.addAll(entries);
    return this.build(changes);
  }

  /** Makes the next edition of changes that the archive knows of already. */
  async build(changes: readonly EditionChange[], renews = false): Promise<EditionTrees> {
    const { blocks, root, sequence } = this;
    const style = await addFile(Buffer.from('body{}'), blocks.sink);
    const previousManifest = {
      sequence,
      link: await addFile(Buffer.from(`manifest ${sequence}`), blocks.sink),
    };
    const masthead = await addDirectory([{ name: '1.json', ...style }], blocks.sink);
    this.trees = await buildEdition(
      {
        publication: this.publication,
        ...(root === undefined ? {} : { previous: root, previousManifest }),
        changes,
        renews,
        bundlePage,
        archive: this.archive,
        masthead,
        style,
        about: ABOUT,
      },
      blocks.read,
      blocks.sink,
    );
    this.root = await addDirectory(this.trees.entries, blocks.sink);
    this.sequence += 1;
    return this.trees;
  }

  #change(entry: Entry): EditionChange {
    const former = this.archive.revisions(entry.id).at(-1);
    return { entry, link: linkOf(entry), ...(former === undefined ? {} : { former }) };
  }
}
