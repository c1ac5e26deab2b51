import { printable } from '../../article/characters.ts';

export { escapeHtml as escapeXml } from '../../article/html.ts';

/** The same text with U+FFFD for what XML 1.0 may not hold: what HTML may not, and the form feed. */
export function xmlText(text: string): string {
  return printable(text).replaceAll('\f', '\ufffd');
}
