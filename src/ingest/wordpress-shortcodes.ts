import { escapeHtml } from '../article/html.ts';
import type { Losses } from './losses.ts';

/** A file of the media library. */
export interface Attachment {
  id: string;
  url: string;
  alt?: string;
  caption?: string;
  /** The post that it was added to. */
  parent?: string;
}

/** What a shortcode may look up. */
export interface Library {
  attachments: ReadonlyMap<string, Attachment>;
  /** The pictures that were added to the post. */
  own(): Attachment[];
  losses: Losses;
}

const NAME = '[A-Za-z][\\w-]{0,40}';
const ATTRIBUTES = `(?:\\s+[\\w-]{1,60}\\s*=\\s*(?:"[^"]{0,2000}"|'[^']{0,2000}'|[^\\s\\]"'/]{1,500}))*`;
const CODE = /\[(code|sourcecode)(\s[^\]]{0,300})?\]([\s\S]*?)\[\/\1\]/gi;
const CAPTION = /\[(?:wp_)?caption(\s[^\]]{0,2000})?\]([\s\S]*?)\[\/(?:wp_)?caption\]/gi;
const EMBED = /\[embed(?:\s[^\]]{0,300})?\]\s*(https?:\/\/[^\s[\]<>"]{1,2000})\s*\[\/embed\]/gi;
const ANY = new RegExp(`\\[(\\/?)(${NAME})(${ATTRIBUTES})\\s*\\/?\\](?!\\()`, 'g');
const ESCAPED = new RegExp(`\\[(\\[\\/?${NAME}${ATTRIBUTES}\\s*\\/?\\])\\]`, 'g');
const ATTRIBUTE = /([\w-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s\]]+))/g;
const IMAGE = /\.(?:jpe?g|png|gif|webp|svg|avif)(?:\?|$)/i;
const VERBATIM = /<(pre|code)\b[^<>]*>[\s\S]*?<\/\1\s*>/gi;
/** Shortcodes that stand without attributes. */
const KNOWN = new Set(
  'gallery playlist audio video contact-form contact-form-7 nextpage more toc'.split(' '),
);

/** HTML with WordPress' own shortcodes as what they show; all others are taken out and listed. Code is left alone. */
export function expandShortcodes(html: string, library: Library): string {
  if (!html.includes('[')) return html;
  const coded = html.replace(CODE, (_all, _name, attributes: string | undefined, code: string) =>
    codeBlock(
      code,
      attributesOf(attributes ?? '').get('language') ?? attributesOf(attributes ?? '').get('lang'),
    ),
  );
  return keeping(coded, VERBATIM, (text) => {
    const shown = text
      .replace(CAPTION, (_all, attributes: string | undefined, inside: string) =>
        figure(attributes ?? '', inside),
      )
      .replace(
        EMBED,
        (_all, url: string) => `\n\n<p><a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>\n\n`,
      );
    return keeping(shown, ESCAPED, (part) => expandOthers(part, library), '\x02').replace(ESCAPED, '$1');
  });
}

function expandOthers(text: string, library: Library): string {
  const ended = new Set(Array.from(text.matchAll(/\[\/([A-Za-z][\w-]{0,40})\]/g), ([, name = '']) => name));
  return text.replace(ANY, (all: string, end: string, name: string, written: string) => {
    const isShortcode = written.trim() !== '' || ended.has(name) || KNOWN.has(name.toLowerCase());
    if (!isShortcode) return all;
    return end === '/' ? '' : expand(name.toLowerCase(), attributesOf(written), library);
  });
}

function expand(name: string, attributes: ReadonlyMap<string, string>, library: Library): string {
  const { losses } = library;
  if (name === 'gallery') return gallery(attributes, library);
  const source = [...attributes].find(
    ([key, value]) => /^(?:src|mp3|mp4|m4a|ogg|webm|url)$/.test(key) && /^https?:/.test(value),
  );
  if (source === undefined) {
    losses.add('shortcode', `the shortcode [${name}] is left out`);
    return '';
  }
  losses.add('shortcode', `the shortcode [${name}] became a link to ${source[1]}`);
  return `\n\n<p><a href="${escapeHtml(source[1])}">${escapeHtml(source[1])}</a></p>\n\n`;
}

function gallery(attributes: ReadonlyMap<string, string>, { attachments, own, losses }: Library): string {
  const ids = (attributes.get('ids') ?? attributes.get('include') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  const named = ids.flatMap((id) => attachments.get(id) ?? []);
  const shown = (ids.length === 0 ? own() : named).filter(({ url }) => IMAGE.test(url));
  if (shown.length === 0)
    losses.add('shortcode', 'a gallery is left out: its pictures are not in the export');
  return shown.map((image) => picture(image)).join('');
}

function picture({ url, alt, caption }: Attachment): string {
  const words = alt === undefined ? '' : ` alt="${escapeHtml(alt)}"`;
  const below = caption === undefined ? '' : `<figcaption>${caption}</figcaption>`;
  return `\n\n<figure><img src="${escapeHtml(url)}"${words}>${below}</figure>\n\n`;
}

function figure(written: string, inside: string): string {
  const image = /^\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*<\/a>)?)([\s\S]*)$/i.exec(inside);
  if (image === null) return inside;
  const words = attributesOf(written).get('caption') ?? (image[2] ?? '').trim();
  const below = words === '' ? '' : `<figcaption>${words}</figcaption>`;
  return `\n\n<figure>${image[1]}${below}</figure>\n\n`;
}

function codeBlock(code: string, language = ''): string {
  const isNamed = /^[\w+#.-]{1,30}$/.test(language);
  const text = code.replace(/&(?=(?:lt|gt|amp|quot|#0?39);)/g, '&').replace(/<(?!\/?(?:br|p)\b)/g, '&lt;');
  return `\n\n<pre${isNamed ? ` class="language-${language}"` : ''}>${text}</pre>\n\n`;
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    found.set(name.toLowerCase(), double ?? single ?? bare ?? '');
  }
  return found;
}

/**
 * Changes a text but for what a pattern finds in it.
 *
 * @param mark stands for a piece; one inside another needs another. No text holds it: control characters were taken out.
 */
export function keeping(
  text: string,
  kept: RegExp,
  change: (text: string) => string,
  mark: '\x01' | '\x02' = '\x01',
): string {
  const pieces: string[] = [];
  const changed = change(text.replace(kept, (piece) => `${mark}${pieces.push(piece) - 1}${mark}`));
  return changed.replace(
    new RegExp(`${mark}(\\d+)${mark}`, 'g'),
    (_all, index: string) => pieces[Number(index)] ?? '',
  );
}
