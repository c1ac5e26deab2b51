const FENCE = /^[ \t>]*(?<mark>`{3,}|~{3,})(?<info>.*)$/;
const CODE_SPAN = /(?<!`)(`{1,3})(?!`)[^`\n](?:[^\n]{0,500}?[^`\n])?\1(?!`)/g;

/** Each line of a Markdown text, and whether it is one of fenced code, the fences included. */
export function* markCode(lines: Iterable<string>): Generator<{ line: string; isCode: boolean }> {
  let fence: string | undefined;
  for (const line of lines) {
    const { mark = '', info = '' } = FENCE.exec(line)?.groups ?? {};
    const wasCode = fence !== undefined;
    if (fence === undefined) {
      if (mark !== '' && !(mark.startsWith('`') && info.includes('`'))) fence = mark;
    } else if (mark.startsWith(fence) && info.trim() === '') fence = undefined;
    yield { line, isCode: wasCode || fence !== undefined };
  }
}

/** Changes what is no code in a Markdown text, whole paragraphs at once. */
export function outsideCode(text: string, change: (part: string) => string): string {
  const out: string[] = [];
  let words: string[] = [];
  const flush = (): void => {
    if (words.length > 0) out.push(outsideSpans(words.join('\n'), change));
    words = [];
  };
  for (const { line, isCode } of markCode(text.split('\n'))) {
    if (!isCode) words.push(line);
    else {
      flush();
      out.push(line);
    }
  }
  flush();
  return out.join('\n');
}

function outsideSpans(text: string, change: (part: string) => string): string {
  if (!text.includes('`')) return change(text);
  // What stands for a span cannot be in the text: control characters were taken out of it.
  const spans: string[] = [];
  const marked = text.replace(CODE_SPAN, (span) => `\x01${spans.push(span) - 1}\x02`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own marks
  return change(marked).replace(/\x01(\d+)\x02/g, (_all, index: string) => spans[Number(index)] ?? '');
}
