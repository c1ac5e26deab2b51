import { compareArticles, type Differences, isSame, type Passage, type Piece } from './differences.ts';
import type { ArticleDocument } from './document.ts';
import { escapeHtml, pageFooter, renderShell } from './html.ts';
import { fill, type InterfaceWords, wordsAttributes, wordsFor } from './interface-words.ts';
import type { Look } from './look.ts';
import { correctionText, time } from './page-parts.ts';

/** Where the page of differences lies in a bundle. */
export const CHANGES_PATH = 'changes.html';

/** Lines of text that are shown around what changed. */
const CONTEXT = 1;

/** What every part of the page is written with. */
interface Writing {
  words: InterfaceWords;
  language: string;
}

/** Whether differences may be shown: never where they would bring back a text that is withheld. */
export function maySeeChanges(before: ArticleDocument, after: ArticleDocument): boolean {
  return before.withheld === undefined && after.withheld === undefined;
}

/**
 * changes.html of a bundle: what is different from the revision before. A pure function of both article.json; nothing of
 * `files` or `proof` goes into it.
 */
export function renderChanges(before: ArticleDocument, after: ArticleDocument, look?: Look): string {
  const writing = { words: wordsFor(after.inLanguage), language: after.inLanguage };
  const { words, language } = writing;
  const attributes = wordsAttributes(words, language);
  return renderShell({
    lang: language,
    title: `${words.changes}: ${after.headline} – ${after.publication.name}`,
    description: '',
    style: 'style.css',
    publication: after.publication,
    main: `${main(before, after, writing)}\n`,
    footer: pageFooter(
      [`${words.article} <code>${escapeHtml(after.identifier)}</code> · ${words.revision} ${after.revision}`],
      attributes,
    ),
    look,
  });
}

function main(before: ArticleDocument, after: ArticleDocument, writing: Writing): string {
  const { words, language } = writing;
  const attributes = wordsAttributes(words, language);
  const differences = compareArticles(before, after);
  const between = fill(words.changesBetween, {
    before: String(before.revision),
    after: String(after.revision),
  });
  return [
    '<article class="story">',
    '<header>',
    `<h1><a href="index.html">${escapeHtml(after.headline)}</a></h1>`,
    `<p class="byline"${attributes}>${between} · ${time(after.dateModified, language)}</p>`,
    '</header>',
    reasons(differences, writing),
    ...sections(differences, writing),
    '</article>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function reasons({ reasons: entries }: Differences, { words, language }: Writing): string {
  if (entries.length === 0) return '';
  const items = entries.map((entry) => `<p>${correctionText(entry, words, language)}</p>\n`).join('');
  return `<div class="notice">\n${items}</div>`;
}

function sections({ headline, summary, body }: Differences, writing: Writing): string[] {
  const { words, language } = writing;
  const found: string[] = [];
  if (!isSame(headline)) found.push(section(words.headline, paragraphs(headline, writing), writing));
  if (!isSame(summary)) found.push(section(words.summary, paragraphs(summary, writing), writing));
  if (body.some(({ kind }) => kind === 'changed'))
    found.push(section(words.text, passages(body, writing), writing));
  return found.length > 0
    ? found
    : [`<p class="meta"${wordsAttributes(words, language)}>${words.sameText}</p>`];
}

function section(title: string, content: string, { words, language }: Writing): string {
  return `<section class="body">\n<h2${wordsAttributes(words, language)}>${title}</h2>\n${content}</section>`;
}

function passages(body: readonly Passage[], writing: Writing): string {
  return body
    .map((passage, at) =>
      passage.kind === 'changed'
        ? paragraphs(passage.pieces, writing)
        : context(passage.lines, at > 0, at + 1 < body.length),
    )
    .join('');
}

/** The lines next to a change; what lies further away is passed over. */
function context(lines: readonly string[], after: boolean, before: boolean): string {
  const written = lines.filter((line) => line.trim() !== '');
  const first = after ? CONTEXT : 0;
  const last = before ? CONTEXT : 0;
  if (written.length <= first + last) return written.map(paragraph).join('');
  const head = written.slice(0, first).map(paragraph);
  const tail = written.slice(written.length - last).map(paragraph);
  return [...head, '<p class="meta">…</p>\n', ...tail].join('');
}

function paragraph(line: string): string {
  return `<p dir="auto">${escapeHtml(line)}</p>\n`;
}

/** One paragraph a line: pieces are cut at the ends of lines. */
function paragraphs(pieces: readonly Piece[], writing: Writing): string {
  const lines: string[] = [''];
  for (const { kind, text } of pieces) {
    for (const [at, part] of text.split('\n').entries()) {
      if (at > 0) lines.push('');
      if (part !== '') lines.push(`${lines.pop()}${mark({ kind, text: part }, writing)}`);
    }
  }
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => `<p dir="auto">${line}</p>\n`)
    .join('');
}

/** Who does not see how a change looks is told in words. */
function mark({ kind, text }: Piece, { words, language }: Writing): string {
  const escaped = escapeHtml(text);
  if (kind === 'same') return escaped;
  const [element, word] = kind === 'removed' ? ['del', words.removed] : ['ins', words.added];
  const attributes = wordsAttributes(words, language);
  return `<${element}><span class="visually-hidden"${attributes}>[${word}: </span>${escaped}<span class="visually-hidden">]</span></${element}>`;
}
