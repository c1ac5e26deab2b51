/** A tag of HTML; `name` in lower case. `from` and `to` are offsets. */
export interface Tag {
  name: string;
  isEnd: boolean;
  from: number;
  to: number;
}

const NAME_START = /[a-z]/i;
const NAME_END = /[\s/>]/g;
const SPACE_OR_SLASH = /[\s/]/;
const SPACE = /\s/;
const ATTRIBUTE_END = /[\s/>=]/g;
const VALUE_END = /[\s>]/g;
/** Elements that hold text alone, whatever it looks like. */
const RAW = new Set('script style textarea title xmp iframe noembed noframes plaintext'.split(' '));

/** The tags of a text, found as HTML's own tokeniser finds them, in one pass: comments and the text of scripts hold none. */
export function* scanTags(html: string): Generator<Tag> {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    const next = html[at + 1] ?? '';
    const isEnd = next === '/';
    if (next === '!' || next === '?') at = endOfComment(html, at);
    else if (!NAME_START.test(html[at + (isEnd ? 2 : 1)] ?? '')) at++;
    else {
      const start = at + (isEnd ? 2 : 1);
      const nameEnd = find(NAME_END, html, start);
      const name = html.slice(start, nameEnd).toLowerCase();
      const to = endOfTag(html, nameEnd);
      yield { name, isEnd, from: at, to };
      at = !isEnd && RAW.has(name) ? endOfRaw(html, name, to) : to;
    }
  }
}

function endOfComment(html: string, at: number): number {
  if (!html.startsWith('<!--', at)) return after(html, '>', at);
  // `<!-->` and `<!--->` are whole comments.
  return /^<!---?>/.test(html.slice(at, at + 6)) ? after(html, '>', at) : after(html, '-->', at + 4);
}

function endOfTag(html: string, from: number): number {
  let at = from;
  for (;;) {
    while (SPACE_OR_SLASH.test(html[at] ?? '')) at++;
    if (at >= html.length) return html.length;
    if (html[at] === '>') return at + 1;
    at = find(ATTRIBUTE_END, html, at + 1);
    while (SPACE.test(html[at] ?? '')) at++;
    if (html[at] === '=') at = endOfValue(html, at + 1);
  }
}

function endOfValue(html: string, from: number): number {
  let at = from;
  while (SPACE.test(html[at] ?? '')) at++;
  const quote = html[at];
  return quote === '"' || quote === "'" ? after(html, quote, at + 1) : find(VALUE_END, html, at);
}

function endOfRaw(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}[\\s/>]`, 'gi');
  return name === 'plaintext' ? html.length : find(end, html, from);
}

function find(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function after(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at === -1 ? html.length : at + mark.length;
}
