/** Letters and marks beyond ASCII: the dashes and quotation marks of any text are none. */
// biome-ignore lint/suspicious/noMisleadingCharacterClass: ranges, not characters with marks
const BEYOND_ASCII = /[\u00aa-\u1fff\u200b-\u200f\u2070-\u209c\u20d0-\u218b\u2c00-\uffff]/;

/**
 * What is left out of words: accents, the vowel signs of Hebrew and Arabic, tatweel, soft hyphens and joiners. Ranges of our own,
 * because `\p{M}` follows the version of Unicode that a Node or a browser was built with. Vowel signs of Indic scripts stay.
 */
const MARKS =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: marks by themselves
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u20d0-\u20ff\ufe00-\ufe2f\ufeff\u00ad]/g;

/** Letters that no decomposition takes apart, and such as are written for each other. */
const ALIKE: ReadonlyMap<string, string> = new Map(
  'ßss æae œoe øo łl đd ðd þth ıi ħh ŋng ςσ ٱا ىي ةه یي کك ہه ےي'
    .split(' ')
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);
const ALIKE_LETTERS = new RegExp(`[${[...ALIKE.keys()].join('')}]`, 'g');
/** Digits of Arabic, Persian and Devanagari. */
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g;

/** A text without its marks, and the same in lower case with one letter for those that are written for each other. */
export function unmark(text: string): { written: string; folded: string } {
  if (!BEYOND_ASCII.test(text)) return { written: text, folded: text.toLowerCase() };
  const written = text.normalize('NFKD').replace(MARKS, '').normalize('NFC');
  const folded = written
    .toLowerCase()
    .replace(ALIKE_LETTERS, (letter) => ALIKE.get(letter) ?? letter)
    .replace(DIGITS, (digit) => String((digit.charCodeAt(0) - (digit < '\u0900' ? 0 : 6)) & 15));
  return { written, folded };
}

/** What two spellings of a word have in common. */
export function fold(text: string): string {
  return unmark(text).folded;
}
