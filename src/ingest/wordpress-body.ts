import { escapeHtml } from '../article/html.ts';
import { keeping } from './keeping.ts';
import { tidy } from './plain-text.ts';
import { expandShortcodes, type Library, verbatim } from './wordpress-shortcodes.ts';

const BLOCKS = /<!--\s*wp:/;
/** A block that WordPress makes anew at each visit. */
const DYNAMIC = /<!--\s*wp:([a-z][a-z0-9/-]{0,60})\s+(?:\{[^<>]{0,5000}\}\s+)?\/-->/g;
const EMBED = /(<div class="wp-block-embed__wrapper">)\s*(https?:\/\/[^\s<>"]{1,2000})\s*(?=<\/div>)/g;
const LONE_ADDRESS = /^[ \t]*(https?:\/\/[^\s<>"[\]]{1,2000})[ \t]*$/gm;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
const VERBATIM = /<(pre|script|style|textarea)\b[^<>]*>/gi;
const BLOCK =
  'address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|menu|nav|' +
  'ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|iframe|video|audio';
const OPENING = new RegExp(`(<(?:${BLOCK})\\b[^<>]*>)`, 'gi');
const CLOSING = new RegExp(`(</(?:${BLOCK})\\s*>|<hr\\b[^<>]*>)`, 'gi');
const STARTS_BLOCK = new RegExp(`^(?:</?(?:${BLOCK})\\b|\\x01\\d+\\x01$)`, 'i');

/**
 * The HTML of a WordPress post as its readers saw it: shortcodes expanded; paragraphs made of lines, as WordPress does for
 * texts without blocks; blocks without a text of their own listed.
 */
export function wordpressBody(content: string, library: Library): string {
  const expanded = expandShortcodes(tidy(content), library);
  if (!BLOCKS.test(content)) return paragraphs(withLinks(expanded.replace(COMMENT, '')));
  const listed = expanded.replace(DYNAMIC, (_all, name: string) => {
    library.losses.add('element', `the block ${name} is left out`);
    return '';
  });
  const embedded = listed.replace(EMBED, (_all, start: string, url: string) => `${start}${link(url)}`);
  return embedded.replace(COMMENT, '');
}

/** An address alone on a line is what WordPress embeds. */
function withLinks(html: string): string {
  return html.replace(LONE_ADDRESS, (_all, url: string) => link(url));
}

function link(url: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`;
}

/** As WordPress' `wpautop`: empty lines part paragraphs, ends of lines are line breaks; elements that are blocks are left alone. */
function paragraphs(html: string): string {
  return keeping(html, verbatim(VERBATIM), (text) => {
    const apart = text.replace(OPENING, '\n\n$1').replace(CLOSING, '$1\n\n');
    const parts = apart.split(/\n[ \t]*(?:\n[ \t]*)+/).map((part) => part.trim());
    return parts
      .filter((part) => part !== '')
      .map((part) => (STARTS_BLOCK.test(part) ? part : `<p>${part.replace(/\n/g, '<br>\n')}</p>`))
      .join('\n');
  });
}
