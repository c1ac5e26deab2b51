import { OvnError } from '../../errors.ts';
import type { Name } from '../names/name.ts';
import { formatName } from '../names/name.ts';
import { RECORD_LIMIT } from '../names/record.ts';
import type { Reach } from '../network/reach.ts';
import { askOverHttp } from '../post-bytes.ts';
import type { HttpAnswer, HttpClient } from '../retrieve/http-client.ts';
import { readLimited } from '../retrieve/read-limited.ts';
import { DOCUMENT_LIMIT, type MirrorDocument, parseDocument, WELL_KNOWN } from './document.ts';

/** For one question to one mirror as a whole, in ms. */
export const MIRROR_TIMEOUT_MS = 10_000;

const JSON_TYPE = 'application/json';
const RECORD_TYPE = 'application/vnd.ipfs.ipns-record';
/** Bytes of an answer to a POST that are read. */
const REPLY_LIMIT = 4096;

export interface AskMirrorOptions {
  client: HttpClient;
  signal: AbortSignal;
  /** {@link MIRROR_TIMEOUT_MS} when absent. */
  timeoutMs?: number | undefined;
  /** How far in it may lie, where it was not the user who named it. */
  within?: Reach | undefined;
}

/**
 * Asks a mirror what it shows, of everything or of one publication. Redirects are followed within its own host only, and what it answers is
 * its word alone.
 *
 * @param about id or IPNS name of a publication; who does not know the question answers it with all that fits.
 * @throws {OvnError} `io` where there is no answer in time, `not-found` where it shows nothing, `malformed`, `limit`, `refused`.
 */
export async function askMirror(
  url: URL,
  about: string | undefined,
  options: AskMirrorOptions,
): Promise<MirrorDocument> {
  const asked = new URL(WELL_KNOWN, url);
  if (about !== undefined) asked.searchParams.set('publication', about);
  const bytes = await get(asked, JSON_TYPE, DOCUMENT_LIMIT, options);
  if (bytes === undefined)
    throw new OvnError('not-found', `it shows no publications: ${WELL_KNOWN} is not there`);
  return parseDocument(bytes);
}

/**
 * The record of a name, as a gateway gives it (Trustless Gateway Specification, `ipns-record`). Nothing of it is checked.
 *
 * @param gateway with what stands before `/ipns/`.
 * @throws {OvnError} `io`, `limit`, `malformed`, `refused`.
 */
export async function fetchRecord(
  gateway: URL,
  name: Name,
  options: AskMirrorOptions,
): Promise<Uint8Array | undefined> {
  const url = new URL(`ipns/${formatName(name)}?format=ipns-record`, gateway);
  const bytes = await get(url, RECORD_TYPE, RECORD_LIMIT, options);
  return bytes === undefined ? undefined : new Uint8Array(bytes);
}

/**
 * Tells a mirror that there may be something new: it looks for itself, or says that it did so a moment ago. Redirects are not followed.
 *
 * @returns whether it looks now.
 * @throws {OvnError} `io` where there is no answer, or another one than that.
 */
export async function tellMirror(
  url: URL,
  publication: string,
  { signal, timeoutMs = MIRROR_TIMEOUT_MS }: Pick<AskMirrorOptions, 'signal' | 'timeoutMs'>,
): Promise<boolean> {
  const body = Buffer.from(JSON.stringify({ publication }));
  const question = { method: 'POST', headers: { 'content-type': JSON_TYPE }, body } as const;
  const limits = { timeoutMs, limit: REPLY_LIMIT, signal };
  const { href } = new URL(WELL_KNOWN, url);
  const answer = await askOverHttp(href, question, limits);
  if (answer.status !== 202) throw new OvnError('io', `it answers with status ${answer.status}`);
  return isLooking(answer.body);
}

function isLooking(bytes: Uint8Array): boolean {
  try {
    return (JSON.parse(Buffer.from(bytes).toString('utf8')) as { looking?: unknown }).looking === true;
  } catch {
    return false;
  }
}

/** All of what lies at an address; `undefined` where nothing does. */
async function get(
  url: URL,
  accept: string,
  limit: number,
  { client, signal, timeoutMs = MIRROR_TIMEOUT_MS, within }: AskMirrorOptions,
): Promise<Uint8Array | undefined> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await client.get(url, { accept, signal: ends, within });
    return await takeBody(answer, limit);
  } catch (error) {
    signal.throwIfAborted();
    if (ends.aborted) throw new OvnError('io', `no whole answer in ${timeoutMs / 1000} s`);
    throw error;
  }
}

async function takeBody(answer: HttpAnswer, limit: number): Promise<Uint8Array | undefined> {
  if (answer.status === 200) return readLimited(answer.body, limit);
  answer.close();
  if ([404, 410, 501].includes(answer.status)) return undefined;
  throw new OvnError('io', `it answers with status ${answer.status}`);
}
