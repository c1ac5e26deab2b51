import { existsSync } from 'node:fs';
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
}

/** Keeps names apart: one source for an article id, one id for a source, one name for a category slug. */
export class NameRegister {
  readonly #repository: Repository;
  readonly #sources = new Map<string, string>();
  readonly #categories = new Map<string, { name: string; where: string }>();

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

  #idClash({ source, article: { id }, record, published }: Candidate): string | undefined {
    if (record !== undefined && record.articleId !== id) {
      return (
        `this source is published as ${record.articleId}, and its id would now be ${id}; an id never changes: ` +
        `give it back the date and slug of the id (slug: ${record.articleId.slice(11)}), or write a new file`
      );
    }
    const other = this.#sources.get(id) ?? this.#publishedElsewhere(source, published);
    if (other === undefined) return undefined;
    return `${source} and ${other} are both the article ${id}; give one of them another slug or date`;
  }

  /** The source that an id was published from, when it is another one and still there: else the file has moved. */
  #publishedElsewhere(source: string, published: StoredArticle | undefined): string | undefined {
    if (published === undefined || published.source === source) return undefined;
    return existsSync(locate(this.#repository.dir, published.source)) ? published.source : undefined;
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

/** Line of a front matter field, 1 where it is not found. */
function lineOf(text: string, field: string): number {
  return text.split('\n', 200).findIndex((line) => line.startsWith(`${field}:`)) + 1 || 1;
}
