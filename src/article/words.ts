/**
 * The number of runs between white space: schema.org's `wordCount` of a Markdown body. A text that was cut out of another is
 * slow to read character by character, so it is looked at as code units in an array.
 */
export function wordCount(text: string): number {
  let count = 0;
  let wasSpace = 1;
  for (let at = 0; at < text.length; at += PIECE) {
    const length = bytes.write(at === 0 ? text : text.slice(at, at + PIECE), 'utf16le') / 2;
    for (let i = 0; i < length; i++) {
      const isSpace = SPACE[units[i] ?? 0] ?? 0;
      count += wasSpace & (isSpace ^ 1);
      wasSpace = isSpace;
    }
  }
  return count;
}

/** Code units that are looked at in one go. */
const PIECE = 8192;
const units = new Uint16Array(PIECE);
const bytes = Buffer.from(units.buffer);

/** 1 for exactly the characters of `\s`. */
const SPACE = new Uint8Array(0x1_0000);
SPACE.fill(1, 0x09, 0x0e).fill(1, 0x2000, 0x200b);
for (const code of [0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff]) SPACE[code] = 1;
