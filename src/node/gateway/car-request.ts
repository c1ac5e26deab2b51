import { readAccept } from './media-range.ts';
import { Refusal } from './messages.ts';

export const CAR_TYPE = 'application/vnd.ipld.car';

/** Which blocks a CAR is to have behind those of its path (Trustless Gateway Specification, `dag-scope`). */
export interface CarRequest {
  scope: 'block' | 'entity' | 'all';
  /** Of a file, only what holds these bytes. */
  bytes: EntityBytes | undefined;
  /** Whether a block is given as often as it is come across. */
  dups: boolean;
}

/** Offsets, both inclusive; negative ones count from the end; `to` is `undefined` for the end. */
export interface EntityBytes {
  from: number;
  to: number | undefined;
}

/** What the parameters of the type may say, and the queries that go before them (IPIP-0523). */
const PARAMETERS = [
  { name: 'version', queried: 'car-version', values: ['1'] },
  { name: 'order', queried: 'car-order', values: ['dfs', 'unk'] },
  { name: 'dups', queried: 'car-dups', values: ['y', 'n'] },
] as const;

const SCOPES = ['block', 'entity', 'all'] as const;
const ENTITY_BYTES = /^(-?\d{1,15}):(-?\d{1,15}|\*)$/;

/** The media type of a CAR, told in full. */
export function carTypeOf({ dups }: CarRequest): string {
  return `${CAR_TYPE}; version=1; order=dfs; dups=${dups ? 'y' : 'n'}`;
}

/** Whether CARs are made as the parameters of a media type want them. */
export function servesCar(parameters: ReadonlyMap<string, string>): boolean {
  return PARAMETERS.every(({ name, values }) => isOneOf(values, parameters.get(name)));
}

/**
 * What a request for a CAR says, by its query before its Accept header.
 * @throws Refusal 400 for a scope or a range that is none, 406 for a kind of CAR that is not made
 */
export function readCarRequest(query: URLSearchParams, accept?: string): CarRequest {
  const accepted = readAccept(accept).find(
    ({ type, parameters }) => type === CAR_TYPE && servesCar(parameters),
  );
  for (const { queried, values } of PARAMETERS) {
    if (!isOneOf(values, query.get(queried) ?? undefined)) throw notServed();
  }
  const bytes = parseEntityBytes(query.get('entity-bytes'));
  const scope = query.get('dag-scope') ?? (bytes === undefined ? 'all' : 'entity');
  if (!isScope(scope)) throw new Refusal(400, 'dag-scope is "block", "entity" or "all".');
  const dups = query.get('car-dups') ?? accepted?.parameters.get('dups');
  return { scope, bytes: scope === 'entity' ? bytes : undefined, dups: dups === 'y' };
}

/** The answer to whoever wants CARs that are not made. */
export function notServed(): Refusal {
  return new Refusal(406, `CARs are served as "${CAR_TYPE}; version=1; order=dfs" with dups=y or dups=n.`);
}

function parseEntityBytes(text: string | null): EntityBytes | undefined {
  if (text === null) return undefined;
  const [, from, to] = ENTITY_BYTES.exec(text) ?? [];
  if (from === undefined)
    throw new Refusal(400, 'entity-bytes is "from:to", such as 0:1023, -1024:* or 512:-1.');
  return { from: Number(from), to: to === '*' ? undefined : Number(to) };
}

function isScope(text: string): text is CarRequest['scope'] {
  return isOneOf(SCOPES, text);
}

function isOneOf(values: readonly string[], value: string | undefined): boolean {
  return value === undefined || values.includes(value);
}
