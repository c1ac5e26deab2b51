import { instantOf } from '../article/calendar.ts';
import { readDate } from './read-date.ts';

/** When a folder is read: milliseconds since 1970; and the zone of times without one. */
export interface ReadAt {
  zone: string;
  now: number;
}

/** What puts off a publication: a moment, or words. */
const PUT_OFF = ['publishdate', 'publish_date', 'publishat', 'publish_at', 'embargo'];
/** Eleventy's `permalink` of a text that gets no page. */
export const NO_PAGE = 'false';
/** Hugo's and Zola's `render` of one; `link` gives it an address without a page. */
const NOT_RENDERED = /^(?:never|link|false|no|off)$/i;
const EXPIRY = ['expirydate', 'expiry_date', 'expires'];

/**
 * Why a post of a folder is not on its site, as its front matter says it: what was not public there must not become public here.
 *
 * @param said the text of a field.
 */
export function heldBy(said: (name: string) => string | undefined, at: ReadAt): string | undefined {
  if (isTrue(said('draft'))) return 'it is a draft';
  if (/^(?:false|no|off)$/i.test(said('published') ?? '')) return 'it says published: false';
  if (isTrue(said('private'))) return 'it is private';
  if (said('permalink') === NO_PAGE) return 'it says permalink: false';
  const render = said('render');
  if (NOT_RENDERED.test(render ?? '')) return `it says render: ${render}`;
  for (const name of PUT_OFF) {
    const text = said(name);
    const date = text === undefined ? undefined : readDate(text, at.zone)?.date;
    if (text !== undefined && (date === undefined || isAhead(date, at)))
      return `it is scheduled: ${name}: ${text.slice(0, 60)}`;
  }
  for (const name of EXPIRY) {
    const text = said(name);
    const date = text === undefined ? undefined : readDate(text, at.zone)?.date;
    if (text !== undefined && date !== undefined && !isAhead(date, at)) return `it expired on ${text}`;
  }
  return undefined;
}

/** Whether a date is still to come: the programs that make sites leave such posts out. */
export function isAhead(date: string, { now }: Pick<ReadAt, 'now'>): boolean {
  return instantOf(date) > now;
}

function isTrue(text: string | undefined): boolean {
  return /^(?:true|yes|on)$/i.test(text ?? '');
}
