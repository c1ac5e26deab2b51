import { CAR_TYPE, notServed, servesCar } from './car-request.ts';
import { readAccept } from './media-range.ts';
import { Refusal } from './messages.ts';

/** `site`: files, and folders as pages; `raw`: a block; `car`: blocks of a DAG; `ipns-record`: what signs for a name. */
export type Format = 'site' | 'raw' | 'car' | 'ipns-record';

export const RAW_TYPE = 'application/vnd.ipld.raw';
export const RECORD_TYPE = 'application/vnd.ipfs.ipns-record';

const FORMATS: ReadonlyMap<string, Format> = new Map([
  [RAW_TYPE, 'raw'],
  [CAR_TYPE, 'car'],
  [RECORD_TYPE, 'ipns-record'],
]);

/**
 * The format that is asked for, by `?format=` before the Accept header (Path Gateway Specification). Wildcards and all other
 * types mean the site: what is for programs has to be asked for by its name.
 * @throws Refusal 400 for a format that is not served, 406 for a kind of CAR that is not
 */
export function chooseFormat(query: URLSearchParams, accept?: string): Format {
  const queried = query.get('format');
  if (queried === null) return formatOfAccept(accept);
  for (const format of FORMATS.values()) if (format === queried) return format;
  throw new Refusal(400, 'That format is not served here: "raw", "car" and "ipns-record" are.');
}

function formatOfAccept(accept: string | undefined): Format {
  const named = readAccept(accept).filter(({ type }) => FORMATS.has(type));
  const best = named.find(({ type, parameters }) => type !== CAR_TYPE || servesCar(parameters));
  if (best === undefined && named.length > 0) throw notServed();
  return FORMATS.get(best?.type ?? '') ?? 'site';
}
