/** Punctuation that no heading id holds: all of ASCII but `-` and `_`, and the punctuation blocks of Unicode. */
const PUNCTUATION =
  /[!-,./:-@[-^`{-\x9f\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f\u3000-\u3003\u3008-\u3020\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20]/g;

/** Ids that begin so belong to the page around the body. */
export const PAGE_ID_PREFIX = 'ovn-';

/** The headings of one body as they come: their level on the page and their id. A function of the headings alone. */
export class Outline {
  readonly #open: number[] = [];
  /** Every id so far, with the next number to try for an equal text. */
  readonly #ids = new Map<string, number>();

  /**
   * The level on a page whose `h1` is the headline, for a heading that the source has at `level` (1-6): one below the heading
   * that it stands under, so that no level is skipped.
   */
  enter(level: number): number {
    while ((this.#open.at(-1) ?? 0) >= level) this.#open.pop();
    this.#open.push(level);
    return Math.min(this.#open.length + 1, 6);
  }

  /** The id of the next heading, from its text as GitHub makes it: lower case, without punctuation, `-` for spaces, numbered. */
  id(text: string): string {
    const plain = text.trim().toLowerCase().replace(PUNCTUATION, '').replace(/\s/g, '-');
    const base = plain === '' ? 'section' : plain.startsWith(PAGE_ID_PREFIX) ? `section-${plain}` : plain;
    let n = this.#ids.get(base) ?? 0;
    let id = n === 0 ? base : `${base}-${n}`;
    while (this.#ids.has(id)) id = `${base}-${++n}`;
    this.#ids.set(base, n + 1).set(id, this.#ids.get(id) ?? 1);
    return id;
  }
}
