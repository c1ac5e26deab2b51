import type { CssNode, Selector } from 'css-tree';
import type { PageElement } from './markup.ts';

/** Pseudo-elements that are something else than the element. */
const BESIDE: ReadonlySet<string> = new Set([
  'before',
  'after',
  'marker',
  'backdrop',
  'selection',
  'placeholder',
]);

/** What of an element a selector is about: itself, or what a pseudo-element puts beside it. */
export type Aspect = 'self' | 'beside';

/** Which aspect of its elements a selector is about. */
export function aspectOf({ children }: Selector): Aspect {
  // A state may follow, and the oldest of them are written with one colon too.
  const isBeside = (node: CssNode): boolean =>
    (node.type === 'PseudoElementSelector' || node.type === 'PseudoClassSelector') &&
    BESIDE.has(node.name.toLowerCase());
  return children.some(isBeside) ? 'beside' : 'self';
}

/**
 * Whether a selector may match an element. What cannot be said for sure (states, `:is()`, attributes, siblings, what `&` stands
 * for) counts as a match.
 */
export function mayMatch(selector: Selector, element: PageElement): boolean {
  return matchFrom(selector.children.toArray(), element);
}

function matchFrom(nodes: readonly CssNode[], element: PageElement): boolean {
  const at = nodes.findLastIndex(({ type }) => type === 'Combinator');
  if (!nodes.slice(at + 1).every((node) => matchSimple(node, element))) return false;
  const combinator = nodes[at];
  if (combinator?.type !== 'Combinator') return true;
  const rest = nodes.slice(0, at);
  if (rest.length === 0 || !(combinator.name === ' ' || combinator.name === '>')) return true;
  for (let up = element.parent; up !== undefined; up = up.parent) {
    if (matchFrom(rest, up)) return true;
    if (combinator.name === '>') return false;
  }
  return false;
}

function matchSimple(node: CssNode, { name, classes, id }: PageElement): boolean {
  if (node.type === 'TypeSelector') {
    // Of a name in a namespace only what comes after it counts: `*|h1` is every h1.
    const type = node.name.slice(node.name.lastIndexOf('|') + 1).toLowerCase();
    return type === '*' || type === name;
  }
  if (node.type === 'ClassSelector') return classes.includes(node.name);
  if (node.type === 'IdSelector') return node.name === id;
  return true;
}
