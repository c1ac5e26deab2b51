import { instantOf } from './calendar.ts';
import type { ArticleDocument, Correction } from './document.ts';
import { escapeHtml } from './html.ts';
import { fill, type InterfaceWords, wordsAttributes } from './interface-words.ts';
import { writeDate } from './languages.ts';
import { PAGE_ID_PREFIX } from './outline.ts';
import { externalUrl } from './references.ts';

const CORRECTIONS_ID = `${PAGE_ID_PREFIX}corrections`;
const SOURCES_ID = `${PAGE_ID_PREFIX}sources`;

/** A date as `<time>`, written for its language. HTML knows no fractions below a millisecond. */
export function time(date: string, language: string): string {
  const machine = date.replace(/(\.\d{3})\d+/, '$1');
  return `<time datetime="${escapeHtml(machine)}">${escapeHtml(writeDate(date, language))}</time>`;
}

/**
 * What stands before the body: one sentence on what happened to the article last, which leads to the whole story after
 * it, and in a revision the reason itself; of a revision that gives none, that it is one.
 */
export function correctionNotice(document: ArticleDocument, words: InterfaceWords): string {
  const newest = newestOf(document.correction ?? []);
  const changes = changesLink(document, words);
  const attributes = wordsAttributes(words, document.inLanguage);
  if (newest === undefined) {
    const sentence = fill(words.revised, { revision: String(document.revision) });
    return changes === '' ? '' : `<p class="notice"${attributes}>${sentence}${changes}</p>`;
  }
  const date = time(newest.datePublished, document.inLanguage);
  const sentence = fill(words.notices[newest.kind], { date });
  const told = `${sentence} <a href="#${CORRECTIONS_ID}">${words.corrections}</a>${changes}`;
  if (changes === '') return `<p class="notice"${attributes}>${told}</p>`;
  return `<div class="notice">\n<p${attributes}>${told}</p>\n<p>${escapeHtml(newest.text)}</p>\n</div>`;
}

/** Leads to the page of differences where the bundle has one. */
function changesLink({ files }: ArticleDocument, words: InterfaceWords): string {
  return files.some(({ role }) => role === 'changes') ? ` <a href="changes.html">${words.changes}</a>` : '';
}

/** Every correction, in the order of the source. */
export function correctionsSection(document: ArticleDocument, words: InterfaceWords): string {
  const { correction = [], inLanguage } = document;
  if (correction.length === 0) return '';
  const items = correction.map((entry) => `<li>${correctionText(entry, words, inLanguage)}</li>\n`).join('');
  return section('corrections', CORRECTIONS_ID, words.corrections, words, inLanguage, `<ul>\n${items}</ul>`);
}

/** What the page of a retracted article begins with: that it is one, and why. */
export function retractionNotice(document: ArticleDocument, words: InterfaceWords): string {
  const { correction = [], inLanguage, withheld } = document;
  const attributes = wordsAttributes(words, inLanguage);
  const reasons = correction.map((entry) => `\n<p>${correctionText(entry, words, inLanguage)}</p>`).join('');
  const text = withheld === undefined ? '' : ` ${words.withheldNotice}`;
  const changes = changesLink(document, words);
  return `<div class="notice retraction">\n<p${attributes}><strong>${words.retractedNotice}</strong>${text}${changes}</p>${reasons}\n</div>`;
}

/** What the article rests on. */
export function citationsSection(document: ArticleDocument, words: InterfaceWords): string {
  const { citation = [], inLanguage } = document;
  if (citation.length === 0) return '';
  const items = citation.map(({ name, url }) => `<li>${linked(name, url)}</li>\n`).join('');
  return section('sources', SOURCES_ID, words.sources, words, inLanguage, `<ul>\n${items}</ul>`);
}

/** The license, linked where it is an address. */
export function licenseLine(license: string, words: InterfaceWords): string {
  const url = externalUrl(license);
  const text = escapeHtml(license);
  const shown = url === undefined ? text : `<a href="${text}" rel="license noopener noreferrer">${text}</a>`;
  return fill(words.license, { license: shown });
}

function section(
  name: string,
  id: string,
  title: string,
  words: InterfaceWords,
  language: string,
  list: string,
): string {
  const heading = `<h2 id="${id}"${wordsAttributes(words, language)}>${title}</h2>`;
  return `<section class="${name}" aria-labelledby="${id}">\n${heading}\n${list}\n</section>`;
}

/** One correction: its kind, date and text. */
export function correctionText(entry: Correction, words: InterfaceWords, language: string): string {
  const label = `<strong${wordsAttributes(words, language)}>${words.kinds[entry.kind]}</strong>`;
  return `${label} · ${time(entry.datePublished, language)}${words.colon}${escapeHtml(entry.text)}`;
}

function newestOf(corrections: readonly Correction[]): Correction | undefined {
  let newest = corrections[0];
  for (const entry of corrections) {
    if (newest === undefined || instantOf(entry.datePublished) > instantOf(newest.datePublished))
      newest = entry;
  }
  return newest;
}

function linked(name: string, url: string | undefined): string {
  const address = url === undefined ? undefined : externalUrl(url);
  const text = escapeHtml(name);
  return address === undefined
    ? text
    : `<a href="${escapeHtml(address)}" rel="noopener noreferrer">${text}</a>`;
}
