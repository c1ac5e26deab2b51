import type { Archive, Entry } from '../../src/edition/archive.ts';
import { buildEdition, type EditionTrees } from '../../src/edition/build-edition.ts';
import { type EditionChange, linkOf } from '../../src/edition/change.ts';
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

/** An entry whose CID is one, of a bundle that nobody holds. */
export function bundled(id: string, changes: Partial<Entry> = {}): Entry {
  const entry = newEntry(id, changes);
  return { ...entry, cid: directoryCid(JSON.stringify(entry)) };
}

/** Editions made one after the other in memory: no index, no bundles, no signatures. */
export class Paper {
  readonly blocks = new MemoryBlocks();
  readonly archive: Archive & {
    add(entry: Entry): void;
    addAll(entries: readonly Entry[]): void;
    revisions(id: string): Entry[];
  };
  readonly publication: Publication;
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
  async build(changes: readonly EditionChange[]): Promise<EditionTrees> {
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
        archive: this.archive,
        masthead,
        style,
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
    const formerCategories = former?.categories.map(({ slug }) => slug) ?? [];
    return { entry, link: linkOf(entry), formerCategories };
  }
}
