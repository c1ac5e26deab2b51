import type { CssNode, Declaration } from 'css-tree';
import type { Aspect } from './match-selector.ts';

const DISPLAYS: ReadonlySet<string> = new Set(
  (
    'block inline inline-block flow-root flow flex inline-flex grid inline-grid list-item contents table ' +
    'table-row table-cell table-caption table-row-group inherit initial revert revert-layer unset'
  ).split(' '),
);
/** What moves a box, and may move it out of sight. */
const MOVES = /^(?:margin|margin-.*|inset|inset-.*|top|right|bottom|left)$/;
/** The smallest sizes of type, by unit: about 9 pixels. */
const SMALLEST: Readonly<Record<string, number>> = {
  ...{ px: 9, pt: 7, pc: 0.6, in: 0.1, cm: 0.25, mm: 2.4, q: 9.5 },
  ...{ em: 0.6, rem: 0.6, ic: 0.6, ric: 0.6, lh: 0.4, rlh: 0.4 },
  ...{ ex: 1.2, rex: 1.2, ch: 1.2, rch: 1.2, cap: 0.8, rcap: 0.8, vmin: 1, '%': 60 },
};
/** Of other units, which are a hundredth of the window each. */
const SMALLEST_OF_WINDOW = 2;

/** The least distance of lines, in their own size, at which they can be read. */
const LOWEST = 0.7;

/**
 * Whether a declaration would hide what it is about, as far as that is plain to see and the guard before the style does not prevent it:
 * by no box at all, by type without size or colour, or out of the page. Of what is put beside an element: whether it could lie over it.
 */
export function hides({ property, value }: Declaration, aspect: Aspect): boolean {
  const name = property.toLowerCase();
  const values = value.type === 'Value' ? value.children.toArray() : [];
  if (aspect === 'beside')
    return name === 'position' && !values.every((each) => isWord(each, 'static', 'relative'));
  if (name === 'display')
    return !values.every((each) => each.type === 'Identifier' && DISPLAYS.has(each.name));
  if (name === 'font-size') return values.some(isTiny);
  if (name === 'font')
    return values.some((each) => (each.type === 'Number' ? Number(each.value) === 0 : isTiny(each)));
  if (name === 'line-height') return values.some(isLow);
  if (name === 'color' || name === '-webkit-text-fill-color')
    return values.some((each) => isWord(each, 'transparent'));
  return MOVES.test(name) && values.some(isNegative);
}

/** Whether a declaration lays something over the page, wherever that is read. */
export function liesOver({ property, value }: Declaration): boolean {
  if (property.toLowerCase() !== 'position' || value.type !== 'Value') return false;
  return value.children.some((each) => each.type === 'Function' || isWord(each, 'fixed'));
}

function isWord(node: CssNode, ...words: string[]): boolean {
  return node.type === 'Identifier' && words.includes(node.name.toLowerCase());
}

function isTiny(node: CssNode): boolean {
  if (node.type === 'Number') return true;
  if (node.type === 'Percentage') return Number(node.value) < (SMALLEST['%'] ?? 0);
  return (
    node.type === 'Dimension' &&
    Number(node.value) < (SMALLEST[node.unit.toLowerCase()] ?? SMALLEST_OF_WINDOW)
  );
}

/** Lines that lie on each other: by their own size, or by the sizes of type that are too small. */
function isLow(node: CssNode): boolean {
  return node.type === 'Number' ? Number(node.value) < LOWEST : isTiny(node);
}

function isNegative(node: CssNode): boolean {
  const isNumber = node.type === 'Dimension' || node.type === 'Percentage' || node.type === 'Number';
  return isNumber && Number(node.value) < 0;
}
