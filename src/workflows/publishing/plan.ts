import { CID } from 'multiformats/cid';
import type { Article } from '../../article/article.ts';
import type { ArticleDocument } from '../../article/document.ts';
import { parseSource } from '../../article/parse-source.ts';
import { normaliseSource, SOURCE_LIMIT } from '../../article/source-text.ts';
import type { PreviousRevision } from '../../bundle/build-bundle.ts';
import { type Finding, OvnError } from '../../errors.ts';
import type { StoredArticle } from '../../repo/article-row.ts';
import type { Repository } from '../../repo/repository.ts';
import {
  type FileStat,
  listSources,
  locate,
  readFileLimited,
  sameStat,
  statFile,
} from '../../repo/source-files.ts';
import type { SourceRecord } from '../../repo/source-index.ts';
import { readArticle } from '../read-article.ts';
import { digestSource } from './digest.ts';
import { inspectMedia, type LoadedMedia } from './media.ts';
import { NameRegister } from './names.ts';
import type { MovedSource } from './note-sources.ts';

/** An article of which a revision is due. */
export interface DueArticle {
  source: string;
  article: Article;
  media: LoadedMedia[];
  record: SourceRecord;
  /** What is published now, when anything is. */
  published: StoredArticle | undefined;
  /** Its newest revision, for what is different from it. */
  previous: PreviousRevision | undefined;
}

/** What a publication would do, found out without writing anything. */
export interface Plan {
  due: DueArticle[];
  /** Sources whose newest revision is published as it is. */
  unchanged: { source: string; id: string }[];
  held: { source: string; id: string | undefined; headline: string | undefined; reason: string }[];
  /** Sources that are no longer where they were published from, and where they are now. */
  moved: MovedSource[];
  /** Sources that were published and are no longer there. */
  missing: { source: string; id: string }[];
  /** What is known of sources that are the same but were touched or moved. */
  records: SourceRecord[];
  warnings: Finding[];
}

export interface PlanOptions {
  /** Files and folders; only these are considered. */
  paths: readonly string[];
  /** Whether `paths` is the outlet's whole folder, so that a source that is not there was deleted. */
  whole: boolean;
  allowFuture: boolean;
  now: Date;
  signal: AbortSignal;
  /** Told which articles are due so far; the list grows. */
  onDue?: ((due: readonly DueArticle[]) => void) | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

const YIELD_EVERY = 64;

/**
 * Looks at every source: what has not changed since it was published costs a stat, the rest is read and checked.
 *
 * @throws {OvnError} `source`, with the findings of every bad file, when any file has an error.
 */
export async function planPublication(repository: Repository, options: PlanOptions): Promise<Plan> {
  const planner = new Planner(repository, options);
  const sources = listSources(repository.dir, options.paths);
  for (const [at, source] of sources.entries()) {
    const reading = planner.consider(source);
    if (reading !== undefined) await reading;
    if (at % YIELD_EVERY === 0) {
      await new Promise(setImmediate);
      options.signal.throwIfAborted();
      options.onProgress?.(at, sources.length);
      options.onDue?.(planner.due);
    }
  }
  return planner.finish(new Set(sources));
}

/** A source that was read and has no error. */
interface ReadSource {
  source: string;
  text: string;
  article: Article;
  stat: FileStat;
  /** What is published under its id, when anything is. */
  published: StoredArticle | undefined;
}

/** A source that says something else than what is published of it. */
type RevisedSource = Omit<DueArticle, 'previous' | 'published'> & { published: StoredArticle };

class Planner {
  readonly #repository: Repository;
  readonly #options: PlanOptions;
  readonly #records: ReadonlyMap<string, SourceRecord>;
  readonly #names: NameRegister;
  readonly #plan: Plan = {
    due: [],
    unchanged: [],
    held: [],
    moved: [],
    missing: [],
    records: [],
    warnings: [],
  };
  readonly #errors: Finding[] = [];
  /** Whether nothing was published before, so that there is nothing to look up for each source. */
  readonly #isFirst: boolean;
  /** Sources considered of which a publication is recorded. */
  #recorded = 0;

  constructor(repository: Repository, options: PlanOptions) {
    this.#repository = repository;
    this.#options = options;
    this.#records = options.whole ? repository.sources.all() : new Map();
    this.#names = new NameRegister(repository);
    this.#isFirst = repository.head() === undefined;
  }

