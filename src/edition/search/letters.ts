/** Code units that separate words. */
export const SEPARATOR = 0;
/** Those of words that spaces separate. */
export const LETTER = 1;
/** Those of scripts without spaces between words. */
export const UNSPACED = 2;

/** From and to, both included. Ranges of our own, see `folding.ts`. Half of a pair counts for both. */
const LETTERS =
  '30-39 41-5a 61-7a c0-d6 d8-f6 f8-2af 370-373 376-377 37f 386 388-3ff 400-481 48a-555 561-587 5d0-5f2 620-64a 66e-6d3 6d5 6ee-6fc 6ff ' +
  '710-82d 840-963 966-96f 971-df3 f18-f19 f20-f33 f40-fbc 10a0-10fa 10fc-135f 1369-166c 166f-169a ' +
  '16a0-16ea 1700-1734 1740-1773 1810-1aad 1b00-1b59 1b80-1c7d 1c80-1cbf 1d00-1ffc ' +
  '2c00-2cf3 2d00-2dff a4d0-a4fd a500-a60c a610-a6f1 a717-a873 a880-a8cd a8d0-a9c0 a9d0-d7fb d800-d83b fb00-fd3d ' +
  'fd50-fdfb fe70-fefc dc00-dfff';
const WITHOUT_SPACES =
  'e01-e3a e40-e4e e50-e59 e81-edf 1000-1049 1050-109f 1780-17d3 17d7 17dc-17e9 a9e0-a9ff aa60-aa7f 3005-3007 3041-3096 309d-309f 30a1-30fa 30fc-30ff ' +
  '3105-312f 31a0-31bf 31f0-31ff 3400-4dbf 4e00-9fff a000-a48c f900-faff d840-d8bf';

/** Made when it is first asked for: most commands look at no text. */
let kinds: Uint8Array | undefined;

function makeKinds(): Uint8Array {
  const made = new Uint8Array(0x10000);
  for (const [kind, ranges] of [LETTERS, WITHOUT_SPACES].entries())
    for (const range of ranges.split(' ')) {
      const [from = 0, to = from] = range.split('-').map((text) => Number.parseInt(text, 16));
      made.fill(kind + LETTER, from, to + 1);
    }
  return made;
}

/** What each code unit is: {@link SEPARATOR}, {@link LETTER} or {@link UNSPACED}. */
export function kindTable(): Uint8Array {
  kinds ??= makeKinds();
  return kinds;
}

/** What a code unit is. */
export function kindOf(unit: number): number {
  return kindTable()[unit] ?? SEPARATOR;
}
