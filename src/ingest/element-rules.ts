import type TurndownService from 'turndown';
import type { BodyContext } from './body-context.ts';
import type { DomElement } from './dom.ts';

/** What no article holds. Most say nothing to a reader; the rest is named. */
const SILENT = new Set([
  'STYLE',
  'LINK',
  'META',
  'BASE',
  'TITLE',
  'HEAD',
  'NOSCRIPT',
  'TEMPLATE',
  'SOURCE',
  'TRACK',
  'PARAM',
  'WBR',
]);
const NAMED = new Set(
  'SCRIPT FORM INPUT BUTTON SELECT TEXTAREA CANVAS SVG MATH MAP APPLET MARQUEE'.split(' '),
);
/** Lists that only hold the pictures of a gallery. */
const GALLERY = /(?:^|\s)(?:blocks-gallery-(?:grid|item)|gallery|wp-block-gallery)(?:\s|$)/;

/** What is left out of a body, and the lists that are none. */
export function addElementRules(service: TurndownService, { losses }: BodyContext): void {
  service.addRule('leftOut', {
    filter: (node) => isNamed(node) || SILENT.has(node.nodeName.toUpperCase()),
    replacement: (_content, node) => {
      if (isNamed(node)) losses.add('element', `<${node.nodeName.toLowerCase()}> is left out`);
      return '';
    },
  });
  service.addRule('gallery', {
    filter: (node) =>
      ['UL', 'OL', 'LI'].includes(node.nodeName) && GALLERY.test(node.getAttribute('class') ?? ''),
    replacement: (content) => `\n\n${content}\n\n`,
  });
}

/** A box to tick in a list says something; any other field asks. */
function isNamed(node: DomElement): boolean {
  const name = node.nodeName.toUpperCase();
  return NAMED.has(name) && !(name === 'INPUT' && node.getAttribute('type') === 'checkbox');
}
