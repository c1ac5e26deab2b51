import { escapeHtml } from '../../article/html.ts';
import type { HeldBack } from '../../article/release.ts';
import type { Finding } from '../../errors.ts';
import type { ChangedArticle } from './build-preview.ts';

/** Where the parts of a preview are that no edition has. */
export const PREVIEW_PATH = '/.preview/';

/** What a page of a preview is marked with. */
export interface PageMarks {
  /** Another one after each change. */
  generation: string;
  changed: ReadonlyMap<string, ChangedArticle>;
  /** Errors, for which the last good state is shown; and warnings. */
  findings: readonly Finding[];
}

const ID = /^\/(?:articles|categories\/[a-z0-9-]+)\/(\d{4}\/\d{2}\/\d{2}\/[a-z0-9-]{1,80})(.*)$/;
/** What leads to an article as a whole, and not to one of its files. */
const WHOLE = /^(?:\/|\/index\.html|\.html)?$/;
const LINK = /<a\b[^>]*?\bhref="([^"]*)"[^>]*>.*?<\/a>/gs;
const POLICY = /(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)/i;
/** Findings that are shown on one page. */
const MOST_SHOWN = 20;

/**
 * Marks a page of a preview: its own article, where that is held back, links to such articles, and what is wrong with sources;
 * and lets it run the one script that reloads it. Nothing of that is in what is published.
 *
 * @param path of the page on the server, decoded.
 */
export function markPage(html: string, path: string, marks: PageMarks): string {
  const assets = `<link rel="stylesheet" href="${PREVIEW_PATH}preview.css">\n<script src="${PREVIEW_PATH}preview.js" defer></script>\n`;
  return html
    .replace(LINK, (link: string, href: string) => link + markOfLink(href, path, marks))
    .replace(POLICY, (_all, open: string, policy: string, end: string) => open + widenPolicy(policy) + end)
    .replace(/<\/head>/i, () => `${assets}</head>`)
    .replace(/<body\b[^>]*>/i, (body) => `${body}\n${banner(path, marks)}`);
}

/** A policy by which the preview's script may run, its style is used, and its events are heard. */
export function widenPolicy(policy: string): string {
  const directives = policy.split(';').map((each) => each.trim());
  for (const name of ['script-src', 'connect-src', 'style-src']) {
    const at = directives.findIndex((each) => each.split(' ', 1)[0] === name);
    const written = directives[at];
    if (written === undefined) directives.push(`${name} 'self'`);
    else if (!written.includes("'self'")) directives[at] = `${written.replace(" 'none'", '')} 'self'`;
  }
  return directives.filter((each) => each !== '').join('; ');
}

/** What is said of an article that is held back. */
export function markOf({ reason, until }: HeldBack): string {
  if (until !== undefined) return `Embargoed until ${until.slice(0, 10)} ${until.slice(11, 19)} UTC`;
  if (reason === 'draft') return 'Draft';
  if (reason.startsWith('embargo: ')) return `Embargoed: ${reason.slice('embargo: '.length)}`;
  return `Held back (${reason})`;
}

function banner(path: string, { generation, changed, findings }: PageMarks): string {
  const article = changed.get(ID.exec(path)?.[1] ?? '');
  const errors = findings.filter(({ severity }) => severity === 'error');
  const told = findings.filter(({ severity, file }) => severity === 'error' || file === article?.source);
  const parts = ['Preview: nothing of this is published, signed or stored.'];
  if (errors.length > 0) parts.push('Sources have errors: this is how it was before.');
  const mark = article?.held === undefined ? '' : `<p>${markHtml(article.held)}</p>\n`;
  const items = told
    .slice(0, MOST_SHOWN)
    .map(({ file, line, message }) => `<li>${escapeHtml(`${file}:${line}: ${message}`)}</li>\n`);
  const list = items.length === 0 ? '' : `<ul>\n${items.join('')}</ul>\n`;
  const kind = errors.length > 0 ? ' ovn-preview-errors' : '';
  return `<aside class="ovn-preview${kind}" lang="en" dir="ltr" aria-label="Preview" data-generation="${escapeHtml(generation)}">\n<p>${parts.join(' ')}</p>\n${mark}${list}</aside>`;
}

function markOfLink(href: string, path: string, { changed }: PageMarks): string {
  const base = `http://preview.invalid${encodeURI(path)}`;
  if (!URL.canParse(href, base)) return '';
  const { origin, pathname } = new URL(href, base);
  const [, id = '', rest = ''] = ID.exec(pathname) ?? [];
  const held = changed.get(id)?.held;
  if (origin !== 'http://preview.invalid' || held === undefined || !WHOLE.test(rest)) return '';
  return ` ${markHtml(held)}`;
}

function markHtml(held: HeldBack): string {
  return `<strong class="ovn-preview-mark" lang="en" dir="ltr">${escapeHtml(markOf(held))}</strong>`;
}