  /** Asynchronous only where there is an earlier revision to read. */
  consider(source: string): Promise<void> | undefined {
    const record = this.#recordOf(source);
    if (record !== undefined) this.#recorded += 1;
    if (record !== undefined && isUntouched(this.#repository.dir, source, record)) {
      this.#plan.unchanged.push({ source, id: record.articleId });
      return undefined;
    }
    try {
      const revised = this.#read(source, record);
      return revised === undefined ? undefined : this.#takeRevision(revised);
    } catch (error) {
      this.#failWith(error, source);
      return undefined;
    }
  }

  /** Articles that are due so far. */
  get due(): readonly DueArticle[] {
    return this.#plan.due;
  }

  finish(considered: ReadonlySet<string>): Plan {
    if (this.#errors.length > 0) throw badSources(this.#errors, this.#plan.warnings);
    if (this.#recorded === this.#records.size) return this.#plan;
    const { moved, held, missing } = this.#plan;
    const elsewhere = new Set([...moved, ...held].map(({ id }) => id));
    for (const { path, articleId } of this.#records.values()) {
      if (considered.has(path) || elsewhere.has(articleId) || this.#isThere(path)) continue;
      missing.push({ source: path, id: articleId });
    }
    return this.#plan;
  }

  #read(source: string, record: SourceRecord | undefined): RevisedSource | undefined {
    const { bytes, stat } = readFileLimited(locate(this.#repository.dir, source), SOURCE_LIMIT, source);
    const text = normaliseSource(bytes, source);
    const { article, held, findings } = parseSource({ ...this.#parsing(), file: source, text });
    for (const finding of findings) this.#note(finding);
    if (held !== undefined) {
      const id = article?.id ?? record?.articleId;
      this.#plan.held.push({ source, id, headline: article?.headline, reason: held.reason });
      return undefined;
    }
    if (article === undefined) return undefined;
    const published = this.#isFirst ? undefined : this.#repository.articles.get(article.id);
    if (published === undefined && article.retraction !== undefined) {
      const reason = 'retracted, and never published';
      this.#plan.held.push({ source, id: article.id, headline: article.headline, reason });
      return undefined;
    }
    const clash = this.#names.admit({ source, text, article, record, published });
    if (clash === undefined) return this.#weigh({ source, text, article, stat, published });
    this.#note(clash);
    return undefined;
  }

  #weigh(read: ReadSource): RevisedSource | undefined {
    const { source, text, article, published } = read;
    const media = article.retraction?.withhold
      ? { loaded: [], findings: [] }
      : inspectMedia(this.#repository.dir, source, article);
    for (const finding of media.findings) this.#note(finding);
    const digest = digestSource(text, media.loaded);
    const record: SourceRecord = {
      path: source,
      articleId: article.id,
      digest,
      stat: read.stat,
      media: media.loaded.map(({ path, stat }) => ({ path, stat })),
    };
    if (published !== undefined && published.source !== source) {
      this.#plan.moved.push({ id: article.id, from: published.source, to: source });
    }
    if (published !== undefined && this.#repository.articles.history(article.id).at(-1)?.digest === digest) {
      this.#plan.unchanged.push({ source, id: article.id });
      this.#plan.records.push(record);
      return undefined;
    }
    const due = { source, article, media: media.loaded, record };
    if (published !== undefined) return { ...due, published };
    this.#plan.due.push({ ...due, published, previous: undefined });
    return undefined;
  }

  async #takeRevision(revised: RevisedSource): Promise<void> {
    const { source, article, published } = revised;
    try {
      const document = await this.#readPublished(published);
      const problem = retractionProblem(article, document);
      if (problem !== undefined) this.#fail(source, 1, problem);
      else this.#plan.due.push({ ...revised, previous: { cid: published.cid, document } });
    } catch (error) {
      this.#failWith(error, source);
    }
  }

  async #readPublished({ id, cid }: StoredArticle): Promise<ArticleDocument> {
    const { blockstore } = this.#repository;
    try {
      return await readArticle(CID.parse(cid), async (block) => blockstore.getBytes(block));
    } catch (error) {
      if (!(error instanceof OvnError) || error.code !== 'not-found') throw error;
      throw new OvnError(
        'damaged',
        `the published revision of ${id} (${cid}) is not whole: ${error.message}`,
      );
    }
  }

  #parsing(): {
    language: string;
    categoryNames: Record<string, string>;
    today: string;
    allowFuture: boolean;
  } {
    const { settings } = this.#repository;
    return {
      language: settings.language,
      categoryNames: settings.categories ?? {},
      today: this.#options.now.toISOString().slice(0, 10),
      allowFuture: this.#options.allowFuture,
    };
  }

  #recordOf(source: string): SourceRecord | undefined {
    return this.#options.whole ? this.#records.get(source) : this.#repository.sources.get(source);
  }

  /** Sources outside of the outlet's folder are there, though nobody asked for them. */
  #isThere(source: string): boolean {
    return statFile(locate(this.#repository.dir, source)) !== undefined;
  }

  #note(finding: Finding): void {
    if (finding.severity === 'error') this.#errors.push(finding);
    else this.#plan.warnings.push(finding);
  }

  #failWith(error: unknown, source: string): void {
    if (!(error instanceof OvnError) || error.code === 'damaged') throw error;
    if (error.findings.length === 0) this.#fail(source, 1, error.message);
    for (const finding of error.findings) this.#note(finding);
  }

  #fail(file: string, line: number, message: string): void {
    this.#errors.push({ severity: 'error', file, line, message });
  }
}

function isUntouched(root: string, source: string, { stat, media }: SourceRecord): boolean {
  return isAsNoted(root, source, stat) && media.every((file) => isAsNoted(root, file.path, file.stat));
}

function isAsNoted(root: string, path: string, noted: FileStat): boolean {
  const stat = statFile(locate(root, path));
  return stat !== undefined && sameStat(stat, noted);
}

/** A retraction is final, and so is that a text is withheld. */
function retractionProblem({ retraction }: Article, published: ArticleDocument): string | undefined {
  if (published.status !== 'retracted') return undefined;
  if (retraction === undefined) {
    return 'this article is retracted, for good: give its source back the correction "type: retraction", or write a new article';
  }
  if (published.withheld === undefined || retraction.withhold) return undefined;
  return 'the text of this article is withheld, for good: give its retraction back "withhold: true"';
}

function badSources(errors: Finding[], warnings: Finding[]): OvnError {
  const files = new Set(errors.map((finding) => finding.file)).size;
  const what = files === 1 ? '1 source has errors' : `${files} sources have errors`;
  return new OvnError('source', `${what}; nothing was published`, {
    findings: [...errors, ...warnings],
    hint: 'Mend what is named above and run it again.',
  });
}
