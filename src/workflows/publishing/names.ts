import { existsSync, statSync } from 'node:fs';
import type { Article } from '../../article/article.ts';
import type { Finding } from '../../errors.ts';
import type { StoredArticle } from '../../repo/article-row.ts';
import type { Repository } from '../../repo/repository.ts';
import { locate } from '../../repo/source-files.ts';
import type { SourceRecord } from '../../repo/source-index.ts';

/** A source whose names are to be taken. */
export interface Candidate {
  source: string;
  text: string;
  article: Article;
  /** What is recorded of the source. */
  record: SourceRecord | undefined;
  /** What is published under the article's id. */
  published: StoredArticle | undefined;
  /** Whether its id is of the file's name. */
  isNamedByFile: boolean;
}

/** Published articles of a day by their headlines. */
type Day = Map<string, Pick<StoredArticle, 'id' | 'source' | 'headline'>[]>;

/** Keeps names apart: one source for an article id, one id for a source, one name for a category slug. */
export class NameRegister {
  readonly #repository: Repository;
  readonly #sources = new Map<string, string>();
  readonly #categories = new Map<string, { name: string; where: string }>();
  readonly #days = new Map<string, Day>();

  constructor(repository: Repository) {
    this.#repository = repository;
    for (const [slug, name] of repository.articles.categoryNames()) {
      this.#categories.set(slug, { name, where: 'what is published' });
    }
  }

  /** Takes an article in, or says what its names collide with. */
  admit(candidate: Candidate): Finding | undefined {
    const { source, text, article } = candidate;
    const message = this.#idClash(candidate);
    if (message !== undefined)
      return { severity: 'error', file: source, line: lineOf(text, 'date'), message };
    this.#sources.set(article.id, source);
    const name = this.#categoryClash(source, article);
    if (name !== undefined)
      return { severity: 'error', file: source, line: lineOf(text, 'categories'), message: name };
    return undefined;
  }

  #idClash(candidate: Candidate): string | undefined {
    const { source, article, record, published } = candidate;
    const { id } = article;
    if (record !== undefined && record.articleId !== id) {
      return (
        `this source is published as ${record.articleId}, and its id would now be ${id}; an id never changes: ` +
        `give it back the date and slug of the id (slug: ${record.articleId.slice(11)}), or write a new file`
      );
    }
    const other = this.#sources.get(id) ?? this.#publishedElsewhere(source, published);
    if (other === undefined) return this.#renamed(candidate);
    return `${source} and ${other} are both the article ${id}; give one of them another slug or date`;
  }

  /**
   * What is published cannot be taken back: a file that was renamed must not become a second article of the same day and headline. Nobody
   * renames by accident who writes a slug.
   */
  #renamed({ article: { id, headline }, record, published, isNamedByFile }: Candidate): string | undefined {
    if (published !== undefined || record !== undefined || !isNamedByFile) return undefined;
    const alike = this.#day(id.slice(0, 10)).get(headline) ?? [];
    const former = alike.find((article) => !this.#isThere(article));
    if (former === undefined) return undefined;
    const slug = (of: string): string => of.slice(11);
    return (
      `${former.source} had this day and headline, is published as ${former.id}, and is gone; under this file’s name it would be another ` +
      `article: write "slug: ${slug(former.id)}" to go on with that one, or "slug: ${slug(id)}" for a new one`
    );
  }

  #day(day: string): Day {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    const articles = Map.groupBy(this.#repository.articles.ofDay(day), ({ headline }) => headline);
    this.#days.set(day, articles);
    return articles;
  }

  #isThere({ id, source }: { id: string; source: string }): boolean {
    return this.#sources.has(id) || existsSync(locate(this.#repository.dir, source));
  }

  /** The source that an id was published from, when it is another one and still there: else the file has moved. */
  #publishedElsewhere(source: string, published: StoredArticle | undefined): string | undefined {
    if (published === undefined || published.source === source) return undefined;
    const { dir } = this.#repository;
    const former = locate(dir, published.source);
    return existsSync(former) && !isOneFile(former, locate(dir, source)) ? published.source : undefined;
  }

  #categoryClash(source: string, article: Article): string | undefined {
    for (const { slug, name } of article.categories) {
      const known = this.#categories.get(slug);
      if (known === undefined) this.#categories.set(slug, { name, where: source });
      else if (known.name !== name && this.#repository.settings.categories?.[slug] === undefined) {
        return (
          `the category "${name}" is called "${known.name}" in ${known.where}, and both are "${slug}"; ` +
          `write it the same way, or decide in ovn.json: "categories": {"${slug}": "${name}"}`
        );
      }
    }
    return undefined;
  }
}

/** Whether two paths lead to one file, by a symbolic link in one of them or by hard links. */
function isOneFile(a: string, b: string): boolean {
  const [one, other] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return one.dev === other.dev && one.ino === other.ino;
}

/** Line of a front matter field, 1 where it is not found. */
function lineOf(text: string, field: string): number {
  return text.split('\n', 200).findIndex((line) => line.startsWith(`${field}:`)) + 1 || 1;
}
