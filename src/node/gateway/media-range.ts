/** One of the media types that an Accept header names. */
export interface MediaRange {
  type: string;
  parameters: ReadonlyMap<string, string>;
  quality: number;
}

/** The media types of an Accept header, best first (RFC 9110, 12.5.1); what is refused by it is not among them. */
export function readAccept(accept = ''): MediaRange[] {
  if (accept === '') return [];
  const ranges = accept.split(',').map(parseRange);
  return ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
}

function parseRange(range: string): MediaRange {
  const [type = '', ...rest] = range.split(';').map((part) => part.trim().toLowerCase());
  const parameters = new Map(rest.map(parseParameter));
  return { type, parameters, quality: Number(parameters.get('q') ?? 1) };
}

function parseParameter(text: string): [name: string, value: string] {
  const [name = '', value = ''] = text.split('=', 2);
  return [name, value.replace(/^"(.*)"$/, '$1')];
}
