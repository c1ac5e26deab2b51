import type TurndownService from 'turndown';
import { type BodyContext, destination, fileNameOf, resolveLink } from './body-context.ts';
import type { DomElement } from './dom.ts';
import { plainLine } from './plain-text.ts';
import { inside, oneLine } from './text-rules.ts';

const LAZY = ['data-src', 'data-lazy-src', 'data-original', 'data-orig-file'];

/** How links and images are written, and what is put in the place of what cannot be shown. */
export function addMediaRules(service: TurndownService, context: BodyContext): void {
  service.addRule('image', {
    filter: 'img',
    replacement: (_content, node) => image(node as DomElement, context),
  });
  service.addRule('inlineLink', {
    filter: 'a',
    replacement: (content, node) => link(content, node as DomElement, context),
  });
  service.addRule('player', {
    filter: ['iframe', 'video', 'audio', 'object', 'embed'],
    replacement: (_content, node) => player(node as DomElement, context),
  });
}

/** The address of an image, also of one that a script would load later. */
export function sourceOf(element: Pick<DomElement, 'getAttribute'>): string {
  const src = element.getAttribute('src')?.trim() ?? '';
  if (src !== '' && !src.startsWith('data:')) return src;
  for (const name of LAZY) {
    const later = element.getAttribute(name)?.trim();
    if (later) return later;
  }
  return src;
}

function image(element: DomElement, context: BodyContext): string {
  const address = sourceOf(element);
  if (address === '') return '';
  context.wanted.add(address);
  const alt = element.getAttribute('alt');
  const words = markdownText(alt ?? '');
  const shown = shownName(address);
  const placed = context.images.get(address);
  if (placed !== undefined && 'path' in placed) {
    if (alt === null) context.losses.add('alt', `the image ${shown} has no alt text: it is empty now`);
    return `![${words}](${destination(placed.path)})`;
  }
  const url = resolveLink(address, context);
  const why = placed === undefined ? '' : `: ${placed.reason}`;
  const text = words === '' ? markdownText(fileNameOf(address)) : words;
  if (url === undefined) {
    context.losses.add('image', `the image ${shown} is left out${why || ': it is not there'}`);
    return words;
  }
  context.losses.add('image', `the image ${shown} became a link${why}`);
  return inside(element, 'A') ? text : `[${text}](${destination(url)})`;
}

function shownName(address: string): string {
  return address.startsWith('data:') ? 'inside the text' : address.slice(0, 160);
}

function link(content: string, element: DomElement, context: BodyContext): string {
  const { losses, images } = context;
  const href = element.getAttribute('href')?.trim() ?? '';
  if (href === '') return content;
  const text = oneLine(content.replace(/^\s*#{1,6} /gm, ''));
  const placed = images.get(href);
  // An image that leads to itself in full: it is there.
  if (/^!\[(?:\\.|[^\]\\])*\]\([^()]*\)$/.test(text) && leadsToImage(href, placed)) return text;
  const url = resolveLink(href, context);
  if (url === undefined) {
    if (href.startsWith('#')) losses.add('link', 'a link to a place inside of the article became text');
    else losses.add('link', `the link to ${href.slice(0, 160)} became text`);
    return content;
  }
  return `[${text === '' ? markdownText(plainLine(url)) : text}](${destination(url)})`;
}

function leadsToImage(href: string, placed: unknown): boolean {
  return placed !== undefined || /\.(?:jpe?g|png|gif|webp|svg)(?:[?#]|$)/i.test(href);
}

/** Films, sound and frames of others become a link to what they show. */
function player(element: DomElement, context: BodyContext): string {
  const name = element.nodeName.toLowerCase();
  const source = element.querySelector('source, embed, a');
  const written =
    element.getAttribute('src') ??
    element.getAttribute('data-src') ??
    element.getAttribute('data') ??
    source?.getAttribute('src') ??
    source?.getAttribute('href') ??
    '';
  const url = written === '' ? undefined : resolveLink(written, context);
  context.losses.add(
    'element',
    url === undefined ? `<${name}> is left out` : `<${name}> became a link to ${url.slice(0, 160)}`,
  );
  if (url === undefined) return '';
  const title = element.getAttribute('title') ?? '';
  return `\n\n[${markdownText(title === '' ? url : title)}](${destination(url)})\n\n`;
}

/** A text of an attribute on one line, as Markdown. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<&]/g, '\\$&');
}
