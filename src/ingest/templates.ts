import type { Fields } from './foreign-front-matter.ts';
import { keeping } from './keeping.ts';
import type { Losses } from './losses.ts';
import { outsideCode } from './outside-code.ts';
import { replaceSpans } from './replace-spans.ts';

const RAW = /\{%-?\s*raw\s*-?%\}/g;
const RAW_END = /\{%-?\s*endraw\s*-?%\}/g;
const HIGHLIGHT =
  /\{%-?\s*highlight\s+([\w+#.-]{1,30})[^%]{0,200}%\}|\{\{[<%]\s*highlight\s+"?([\w+#.-]{1,30})[^>]{0,200}[>%]\}\}/g;
const HIGHLIGHT_END = { liquid: /\{%-?\s*endhighlight\s*-?%\}/g, hugo: /\{\{[<%]\s*\/highlight\s*[>%]\}\}/g };
const SILENT = /\{%-?\s*comment\s*-?%\}|\{#-?\s|\{\{[<%]?\/\*/g;
const SILENT_END: Readonly<Record<string, RegExp>> = {
  '{%': /\{%-?\s*endcomment\s*-?%\}/g,
  '{#': /#\}/g,
  '{{': /\*\/[>%]?\}\}/g,
};
/** These end before the next of their kind starts: none is looked through twice. */
const TAG = /\{%-?\s*(\/?[\w./-]{1,60})((?:(?!\{%|%\})[\s\S]){0,2000})%\}/g;
const SHORTCODE = /\{\{[<%]\s*(?:(\/)\s*)?([\w./-]{1,60})((?:(?!\{\{|\}\})[\s\S]){0,2000})\}\}/g;
const VALUE = /\{\{-?\s*([^\s}](?:(?!\{\{|\}\})[\s\S]){0,999})\}\}/g;
const ATTRIBUTE_LIST =
  /^[ \t]*\{:[^}\n]{0,200}\}[ \t]*$|\{:[^}\n]{0,200}\}|(?<=^#{1,6} [^\n]{0,300})[ \t]*\{[#.][^}\n]{0,100}\}[ \t]*$/gm;
const TOC =
  /^[ \t]*(?:[-*+] |\d\. )TOC[ \t]*\n[ \t]*\{:[ \t]*toc[^}\n]*\}[ \t]*$|^[ \t]*\[\[?_?toc_?\]?\][ \t]*$/gim;
