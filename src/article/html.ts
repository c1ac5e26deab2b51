import { printable } from './characters.ts';
import { direction } from './languages.ts';
import type { Look } from './look.ts';
import { externalUrl } from './references.ts';

/** What a page's masthead shows of its publication. */
export interface Outlet {
  name: string;
  tagline: string;
  url?: string;
}

/** The whole of a page around its main part. */
export interface Shell {
  /** BCP 47. */
  lang: string;
  title: string;
  description: string;
  /** Relative path of style.css. */
  style: string;
  publication: Outlet;
  /** HTML of `<main>`. */
  main: string;
  /** HTML of the navigation between masthead and main part; pages that are seen alone have none. */
  navigation?: string;
  /** Whether the page is a list that has room for columns, and no text to be read from end to end. */
  isWide?: boolean;
  /** HTML of the page's `<footer>`; see {@link pageFooter}. */
  footer: string;
  /** Where the outlet's name leads: a path inside the directory, or an address; `publication.url` when absent. */
  home?: string;
  /** The page's own policy, where it is not {@link CONTENT_SECURITY_POLICY}. */
  policy?: string;
  /** Absolute URL. */
  canonical?: string;
  /** Further `<link rel="alternate">`s. */
  alternates?: readonly { type: string; href: string; title: string }[];
  /** Further lines of HTML for the head: what the page says to machines. */
  metadata?: readonly string[];
  /** Of the theme, where one decides how pages are laid out. */
  look?: Look | undefined;
}

/** The policy of every page: its own images and style, and nothing else from anywhere. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'";

/** The policy of a page of which the style has pictures or fonts in it: those load nothing either. */
function embedding(policy: string): string {
  return policy.replace("img-src 'self'", "img-src 'self' data:; font-src data:");
}

const SPECIAL = /[&<>"]/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** A text as HTML, also between double quotes. */
export function escapeHtml(text: string): string {
  return SPECIAL.test(text)
    ? text.replace(/[&<>"]/g, (character) => ESCAPES.get(character) ?? character)
    : text;
}

/** `<head>` of a page: policy, referrer, title, description, style; no script that runs and no inline style. */
export function pageHead(
  page: Pick<
    Shell,
    'title' | 'description' | 'style' | 'policy' | 'canonical' | 'alternates' | 'metadata' | 'look'
  >,
): string {
  const own = page.policy ?? CONTENT_SECURITY_POLICY;
  const policy = page.look?.embeds ? embedding(own) : own;
  const lines = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(page.title)}</title>`,
  ];
  if (page.description !== '')
    lines.push(`<meta name="description" content="${escapeHtml(page.description)}">`);
  lines.push(`<link rel="stylesheet" href="${escapeHtml(page.style)}">`);
  if (page.canonical !== undefined) lines.push(`<link rel="canonical" href="${escapeHtml(page.canonical)}">`);
  for (const { type, href, title } of page.alternates ?? []) {
    lines.push(
      `<link rel="alternate" type="${escapeHtml(type)}" href="${escapeHtml(href)}" title="${escapeHtml(title)}">`,
    );
  }
  lines.push(...(page.metadata ?? []));
  return `<head>\n${lines.join('\n')}\n</head>`;
}

/** The outlet's name and tagline on top of a page; the name leads to `home`, else to the outlet's own address where it has one. */
export function mastheadHeader(publication: Outlet, options: { home?: string } = {}): string {
  const href = options.home ?? externalUrl(publication.url ?? '');
  const name = escapeHtml(publication.name);
  const rel = options.home === undefined ? ' rel="noopener noreferrer"' : '';
  const linked = href === undefined ? name : `<a href="${escapeHtml(href)}"${rel}>${name}</a>`;
  const tagline =
    publication.tagline === '' ? '' : `\n<p class="tagline">${escapeHtml(publication.tagline)}</p>`;
  return `<header class="masthead" dir="auto">\n<p class="outlet">${linked}</p>${tagline}\n</header>`;
}

/** The end of a page: one paragraph for each piece of HTML. `attributes` starts with a space. */
export function pageFooter(paragraphs: readonly string[], attributes = ''): string {
  return `<footer class="colophon"${attributes}>\n${paragraphs.map((html) => `<p>${html}</p>\n`).join('')}</footer>`;
}

/** A complete page, from `<!DOCTYPE html>` to the last newline. */
export function renderShell(page: Shell): string {
  const masthead = mastheadHeader(page.publication, page.home === undefined ? {} : { home: page.home });
  const open = `<!DOCTYPE html>\n<html lang="${escapeHtml(page.lang)}" dir="${direction(page.lang)}">`;
  const body = page.isWide ? '<body class="wide">' : '<body>';
  const main = `<main>\n${page.main}</main>`;
  const inside = layOut({ ...page, masthead, main });
  return printable(`${open}\n${pageHead(page)}\n${body}\n${inside}\n</body>\n</html>\n`);
}

/** What stands in the body of a page: as its theme has it, else one below the other. */
function layOut({
  lang,
  publication,
  masthead,
  navigation = '',
  main,
  footer,
  look,
}: Shell & { masthead: string }): string {
  const parts = { masthead, navigation, main, footer };
  if (look?.page !== undefined) {
    const { name, tagline } = publication;
    return look.page(parts, { language: lang, direction: direction(lang), outlet: { name, tagline } });
  }
  const above = navigation === '' ? masthead : `${masthead}\n${navigation}`;
  return `${above}\n${main}\n${footer}`;
}
