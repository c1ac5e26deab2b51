import { escapeHtml } from '../../article/html.ts';
import { fill, wordsAttributes } from '../../article/interface-words.ts';
import { time } from '../../article/page-parts.ts';
import { externalUrl } from '../../article/references.ts';
import { type Masthead, ROLES, type RoleName } from '../../trust/masthead.ts';
import type { Publication } from '../publication.ts';
import type { SiteWords } from '../words/site-words.ts';
import { siteWords } from '../words/words.ts';
import { renderSitePage } from './page.ts';
import { QR_PATH, QR_PIXELS } from './qr-code.ts';

/** What the page about a publication says beside its name. */
export interface AboutPublication {
  /** The newest one: whose signatures count. */
  masthead: Pick<Masthead, 'version' | 'expires' | 'roles'>;
  /** IPNS names that lead to it. */
  names: readonly string[];
  /** As the manifest has them. */
  mirrors: readonly string[];
}

/** `about.html`: who this is, by which keys, how it is checked, and how it is kept. */
export function renderAboutPage(publication: Publication, about: AboutPublication): string {
  const { language, name, tagline } = publication;
  const words = siteWords(language);
  const title = fill(words.aboutTitle, { name });
  const summary = tagline === '' ? '' : `<p class="summary" dir="auto">${escapeHtml(tagline)}</p>`;
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    summary,
    identity(publication, words),
    names(about, words),
    keys(about, words, language),
    commands(words.howToCheck, words.checkText, [`ovn verify --publication ${publication.id} FILE.car`]),
    commands(words.howToMirror, words.mirrorText, [
      'ovn init --mirror mirror',
      'cd mirror',
      `ovn follow ${publication.id}`,
      'ovn serve',
    ]),
    mirrors(about, words),
  ];
  const main = parts.filter((part) => part !== '').join('\n');
  return renderSitePage(publication, {
    title,
    top: './',
    here: 'about',
    main: `<div class="about"${wordsAttributes(words, language)}>\n${main}\n</div>\n`,
  });
}

function identity({ id }: Publication, words: SiteWords): string {
  const image = `<img src="${QR_PATH}" alt="${escapeHtml(words.qrCode)}" width="${QR_PIXELS}" height="${QR_PIXELS}">`;
  return part(
    words.publicationId,
    `<p><code>${escapeHtml(id)}</code></p>\n<p>${image}</p>\n<p>${escapeHtml(words.idText)}</p>`,
  );
}

function names({ names: listed }: AboutPublication, words: SiteWords): string {
  if (listed.length === 0) return '';
  const items = listed.map((name) => `<p><code>/ipns/${escapeHtml(name)}</code></p>`).join('\n');
  return part(words.name, `${items}\n<p>${escapeHtml(words.nameText)}</p>`);
}

function keys({ masthead }: AboutPublication, words: SiteWords, language: string): string {
  const version = `<a href="masthead/${masthead.version}.json">${masthead.version}</a>`;
  const text = fill(words.keysText, { version, date: time(masthead.expires, language) });
  const roles = ROLES.map((role) => roleKeys(role, masthead, words)).join('\n');
  return part(words.keys, `<p>${text}</p>\n<dl class="keys">\n${roles}\n</dl>`);
}

function roleKeys(role: RoleName, { roles }: AboutPublication['masthead'], words: SiteWords): string {
  const { keys: listed, threshold } = roles[role];
  const counts = { threshold: String(threshold), count: String(listed.length) };
  const needed = listed.length === 1 ? '' : ` <span class="meta">${fill(words.threshold, counts)}</span>`;
  const dids = listed.map(({ id, categories = [] }) => {
    const limits =
      categories.length === 0 ? '' : ` <span class="meta">${escapeHtml(categories.join(', '))}</span>`;
    return `<dd><code>${escapeHtml(id)}</code>${limits}</dd>`;
  });
  return `<dt>${escapeHtml(words.roles[role])}${needed}</dt>\n${dids.join('\n')}`;
}

function commands(title: string, text: string, lines: readonly string[]): string {
  const code = lines.map(escapeHtml).join('\n');
  return part(title, `<p>${escapeHtml(text)}</p>\n<pre tabindex="0"><code>${code}</code></pre>`);
}

function mirrors({ mirrors: listed }: AboutPublication, words: SiteWords): string {
  if (listed.length === 0) return '';
  const items = listed.map((mirror) => {
    const address = externalUrl(mirror);
    const text = `<code>${escapeHtml(mirror)}</code>`;
    const link = `<a href="${escapeHtml(mirror)}" rel="noopener noreferrer">${text}</a>`;
    return `<li>${address === undefined ? text : link}</li>`;
  });
  return part(words.mirrors, `<ul>\n${items.join('\n')}\n</ul>`);
}

function part(title: string, body: string): string {
  return `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
}