const IMAGE = /\.(?:jpe?g|png|gif|webp|svg|avif)(?:[?#][^\s"]*)?$/i;
const VIDEOS: Readonly<Record<string, string>> = {
  youtube: 'https://www.youtube.com/watch?v=',
  vimeo: 'https://vimeo.com/',
};
/** Tags that only steer what is made of their content. */
const STEERING =
  /^(?:end\w*|\/\w+|if|unless|else|elsif|for|assign|capture|set|case|when|block|extends|macro)$/;

/** What templates may write out. */
export interface TemplateSite {
  settings: Fields;
  /** The path of the site's root on its host, without `/` at its end. */
  root: string;
}

/**
 * A text without the tags of Liquid (Jekyll, Eleventy), Tera (Zola) and Hugo: what shows a picture or leads to a film becomes that, what
 * stands around a text leaves it there, and all that is lost is listed. Code is left alone, and so is what is marked as `raw`.
 */
export function withoutTemplates(text: string, losses: Losses, site: TemplateSite): string {
  if (!/\{[{%#:.]|\[toc|\{#/i.test(text)) return text;
  return keeping(text, rawParts, (rest) => {
    const code = replaceSpans(
      rest.replace(RAW, '').replace(RAW_END, ''),
      HIGHLIGHT,
      ([, liquid]) => (liquid === undefined ? HIGHLIGHT_END.hugo : HIGHLIGHT_END.liquid),
      ({ start: [, liquid, hugo = ''], inside }) => fence(liquid ?? hugo, inside),
    );
    return outsideCode(code, (part) => cleanPart(part, losses, site));
  });
}

/** What is marked as no template, without the marks. */
function rawParts(text: string, put: (piece: string) => string): string {
  return replaceSpans(
    text,
    RAW,
    () => RAW_END,
    ({ inside }) => put(inside),
  );
}

function cleanPart(part: string, losses: Losses, site: TemplateSite): string {
  return replaceSpans(
    part,
    SILENT,
    ([mark]) => SILENT_END[mark.slice(0, 2)] ?? /$/g,
    () => '',
  )
    .replace(TOC, '')
    .replace(SHORTCODE, (_all, end: string | undefined, name: string, rest: string) =>
      end === '/' ? '' : shortcode(name, rest.replace(/\/?\s*[>%]?$/, ''), losses),
    )
    .replace(TAG, (_all, name: string, rest: string) => tag(name, rest.replace(/-$/, ''), losses))
    .replace(VALUE, (_all, expression: string) => value(expression.replace(/-$/, '').trimEnd(), losses, site))
    .replace(ATTRIBUTE_LIST, '');
}

function fence(language: string, code: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`{3,}/g), ([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `\n${mark}${language}\n${code.replace(/^\n+|\s+$/g, '')}\n${mark}\n`;
}

function tag(name: string, rest: string, losses: Losses): string {
  if (name === 'post_url' || name === 'link') return '#';
  if (STEERING.test(name)) return '';
  return shortcode(name === 'include' ? rest.trim().split(/\s/, 1)[0] || name : name, rest, losses);
}

/** What a shortcode shows, as far as its attributes tell. */
function shortcode(name: string, rest: string, losses: Losses): string {
  if (name === 'ref' || name === 'relref') return '#';
  const attributes = attributesOf(rest);
  const source = [...attributes.values()].find((text) => IMAGE.test(text));
  if (source !== undefined) return figure(source, attributes);
  const kind = name.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const video = VIDEOS[kind];
  const id = attributes.get('id') ?? attributes.get('0');
  if (video !== undefined && id !== undefined && /^[\w-]{3,40}$/.test(id)) {
    losses.add('shortcode', `the shortcode ${kind} became a link to ${video}${id}`);
    return `[${kind}](${video}${id})`;
  }
  losses.add('shortcode', `the shortcode ${name} is left out`);
  return '';
}

const ATTRIBUTE = /(?:([\w-]{1,40})\s*[=:]\s*)?(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'(),=]{1,500}))/g;

/** Named attributes by name; others by their number. */
function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single, bare] of text.matchAll(ATTRIBUTE)) {
    attributes.set((name ?? String(attributes.size)).toLowerCase(), double ?? single ?? bare ?? '');
  }
  return attributes;
}

function figure(source: string, attributes: ReadonlyMap<string, string>): string {
  const alt = attributes.get('alt');
  const caption = attributes.get('caption') ?? attributes.get('title');
  const image = `<img src="${escaped(source)}"${alt === undefined ? '' : ` alt="${escaped(alt)}"`}>`;
  return `\n\n<figure>${image}${caption === undefined ? '' : `<figcaption>${escaped(caption)}</figcaption>`}</figure>\n\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `{{ … }}`: addresses of the site are paths on its host; a call is a shortcode of Zola; anything else is lost. */
function value(expression: string, losses: Losses, { settings, root }: TemplateSite): string {
  if (/^site\.url$/i.test(expression)) return '';
  if (/^(?:site|config)\.base_?url$/i.test(expression)) return root;
  const setting = settings.get(/^site\.(\w{1,60})$/.exec(expression)?.[1]?.toLowerCase() ?? '');
  if (typeof setting === 'string' && setting.length < 200) return setting;
  const [, path, filter] =
    /^['"]([^'"]{1,500})['"]\s*\|\s*(relative_url|absolute_url|url)\b/.exec(expression) ?? [];
  if (path !== undefined) return filter === 'url' && !path.startsWith('/') ? path : inSite(path, root);
  const url = /^get_url\(\s*path\s*=\s*["']([^"']{1,500})["']/.exec(expression)?.[1];
  if (url !== undefined) return url.startsWith('@') ? '#' : inSite(url, root);
  const call = /^([\w.:]{1,60})\(([\s\S]*)\)$/.exec(expression);
  if (call !== null) return shortcode(call[1] ?? '', call[2] ?? '', losses);
  losses.add('shortcode', `{{ ${expression.replace(/\s+/g, ' ').slice(0, 60)} }} is left out`);
  return '';
}

/** A path from the site's root as one of its host; an address stays what it is. */
function inSite(path: string, root: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(path) ? path : `${root}/${path.replace(/^\//, '')}`;
}
