import { BadIndex } from '../edition/search/byte-reader.ts';
import { shardOf } from '../edition/search/shards.ts';
import type { FetchFile } from './fetch-file.ts';
import {
  type IndexFile,
  MOST_RANKS,
  type Place,
  readFormer,
  readIndex,
  readShard,
  type WordFile,
} from './index-files.ts';
import type { AskedTerm } from './question.ts';
import { rank } from './rank.ts';

/** Bytes of one file of the index, at most. */
const MOST_BYTES = 4 << 20;
const MOST_DOCUMENT_BYTES = 1 << 18;
const DOCUMENTS_A_FILE = 8;
const PATH = /^(?:[0-2]\d|3[01])\/[a-z0-9-]{1,86}\.html$/;

/** An article as it is shown where it is found. */
export interface Found {
  /** From the folder of the page. */
  path: string;
  /** `YYYY-MM-DD` */
  day: string;
  headline: string;
  summary: string;
  /** BCP 47, where it is not the outlet's. */
  language: string | undefined;
}

interface KeptFile {
  reading: Promise<unknown>;
  /** The question that it is fetched for, until it is there. */
  waiting: AbortSignal | undefined;
}

/** The index of an edition, read as far as questions need it. Each file is fetched once. */
export class SearchIndex {
  readonly #fetch: FetchFile;
  readonly #files = new Map<string, KeptFile>();

  constructor(fetch: FetchFile) {
    this.#fetch = fetch;
  }

  /** Places of all articles that are found, the best first. @throws {BadIndex} or what fetching throws. */
  async search(terms: readonly AskedTerm[], signal: AbortSignal): Promise<Place[]> {
    const index = await this.index(signal);
    const files = await Promise.all([index.newest, ...this.#filesFor(terms, index, signal)]);
    return rank(terms, files, index.count);
  }

  /** What every search begins with. */
  index(signal: AbortSignal): Promise<IndexFile> {
    return this.#read('search/index.bin', readIndex, signal);
  }

  /** What is shown of articles; of one that is not found any more nothing. */
  async show(places: readonly Place[], signal: AbortSignal): Promise<Found[]> {
    const found = await Promise.all(places.map((place) => this.#document(place, signal)));
    return found.filter((article) => article !== undefined);
  }

  #filesFor(terms: readonly AskedTerm[], { years }: IndexFile, signal: AbortSignal): Promise<WordFile>[] {
    const wanted = new Map<string, Promise<WordFile>>();
    for (const { year, shards, poured } of years) {
      for (const { term } of terms) {
        if (shards === 0) continue;
        const shard = shardOf(term, shards);
        const path = `search/${year}/words/${shard}.bin`;
        wanted.set(
          path,
          this.#read(path, (bytes) => readShard(bytes, year), signal),
        );
        const former = 'search/former.bin';
        if (shard >= poured) wanted.set(former, this.#read(former, readFormer, signal));
      }
    }
    return [...wanted.values()];
  }

  async #document(place: Place, signal: AbortSignal): Promise<Found | undefined> {
    const month = Math.floor(place / MOST_RANKS);
    const rank = place % MOST_RANKS;
    const folder = `${String(Math.floor(month / 12)).padStart(4, '0')}/${String((month % 12) + 1).padStart(2, '0')}`;
    const path = `search/${folder}/${Math.floor(rank / DOCUMENTS_A_FILE)}.json`;
    const documents = await this.#read(path, readDocuments, signal, MOST_DOCUMENT_BYTES);
    return foundIn(documents[rank % DOCUMENTS_A_FILE], folder);
  }

  /** What could not be read is asked for again the next time, and so is what a question waited for that was given up. */
  #read<T>(
    path: string,
    read: (bytes: Uint8Array) => T,
    signal: AbortSignal,
    limit = MOST_BYTES,
  ): Promise<T> {
    const known = this.#files.get(path);
    if (known !== undefined && known.waiting?.aborted !== true) return known.reading as Promise<T>;
    const reading = this.#fetch(path, limit, signal).then(read);
    const file: KeptFile = { reading, waiting: signal };
    this.#files.set(path, file);
    reading.then(
      () => {
        file.waiting = undefined;
      },
      () => {
        if (this.#files.get(path) === file) this.#files.delete(path);
      },
    );
    return reading;
  }
}

function readDocuments(bytes: Uint8Array): unknown[] {
  try {
    const documents: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(documents) && documents.length <= DOCUMENTS_A_FILE) return documents;
  } catch {
    // Said below.
  }
  throw new BadIndex('no document');
}

/** Nothing of an article that is found no more. */
function foundIn(document: unknown, folder: string): Found | undefined {
  if (document === 0) return undefined;
  const [path, headline, summary, language] = Array.isArray(document) ? (document as unknown[]) : [];
  if (
    typeof path !== 'string' ||
    !PATH.test(path) ||
    typeof headline !== 'string' ||
    typeof summary !== 'string'
  )
    throw new BadIndex('no document');
  return {
    path: `articles/${folder}/${path}`,
    day: `${folder.replace('/', '-')}-${path.slice(0, 2)}`,
    headline,
    summary,
    language: typeof language === 'string' ? language : undefined,
  };
}
