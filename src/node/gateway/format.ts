import { Refusal } from './messages.ts';

/** `site`: files, and folders as pages; `raw`: a block; `car`: everything below. */
export type Format = 'site' | 'raw' | 'car';

export const RAW_TYPE = 'application/vnd.ipld.raw';

/** The one kind of CAR that is made (IPIP-0402, IPIP-0412). */
export const CAR_TYPE = 'application/vnd.ipld.car; version=1; order=dfs; dups=n';

const FORMATS: ReadonlyMap<string, Format> = new Map([
  [RAW_TYPE, 'raw'],
  ['application/vnd.ipld.car', 'car'],
]);

/** What a request for a CAR may say: the parameter of the type, that of the query, and the values that are served. */
const CAR_PARAMETERS = [
  { name: 'version', queried: 'car-version', values: ['1'] },
  { name: 'order', queried: 'car-order', values: ['dfs', 'unk'] },
  { name: 'dups', queried: 'car-dups', values: ['n'] },
] as const;

/**
 * The format that is asked for, by `?format=` before the Accept header (Path Gateway Specification). Wildcards and all other
 * types mean the site: what is for programs has to be asked for by its name.
 * @throws Refusal 400 for a format that is not served, 406 for a kind of CAR that is not
 */
export function chooseFormat(query: URLSearchParams, accept = ''): Format {
  const format = formatOfQuery(query) ?? formatOfAccept(accept);
  if (format === 'car') checkCarQuery(query);
  return format;
}

function formatOfQuery(query: URLSearchParams): Format | undefined {
  const name = query.get('format');
  if (name === null || name === 'raw' || name === 'car') return name ?? undefined;
  throw new Refusal(400, 'That format is not served here: "raw" and "car" are.');
}

function formatOfAccept(accept: string): Format {
  const named = accept.split(',').map(parseRange).filter(isNamed);
  const [best] = named.filter(isServed).sort((a, b) => b.quality - a.quality);
  if (best === undefined && named.length > 0) throw notServed();
  return best?.format ?? 'site';
}

interface NamedRange {
  format: Format;
  quality: number;
  parameters: ReadonlyMap<string, string>;
}

function parseRange(range: string): Partial<NamedRange> {
  const [type = '', ...rest] = range.split(';').map((part) => part.trim().toLowerCase());
  const format = FORMATS.get(type);
  const parameters = new Map(rest.map(parseParameter));
  return { ...(format && { format }), parameters, quality: Number(parameters.get('q') ?? 1) };
}

function parseParameter(text: string): [name: string, value: string] {
  const [name = '', value = ''] = text.split('=', 2);
  return [name, value.replace(/^"(.*)"$/, '$1')];
}

function isNamed(range: Partial<NamedRange>): range is NamedRange {
  return range.format !== undefined && (range.quality ?? 0) > 0;
}

function isServed({ format, parameters }: NamedRange): boolean {
  return (
    format !== 'car' || CAR_PARAMETERS.every(({ name, values }) => isOneOf(values, parameters.get(name)))
  );
}

function checkCarQuery(query: URLSearchParams): void {
  const served = CAR_PARAMETERS.every(({ queried, values }) =>
    isOneOf(values, query.get(queried) ?? undefined),
  );
  const whole = (query.get('dag-scope') ?? 'all') === 'all' && !query.has('entity-bytes');
  if (!served || !whole) throw notServed();
}

function isOneOf(values: readonly string[], value: string | undefined): boolean {
  return value === undefined || values.includes(value);
}

function notServed(): Refusal {
  return new Refusal(406, `CARs are served whole, as ${CAR_TYPE}, and in no other way.`);
}
