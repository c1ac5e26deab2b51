import { scanTags } from './scan-tags.ts';

/** What HTML may be at most before it is given to a parser: see {@link isTooCostly}. */
export const HTML_LIMITS = {
  /** Characters. */
  length: 4 * 1024 * 1024,
  /** Elements inside each other. */
  depth: 200,
  tags: 100_000,
  /** Elements that a parser may have to open again, all together. */
  reopened: 200_000,
  /** Elements that each tag stands in, all together: a quotation's mark stands before each line for each of them. */
  nested: 2_000_000,
} as const;

const VOID = new Set(
  'area base br col embed frame hr img input keygen link meta param source track wbr'.split(' '),
);
/** Elements that the next of their kind ends. */
const ENDED_BY_NEXT = new Set('p li dd dt td th tr tbody thead tfoot option'.split(' '));
/** Elements that a parser opens again in each block, as long as they are not ended. */
const FORMATTING = new Set('a b big code em font i nobr s small strike strong tt u'.split(' '));

/**
 * Whether a parser of HTML could be kept busy, or made to nest without end, by a text: elements that are opened and never
 * ended are opened anew in every block. A count of the tags decides, before anything is parsed; it never counts less
 * than a parser nests.
 */
export function isTooCostly(html: string): boolean {
  if (html.length > HTML_LIMITS.length) return true;
  const open = new OpenElements();
  let tags = 0;
  let reopened = 0;
  let nested = 0;
  for (const { name, isEnd } of scanTags(html)) {
    if (isEnd) open.end(name);
    else open.start(name);
    reopened += open.formatting;
    nested += open.depth;
    if (++tags > HTML_LIMITS.tags || open.depth > HTML_LIMITS.depth) return true;
    if (reopened > HTML_LIMITS.reopened || nested > HTML_LIMITS.nested) return true;
  }
  return false;
}

class OpenElements {
  depth = 0;
  formatting = 0;
  readonly #open = new Map<string, number>();
  /** Behind SVG or MathML nobody knows by the tags alone what an end tag ends. */
  #isForeign = false;

  start(name: string): void {
    this.#isForeign ||= name === 'svg' || name === 'math';
    if (VOID.has(name) || (ENDED_BY_NEXT.has(name) && !this.#isForeign)) return;
    this.#add(name, 1);
  }

  end(name: string): void {
    if (!this.#isForeign && (this.#open.get(name) ?? 0) > 0) this.#add(name, -1);
  }

  #add(name: string, number: number): void {
    this.#open.set(name, (this.#open.get(name) ?? 0) + number);
    this.depth += number;
    if (FORMATTING.has(name)) this.formatting += number;
  }
}
