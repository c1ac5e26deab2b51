import { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { OvnError } from '../../errors.ts';
import type { Kept, KeptState } from './home.ts';

/** One request for a pin, as a pinning service told it (IPFS Pinning Service API 1.0.0, `PinStatus`). */
export interface PinRequest {
  requestid: string;
  kept: Kept;
  /** Ms since 1970. */
  created: number;
  /** Multiaddrs that want to be connected to. */
  delegates: string[];
}

/** A page of them. */
export interface PinPage {
  /** Of all that match. */
  count: number;
  requests: PinRequest[];
}

const text = v.pipe(v.string(), v.maxLength(4096));

/** What its client makes of `PinStatus`; a state that is not known is no error, but neither is it a pin. */
const PIN_STATUS = v.object({
  requestid: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  status: text,
  created: v.date(),
  pin: v.object({ cid: text, name: v.optional(text) }),
  delegates: v.optional(v.nullable(v.array(text))),
  info: v.optional(v.record(v.string(), v.unknown())),
});

const PIN_RESULTS = v.object({
  count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  results: v.array(v.unknown()),
});

const STATES: readonly string[] = ['queued', 'pinning', 'pinned', 'failed'] satisfies KeptState[];

/** @throws {OvnError} `malformed` */
export function readPinRequest(answer: unknown): PinRequest {
  const read = v.safeParse(PIN_STATUS, answer);
  if (!read.success) throw malformed(v.getDotPath(read.issues[0]) ?? 'all of it');
  const { requestid, status, created, pin, delegates, info } = read.output;
  const detail = info?.['status_details'];
  const kept: Kept = {
    cid: cidOf(pin.cid).toString(),
    state: STATES.includes(status) ? (status as KeptState) : 'unknown',
    ...(typeof detail === 'string' && detail !== '' ? { detail } : {}),
    ...(pin.name === undefined ? {} : { name: pin.name }),
  };
  return { requestid, kept, created: created.getTime(), delegates: delegates ?? [] };
}

/** @throws {OvnError} `malformed` */
export function readPinPage(answer: unknown): PinPage {
  const read = v.safeParse(PIN_RESULTS, answer);
  if (!read.success) throw malformed(v.getDotPath(read.issues[0]) ?? 'all of it');
  return { count: read.output.count, requests: read.output.results.map(readPinRequest) };
}

/** In the one form in which CIDs are compared. */
export function canonicalCid(cid: CID): string {
  return cid.toV1().toString();
}

function cidOf(given: string): CID {
  try {
    return CID.parse(given).toV1();
  } catch (cause) {
    throw new OvnError('malformed', 'its answer names what is no CID', { cause });
  }
}

function malformed(where: string): OvnError {
  return new OvnError(
    'malformed',
    `its answer is not that of a pinning service: "${where}" is wrong or missing`,
  );
}
