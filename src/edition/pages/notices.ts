import type { Correction } from '../../article/document.ts';
import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { time } from '../../article/page-parts.ts';
import type { Entry, Noticed } from '../archive.ts';
import { languageOf } from './lists.ts';

/** Characters of a notice that a list shows; its article has the whole of it. */
const NOTICE_LENGTH = 400;

/** Correction notices, each with its kind, its date and the article it belongs to. */
export function noticeList(
  noticed: readonly Noticed[],
  language: string,
  href: (entry: Entry) => string,
): string {
  const items = noticed.map(({ entry, notice }) => noticeItem(entry, notice, language, href(entry)));
  return `<ol class="notices">\n${items.join('\n')}\n</ol>`;
}

function noticeItem(entry: Entry, notice: Correction, language: string, href: string): string {
  const lang = languageOf(entry, language);
  const kind = `<strong>${escapeHtml(wordsFor(language).kinds[notice.kind])}</strong>`;
  const meta = `<p class="meta">${kind} · ${time(notice.datePublished, language)}</p>`;
  const link = `<p${lang}><a href="${escapeHtml(href)}">${escapeHtml(entry.headline)}</a></p>`;
  return `<li>${meta}\n${link}\n<p${lang}>${escapeHtml(shorten(notice.text))}</p></li>`;
}

/** The beginning of a long text, to the end of a word where there are any; whole characters. */
export function shorten(text: string, limit = NOTICE_LENGTH): string {
  const characters = [...text];
  if (characters.length <= limit) return text;
  const start = characters.slice(0, limit).join('');
  const space = start.lastIndexOf(' ');
  return `${space > start.length / 2 ? start.slice(0, space) : start}…`;
}
