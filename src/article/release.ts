import type { Article } from './article.ts';
import { dayOf, instantOf, isDate, isMoreThanADayAhead, proposeDate } from './calendar.ts';
import type { ArticleDocument } from './document.ts';
import type { FrontMatter } from './front-matter.ts';

/** What keeps a source from being published, and until when, where that is a moment. */
export interface HeldBack {
  reason: string;
  /** UTC, whole seconds: `2026-01-10T09:00:00Z`. Absent: until the source is changed. */
  until?: string;
}

/** What a moment of a source looks like, for messages. */
const MOMENT_FORM = '2025-07-07T10:00:00+02:00';
const FIELDS = ['publishAt', 'embargo'] as const;
/** A value that begins like a date was meant as one. */
const DATED = /^\d{4}[-/.]|^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}/;

/**
 * Reads `publishAt` and `embargo`: the moment before which nothing of the article may be published, as it is written; of
 * both the later. A value that is no moment holds the article back for good: too early can never be made undone. For
 * `embargo` it may be a reason in words.
 */
export function readRelease(matter: FrontMatter): { publishAt?: string; held?: HeldBack } {
  if (matter.misspelt !== undefined) return { held: { reason: `unknown field "${matter.misspelt}"` } };
  let publishAt: string | undefined;
  for (const name of FIELDS) {
    if (!matter.has(name)) continue;
    const written = matter.text(name, 200);
    if (written === undefined) return { held: { reason: `${name}: without a value` } };
    if (!isMoment(written)) {
      if (name === 'publishAt' || DATED.test(written)) warnOfForm(matter, name, written);
      return { held: { reason: `${name}: ${written}` } };
    }
    if (publishAt === undefined || instantOf(written) > instantOf(publishAt)) publishAt = written;
  }
  return publishAt === undefined ? {} : { publishAt };
}

/**
 * What holds a source back at a moment.
 *
 * @param releasedUntil milliseconds since 1970; absent: no moment has come yet.
 */
export function heldBack(
  matter: FrontMatter,
  release: ReturnType<typeof readRelease>,
  date: string | undefined,
  { releasedUntil, allowFuture, today }: { releasedUntil?: number; allowFuture: boolean; today: string },
): HeldBack | undefined {
  if (matter.boolean('draft') === true) return { reason: 'draft' };
  if (matter.boolean('published') === false) return { reason: 'published: false' };
  const { held, publishAt } = release;
  if (held !== undefined) return held;
  if (publishAt !== undefined && !(instantOf(publishAt) <= (releasedUntil ?? Number.NEGATIVE_INFINITY))) {
    const name = FIELDS.find((field) => matter.text(field, 200) === publishAt) ?? 'publishAt';
    return { reason: `${name}: ${publishAt}`, until: utcOf(publishAt) };
  }
  const ahead = date !== undefined && !allowFuture && isMoreThanADayAhead(dayOf(date), today);
  return ahead ? { reason: `dated ${dayOf(date)}` } : undefined;
}

/**
 * Gives an article the dates that its moment of publication decides: it was first published then, and what was published
 * before is changed then. What was once said of the first publication stays, also where `publishAt` was since taken out
 * of the source.
 *
 * @param published the newest revision, where there is one.
 */
export function withRelease(article: Article, published?: DatesOf): Article {
  const { publishAt } = article;
  if (published === undefined) {
    if (publishAt === undefined) return article;
    return { ...article, datePublished: publishAt, dateModified: latest(publishAt, article.dateModified) };
  }
  if (publishAt === undefined && !wasScheduled(article, published)) return article;
  const { datePublished } = published;
  const changed = latest(datePublished, article.dateModified);
  return {
    ...article,
    datePublished,
    dateModified: publishAt === undefined ? changed : latest(changed, publishAt),
  };
}

type DatesOf = Pick<ArticleDocument, 'datePublished'>;

/** Whether a published date can only have come from a `publishAt` that is no longer there. */
function wasScheduled({ day, datePublished }: Article, published: DatesOf): boolean {
  if (dayOf(published.datePublished) !== day) return true;
  return datePublished.length === day.length && published.datePublished.length > day.length;
}

function latest(a: string, b: string): string {
  return instantOf(b) > instantOf(a) ? b : a;
}

/** A day alone is no moment: it begins at another one in each zone. */
function isMoment(text: string): boolean {
  return isDate(text) && text.length > dayOf(text).length;
}

/** Never before the moment: a fraction of a second counts as a whole one. */
function utcOf(moment: string): string {
  return `${new Date(Math.ceil(instantOf(moment) / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

function warnOfForm(matter: FrontMatter, name: string, written: string): void {
  const proposal = isDate(written) ? `${written}T00:00:00Z` : proposeDate(written);
  const guess = /z$/i.test(written) ? '' : ' if that is UTC';
  const remedy =
    proposal === undefined || !isMoment(proposal)
      ? ''
      : `; write ${proposal}${proposal.endsWith('Z') ? guess : ''}`;
  matter.warn(
    matter.lineOf(name),
    `${name}: expected a moment with its zone such as ${MOMENT_FORM}, found "${written}"${remedy}`,
  );
}
