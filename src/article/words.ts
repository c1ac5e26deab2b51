/** The number of runs between white space: schema.org's `wordCount` of a Markdown body. */
export function wordCount(text: string): number {
  let count = 0;
  let afterSpace = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x20 && code < 0xa0) {
      if (afterSpace) count++;
      afterSpace = false;
    } else {
      const space = isSpace(code);
      if (afterSpace && !space) count++;
      afterSpace = space;
    }
  }
  return count;
}

/** Exactly the characters of `\s`, as a table of our own. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (code >= 0x2000 && code <= 0x200a) || SPACES.has(code);
}

const SPACES = new Set([0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff]);
