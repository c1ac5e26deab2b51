import type { Article, SourceInput } from '../../article/article.ts';
import { parseSource } from '../../article/parse-source.ts';
import { type HeldBack, withRelease } from '../../article/release.ts';
import { normaliseSource, SOURCE_LIMIT } from '../../article/source-text.ts';
import type { Finding } from '../../errors.ts';
import type { StoredArticle } from '../../repo/article-row.ts';
import type { Repository } from '../../repo/repository.ts';
import { type FileStat, locate, looksAs, readFileLimited, statFile } from '../../repo/source-files.ts';
import type { SourceRecord } from '../../repo/source-index.ts';
import type { SourceLook, SourceLooks } from '../../repo/source-looks.ts';
import { digestSource } from './digest.ts';
import { inspectMedia } from './media.ts';
import { NameRegister } from './names.ts';
import { type DueArticle, emptyPlan, type Plan, type PlanOptions } from './plan.ts';
import { readPublished, retractionProblem } from './published-revision.ts';
import { SourceFindings } from './source-findings.ts';

/** A source that was read and has no error. */
interface ReadSource {
  source: string;
  text: string;
  article: Article;
  stat: FileStat;
  held: HeldBack | undefined;
  /** What is published under its id, when anything is. */
  published: StoredArticle | undefined;
}

/** A source that says something else than what is published of it. */
type RevisedSource = Omit<DueArticle, 'previous' | 'published'> & { published: StoredArticle };

/** Considers sources one by one, and says what is due. */
export class Planner {
  readonly #repository: Repository;
  readonly #includesHeld: boolean;
  readonly #drafts: PlanOptions['drafts'];
  readonly #parsing: Omit<SourceInput, 'file' | 'text'>;
  /** Of all that were published; nothing where only some are considered. */
  readonly #looks: SourceLooks | undefined;
  readonly #names: NameRegister;
  readonly #plan = emptyPlan();
  readonly #findings = new SourceFindings(this.#plan.warnings);
  /** Whether nothing was published before, so that there is nothing to look up for each source. */
  readonly #isFirst: boolean;

  constructor(
    repository: Repository,
    { whole, allowFuture, drafts, now, releasedUntil, includeHeld = false }: PlanOptions,
  ) {
    const { language, categories } = repository.settings;
    this.#repository = repository;
    this.#includesHeld = includeHeld;
    this.#drafts = drafts;
    this.#parsing = {
      language,
      categoryNames: categories ?? {},
      today: now.toISOString().slice(0, 10),
      allowFuture,
      releasedUntil,
    };
    this.#looks = whole ? repository.sources.looks() : undefined;
    this.#names = new NameRegister(repository);
    this.#isFirst = repository.head() === undefined;
  }

  /** Takes sources in the order of their paths. Asynchronous only where there is an earlier revision to read. */
  consider(source: string): Promise<void> | undefined {
    const look = this.#lookOf(source);
    if (look !== undefined && isUntouched(this.#repository.dir, source, look)) {
      this.#plan.untouched.push(source);
      return undefined;
    }
    try {
      const revised = this.#read(source, look && this.#repository.sources.get(source));
      return revised === undefined ? undefined : this.#takeRevision(revised);
    } catch (error) {
      this.#findings.addThrown(error, source);
      return undefined;
    }
  }

  /** Articles that are due so far. */
  get due(): readonly DueArticle[] {
    return this.#plan.due;
  }

  /** Published sources that are there and were not considered: those outside of the outlet's folder. None where only some are. */
  elsewhere(): string[] {
    const moved = new Set(this.#plan.moved.map(({ from }) => from));
    return this.#notConsidered().filter((source) => !moved.has(source) && this.#isThere(source));
  }

  /**
   * What it all comes to.
   *
   * @throws {OvnError} `source`, with the findings of every bad file, when any has an error.
   */
  finish(): Plan {
    this.#findings.requireNoErrors();
    const { moved, held, missing } = this.#plan;
    const ofOthers = new Set([...moved, ...held].map(({ id }) => id));
    for (const source of this.#notConsidered()) {
      const id = this.#repository.sources.get(source)?.articleId;
      if (id !== undefined && !ofOthers.has(id)) missing.push({ source, id });
    }
    return this.#plan;
  }

  #read(source: string, record: SourceRecord | undefined): RevisedSource | undefined {
    const { bytes, stat } = readFileLimited(locate(this.#repository.dir, source), SOURCE_LIMIT, source);
    const draft = this.#drafts?.get(source);
    const text = normaliseSource(draft === undefined ? bytes : Buffer.from(draft, 'utf8'), source);
    const { article, isNamedByFile, held, findings } = parseSource({ ...this.#parsing, file: source, text });
    for (const finding of findings) this.#findings.add(finding);
    if (held !== undefined && !(this.#includesHeld && article !== undefined))
      return this.#hold(source, held, article, record?.articleId);
    if (article === undefined) return undefined;
    const published = this.#isFirst ? undefined : this.#repository.articles.get(article.id);
    if (published === undefined && article.retraction !== undefined) {
      return this.#hold(source, { reason: 'retracted, and never published' }, article);
    }
    const clash = this.#names.admit({
      ...{ source, text, article, record, published },
      isNamedByFile: isNamedByFile ?? false,
    });
    if (clash === undefined) return this.#weigh({ source, text, article, stat, held, published });
    this.#findings.add(mild(clash, held));
    return undefined;
  }

  #hold(source: string, held: HeldBack, article: Article | undefined, noted?: string): undefined {
    this.#plan.held.push({ source, id: article?.id ?? noted, headline: article?.headline, ...held });
  }

  #weigh(read: ReadSource): RevisedSource | undefined {
    const { source, text, article, held, published } = read;
    const media = article.retraction?.withhold
      ? { loaded: [], findings: [] }
      : inspectMedia(this.#repository.dir, source, article);
    for (const finding of media.findings) this.#findings.add(mild(finding, held));
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
    const due = { source, article, media: media.loaded, record, ...(held && { held }) };
    if (published !== undefined) return { ...due, published };
    this.#plan.due.push({ ...due, article: withRelease(article), published, previous: undefined });
    return undefined;
  }

  async #takeRevision(revised: RevisedSource): Promise<void> {
    const { source, article, published } = revised;
    try {
      const document = await readPublished(this.#repository, published);
      const problem = retractionProblem(article, document);
      if (problem !== undefined)
        this.#findings.add(
          mild({ severity: 'error', file: source, line: 1, message: problem }, revised.held),
        );
      else {
        const previous = { cid: published.cid, document };
        this.#plan.due.push({ ...revised, article: withRelease(article, document), previous });
      }
    } catch (error) {
      this.#findings.addThrown(error, source);
    }
  }

  #lookOf(source: string): SourceLook | undefined {
    return this.#looks === undefined ? this.#repository.sources.look(source) : this.#looks.of(source);
  }

  #notConsidered(): string[] {
    return this.#looks?.rest() ?? [];
  }

  #isThere(source: string): boolean {
    return statFile(locate(this.#repository.dir, source)) !== undefined;
  }
}

/** What is wrong with a source that is held back stops nobody. */
function mild(finding: Finding, held: HeldBack | undefined): Finding {
  return held === undefined ? finding : { ...finding, severity: 'warning' };
}

function isUntouched(root: string, source: string, look: SourceLook): boolean {
  return (
    looksAs(locate(root, source), look) &&
    look.media.every(({ path, stat }) => looksAs(locate(root, path), stat))
  );
}
