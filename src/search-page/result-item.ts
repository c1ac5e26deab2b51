import type { PageElement, PageWindow } from './browser.ts';
import { markWords } from './mark-words.ts';
import type { AskedTerm } from './question.ts';
import type { Found } from './search-index.ts';

type PageDocument = PageWindow['document'];

/** An article as an item of the list, the words of the question marked; and the link in it. */
export function resultItem(
  document: PageDocument,
  article: Found,
  terms: readonly AskedTerm[],
): { item: PageElement; link: PageElement } {
  const link = marked(document, 'a', article.headline, terms);
  link.setAttribute('href', article.path);
  const heading = make(document, 'h2', '');
  heading.append(link);
  const time = make(document, 'time', dateOf(article.day, document.documentElement.lang));
  time.setAttribute('datetime', article.day);
  const meta = make(document, 'p', '');
  meta.className = 'meta';
  meta.append(time);
  const summary = marked(document, 'p', article.summary, terms);
  summary.className = 'summary';
  if (article.language !== undefined)
    for (const part of [heading, summary]) {
      part.setAttribute('lang', article.language);
      part.setAttribute('dir', 'auto');
    }
  const item = make(document, 'li', '');
  item.append(heading, meta, ...(article.summary === '' ? [] : [summary]));
  return { item, link };
}

function marked(
  document: PageDocument,
  name: string,
  text: string,
  terms: readonly AskedTerm[],
): PageElement {
  const element = make(document, name, '');
  for (const piece of markWords(text, terms))
    element.append(piece.isMarked ? make(document, 'mark', piece.text) : piece.text);
  return element;
}

function make(document: PageDocument, name: string, text: string): PageElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** A day as it is written in a language, with the digits that the site's other pages have. */
function dateOf(day: string, language: string): string {
  try {
    const options = {
      dateStyle: 'long',
      timeZone: 'UTC',
      numberingSystem: 'latn',
      calendar: 'gregory',
    } as const;
    return new Intl.DateTimeFormat(language, options).format(new Date(`${day}T00:00:00Z`));
  } catch {
    return day;
  }
}
