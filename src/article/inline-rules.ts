import type { RenderRuleRecord } from 'markdown-it/lib/renderer.mjs';
import type Token from 'markdown-it/lib/token.mjs';
import type { BodyState } from './body-state.ts';
import { escapeHtml } from './html.ts';
import { sizeAttributes } from './picture.ts';
import { classifyReference } from './references.ts';

const REL = ' rel="noopener noreferrer"';
const LINKED =
  'only http(s), mailto, ipfs and ipns addresses, #fragments and the article’s own images are linked';

/** How links, images and line breaks of a body are written. The environment of each rule is a {@link BodyState}. */
export const INLINE_RULES: RenderRuleRecord = {
  link_open: (tokens, index, _options, state: BodyState) => openLink(tokens, index, state),
  link_close: (_tokens, _index, _options, state: BodyState) => closeLink(state),
  image: (tokens, index, _options, state: BodyState) => image(tokens[index], state),
  softbreak: (tokens, index, _options, state: BodyState) => {
    state.line++;
    return isInsideWords(tokens, index) ? '' : '\n';
  },
  hardbreak: (_tokens, _index, _options, state: BodyState) => {
    state.line++;
    return '<br>\n';
  },
};

/** Han, kana, and the marks that are written with them. Korean puts spaces between words. */
const UNSPACED =
  '[\\u2e80-\\u2fdf\\u3000-\\u30ff\\u3190-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff01-\\uff60\\u{20000}-\\u{3fffd}]';
const ENDS_UNSPACED = new RegExp(`${UNSPACED}$`, 'u');
const BEGINS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u');

/** Whether a line ends where no space belongs: browsers would show one. */
function isInsideWords(tokens: readonly Token[], index: number): boolean {
  return (
    ENDS_UNSPACED.test(textBeside(tokens, index, -1)) && BEGINS_UNSPACED.test(textBeside(tokens, index, 1))
  );
}

/** The nearest text of the same line, past the ends of emphasis and links. */
function textBeside(tokens: readonly Token[], index: number, step: -1 | 1): string {
  for (let at = index + step; ; at += step) {
    const token = tokens[at];
    if (token === undefined || token.type.endsWith('break')) return '';
    if (token.content !== '') return token.content;
  }
}

/** The text of inline tokens, as a screen reader or a heading's id has it. */
export function plainText(tokens: readonly Token[] | null): string {
  let text = '';
  for (const token of tokens ?? []) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') text += ' ';
    else text += token.type === 'image' ? plainText(token.children) : token.content;
  }
  return text;
}

function openLink(tokens: Token[], index: number, state: BodyState): string {
  const token = tokens[index];
  const address = attribute(token, 'href');
  const target = linkTarget(address, state);
  if (target === undefined) {
    state.warn(`the link to "${shown(address)}" is shown as text: ${LINKED}`);
    return '';
  }
  state.inLink = true;
  return `<a href="${escapeHtml(target.href)}"${titleOf(token)}${target.rel}${name(tokens, index, address)}`;
}

function closeLink(state: BodyState): string {
  const open = state.inLink;
  state.inLink = false;
  return open ? '</a>' : '';
}

function linkTarget(address: string, state: BodyState): { href: string; rel: string } | undefined {
  const reference = classifyReference(address);
  switch (reference.kind) {
    case 'external':
      return { href: reference.url, rel: REL };
    case 'fragment':
      return { href: reference.url, rel: '' };
    case 'local': {
      const href = state.options.resolveMedia(reference.path);
      return href === undefined ? undefined : { href, rel: '' };
    }
    case 'other':
      return undefined;
  }
}

/** Ends the opening tag. A link without text shows its address; one around a decorative image is named by it. */
function name(tokens: Token[], index: number, address: string): string {
  let end = index + 1;
  while (end < tokens.length && tokens[end]?.type !== 'link_close') end++;
  const inside = tokens.slice(index + 1, end);
  if (plainText(inside).trim() !== '') return '>';
  const label = escapeHtml(address);
  return inside.some((token) => token.type === 'image') ? ` aria-label="${label}">` : `>${label}`;
}

function image(token: Token | undefined, state: BodyState): string {
  const address = attribute(token, 'src');
  const alt = plainText(token?.children ?? null).trim();
  const text = escapeHtml(alt === '' ? shown(address) : alt);
  const reference = classifyReference(address);
  if (reference.kind === 'local') return localImage(reference.path, alt, token, state) ?? text;
  if (reference.kind !== 'external' || address.slice(0, 7).toLowerCase() === 'mailto:') {
    state.warn(
      `the image "${shown(address)}" is shown as text: expected the path of a file beside the source`,
    );
    return text;
  }
  state.warn(
    `the image "${shown(address)}" is on another server and is shown as a link: keep a copy beside the source to show it`,
  );
  return state.inLink ? text : `<a href="${escapeHtml(reference.url)}"${REL}>${text}</a>`;
}

function localImage(
  reference: string,
  alt: string,
  token: Token | undefined,
  state: BodyState,
): string | undefined {
  state.references.add(reference);
  if (alt === '') state.warn(`the image "${reference}" has no alt text and counts as decoration`);
  const path = state.options.resolveMedia(reference);
  if (path === undefined) return undefined;
  const image = state.options.image?.(path);
  const size = image === undefined ? '' : sizeAttributes(image);
  return `<img src="${escapeHtml(path)}" alt="${escapeHtml(alt)}"${titleOf(token)}${size} loading="lazy" decoding="async">`;
}

function titleOf(token: Token | undefined): string {
  const title = attribute(token, 'title');
  return title === '' ? '' : ` title="${escapeHtml(title)}"`;
}

function attribute(token: Token | undefined, key: string): string {
  return token?.attrGet(key) ?? '';
}

/** An address as messages and texts show it: not a page long, as an image in a `data:` URL would be. */
function shown(address: string): string {
  return address.length <= 200 ? address : `${address.slice(0, 200)}…`;
}
