import { escapeHtml } from '../article/html.ts';
import { keeping, type Pieces } from './keeping.ts';
import type { Losses } from './losses.ts';
import { shorten } from './plain-text.ts';
import { endTag, replaceSpans } from './replace-spans.ts';

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
const CODE = /\[(code|sourcecode)(\s[^\]]{0,300})?\]/gi;
const CODE_END = { code: /\[\/code\]/gi, sourcecode: /\[\/sourcecode\]/gi } as const;
const CAPTION = /\[(?:wp_)?caption(\s[^\]]{0,2000})?\]/gi;
const CAPTION_END = /\[\/(?:wp_)?caption\]/gi;
const EMBED = /\[embed(?:\s[^\]]{0,300})?\]\s*(https?:\/\/[^\s[\]<>"]{1,2000})\s*\[\/embed\]/gi;
const ANY = new RegExp(`\\[(\\/?)(${NAME})(${ATTRIBUTES})\\s*\\/?\\](?!\\()`, 'g');
const ESCAPED = new RegExp(`\\[(\\[\\/?${NAME}${ATTRIBUTES}\\s*\\/?\\])\\]`, 'g');
const ATTRIBUTE = /([\w-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s\]]+))/g;
const IMAGE = /\.(?:jpe?g|png|gif|webp|svg|avif)(?:\?|$)/i;
const VERBATIM = /<(pre|code)\b[^<>]*>/gi;
/** Pictures of galleries in one post, and characters of what is said of one, at most. */
const LIMITS = { pictures: 500, url: 2000, alt: 1000, caption: 5000 } as const;
/** Shortcodes that stand without attributes. */
const KNOWN = new Set(
  'gallery playlist audio video contact-form contact-form-7 nextpage more toc'.split(' '),
);

/** HTML with WordPress' own shortcodes as what they show; all others are taken out and listed. Code is left alone. */
export function expandShortcodes(html: string, library: Library): string {
  if (!html.includes('[')) return html;
  const galleries = new Galleries(library);
  const coded = replaceSpans(html, CODE, endOfCode, ({ start: [, , written = ''], inside }) => {
    const attributes = attributesOf(written);
    return codeBlock(inside, attributes.get('language') ?? attributes.get('lang'));
  });
  return keeping(coded, verbatim(VERBATIM), (text) => {
    const captioned = replaceSpans(
      text,
      CAPTION,
      () => CAPTION_END,
      ({ start: [, written = ''], inside }) => figure(written, inside),
    );
    const shown = captioned.replace(
      EMBED,
      (_all, url: string) => `\n\n<p><a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>\n\n`,
    );
    const escaped: Pieces = (part, put) => part.replace(ESCAPED, put);
    return keeping(shown, escaped, (part) => expandOthers(part, library, galleries), '\x02').replace(
      ESCAPED,
      '$1',
    );
  });
}

function endOfCode([, name = '']: RegExpExecArray): RegExp {
  return name.toLowerCase() === 'code' ? CODE_END.code : CODE_END.sourcecode;
}

function expandOthers(text: string, { losses }: Library, galleries: Galleries): string {
  const ended = new Set(Array.from(text.matchAll(/\[\/([A-Za-z][\w-]{0,40})\]/g), ([, name = '']) => name));
  return text.replace(ANY, (all: string, end: string, name: string, written: string) => {
    const isShortcode = written.trim() !== '' || ended.has(name) || KNOWN.has(name.toLowerCase());
    if (!isShortcode) return all;
    if (end === '/') return '';
    const attributes = attributesOf(written);
    return name.toLowerCase() === 'gallery'
      ? galleries.show(attributes)
      : expand(name.toLowerCase(), attributes, losses);
  });
}

function expand(name: string, attributes: ReadonlyMap<string, string>, losses: Losses): string {
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

/** The galleries of one post. Threat: a post may show all its pictures again and again. */
class Galleries {
  readonly #library: Library;
  #own: Attachment[] | undefined;
  #left: number = LIMITS.pictures;

  constructor(library: Library) {
    this.#library = library;
  }

  show(attributes: ReadonlyMap<string, string>): string {
    const { attachments, own, losses } = this.#library;
    const ids = (attributes.get('ids') ?? attributes.get('include') ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean);
    if (ids.length === 0) this.#own ??= own();
    const named = ids.length === 0 ? (this.#own ?? []) : ids.flatMap((id) => attachments.get(id) ?? []);
    const there = named.filter(({ url }) => IMAGE.test(url) && url.length <= LIMITS.url);
    if (there.length === 0)
      losses.add('shortcode', 'a gallery is left out: its pictures are not in the export');
    const shown = there.slice(0, this.#left);
    this.#left -= shown.length;
    if (shown.length < there.length)
      losses.add('image', `pictures of galleries beyond ${LIMITS.pictures} are left out`);
    return shown.map((image) => picture(image)).join('');
  }
}

function picture({ url, alt, caption = '' }: Attachment): string {
  const words = alt === undefined ? '' : ` alt="${escapeHtml(shorten(alt, LIMITS.alt))}"`;
  const isSaid = caption !== '' && caption.length <= LIMITS.caption;
  const below = isSaid ? `<figcaption>${caption}</figcaption>` : '';
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
  const text = code.replace(/<(?!\/?(?:br|p)\b)/g, '&lt;');
  return `\n\n<pre${isNamed ? ` class="language-${language}"` : ''}>${text}</pre>\n\n`;
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    found.set(name.toLowerCase(), double ?? single ?? bare ?? '');
  }
  return found;
}

/** Elements as they are, by the pattern of their start tag, whose first group is their name. */
export function verbatim(start: RegExp): Pieces {
  return (text, put) =>
    replaceSpans(
      text,
      start,
      ([, name = '']) => endTag(name),
      ({ whole }) => put(whole),
    );
}
