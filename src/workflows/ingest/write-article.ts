import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCE_LIMIT } from '../../article/source-text.ts';
import { IMAGE_LIMIT } from '../../bundle/media/limits.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { createFile, isNotThere, readFileLimited, sourcePath } from '../../repo/source-files.ts';
import type { MadeArticle } from './make-article.ts';
import type { IngestedArticle, IngestStatus } from './report.ts';

/** Writes articles as files, and never over what somebody else wrote. */
export class SourceWriter {
  readonly #folder: string;
  readonly #repository: Repository;
  readonly #options: { force: boolean; dryRun: boolean };

  constructor(folder: string, repository: Repository, options: { force: boolean; dryRun: boolean }) {
    this.#folder = folder;
    this.#repository = repository;
    this.#options = options;
  }

  /** Images first: an article is never there without them. */
  write(article: MadeArticle): IngestedArticle {
    const { post, title, id, name, images, lost } = article;
    const file = join(this.#folder, `${name}.md`);
    return {
      source: sourcePath(this.#repository.dir, file),
      ...(id === undefined ? {} : { id }),
      title,
      from: post.origin,
      status: this.#writeFiles(file, article),
      ...(post.held === undefined ? {} : { held: post.held }),
      images: Array.from(images.keys(), (path) => sourcePath(this.#repository.dir, join(this.#folder, path))),
      lost,
    };
  }

  /** An image that an earlier run brought, by its path without ending. */
  imageHeld(stem: string): Uint8Array | undefined {
    const file = join(this.#folder, ...stem.split('/'));
    const start = `${stem.slice(stem.lastIndexOf('/') + 1)}.`;
    const name = namesIn(dirname(file)).find((one) => one.startsWith(start) && !one.endsWith('.tmp'));
    return name === undefined ? undefined : readIfThere(join(dirname(file), name), IMAGE_LIMIT);
  }

  /** The source that an article is published from, where that is another than the one that would be written. */
  publishedFrom(id: string, name: string): string | undefined {
    const published = this.#repository.articles.get(id);
    const own = sourcePath(this.#repository.dir, join(this.#folder, `${name}.md`));
    return published === undefined || published.source === own ? undefined : published.source;
  }

  #writeFiles(file: string, { text, earlier, images }: MadeArticle): IngestStatus {
    const files = [...images].map(([path, bytes]): [string, Uint8Array] => [
      join(this.#folder, ...path.split('/')),
      bytes,
    ]);
    const states = files.map(([path, bytes]) => ({ path, bytes, state: stateOf(path, bytes) }));
    const bytes = Buffer.from(text, 'utf8');
    states.push({ path: file, bytes, state: stateOf(file, bytes, earlier) });
    const { force, dryRun } = this.#options;
    const differs = states.some(({ state }) => state === 'changed');
    if (differs && !force) return 'changed';
    const due = states.filter(({ state }) => state !== 'same');
    if (due.length === 0) return 'unchanged';
    if (!dryRun) for (const { path, bytes } of due) createFile(path, bytes);
    return differs ? 'overwritten' : 'written';
  }
}

/** @param earlier what an earlier run may have written there: where nobody changed that since, it is as if it were not there. */
function stateOf(
  file: string,
  bytes: Uint8Array,
  earlier?: MadeArticle['earlier'],
): 'absent' | 'same' | 'changed' {
  const held = readIfThere(file, Math.max(bytes.length, SOURCE_LIMIT));
  if (held === undefined) return 'absent';
  if (Buffer.compare(held, bytes) === 0) return 'same';
  const text = Buffer.from(held).toString('utf8');
  return earlier?.(text) === text ? 'absent' : 'changed';
}

/** What is too large is certainly something else; of what is no file at all nothing is written over. */
function readIfThere(file: string, limit: number): Uint8Array | undefined {
  try {
    return readFileLimited(file, limit, file).bytes;
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return undefined;
    if (error instanceof OvnError && error.code === 'limit') return new Uint8Array(0);
    throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}
