/**
 * Changes what stands between a start and the first end of its kind behind it, in one pass. What starts and never ends is left as it is,
 * and an end that does not come is looked for once: patterns with both in them would look again from each start.
 *
 * @param start global.
 * @param endOf the pattern of the end, global, by what was found.
 */
export function replaceSpans(
  text: string,
  start: RegExp,
  endOf: (start: RegExpExecArray) => RegExp,
  change: (span: { start: RegExpExecArray; inside: string; whole: string }) => string,
): string {
  const missing = new Set<string>();
  const out: string[] = [];
  let at = 0;
  start.lastIndex = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const end = endOf(found);
    if (missing.has(end.source)) continue;
    const from = found.index + found[0].length;
    end.lastIndex = from;
    const closing = end.exec(text);
    if (closing === null) {
      missing.add(end.source);
      continue;
    }
    const to = closing.index + closing[0].length;
    const span = {
      start: found,
      inside: text.slice(from, closing.index),
      whole: text.slice(found.index, to),
    };
    out.push(text.slice(at, found.index), change(span));
    at = to;
    start.lastIndex = to;
  }
  return at === 0 ? text : out.join('') + text.slice(at);
}

const ENDS = new Map<string, RegExp>();

/** The pattern of the end tag of an element. */
export function endTag(name: string): RegExp {
  const lower = name.toLowerCase();
  const known = ENDS.get(lower) ?? new RegExp(`</${lower}\\s*>`, 'gi');
  ENDS.set(lower, known);
  return known;
}
