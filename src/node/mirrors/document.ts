import { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { OvnError } from '../../errors.ts';
import { formatName, parseName } from '../names/name.ts';
import { RECORD_LIMIT } from '../names/record.ts';

/** Where a mirror says what it holds (RFC 8615). */
export const WELL_KNOWN = '/.well-known/openvoicenews';
/** Bytes of a document; one with more publications is asked for each by itself. */
export const DOCUMENT_LIMIT = 1024 * 1024;

/** What a mirror says of one publication. It is its word alone. */
export interface ShownEdition {
  /** Root CID. */
  edition: string;
  sequence: number;
  /** `k51…` */
  name: string | null;
  /** The newest record of the name, as its key signed it. */
  record: Uint8Array | null;
  /** The signed note of the edition's log. */
  checkpoint: string | null;
  /** Whether every block of the edition is held. */
  whole: boolean;
  /** Slugs of those that are held; null for all of them. */
  categories: string[] | null;
}

/** What a mirror shows, by the publications' ids. */
export interface MirrorDocument {
  /** The publication whose paper this is; null for one that only keeps those of others. */
  own: string | null;
  /** Where its node is met, each with `/p2p/<peer id>`. */
  multiaddrs: string[];
  publications: Map<string, ShownEdition>;
}

const MOST_ADDRESSES = 64;
const MOST_CATEGORIES = 10_000;
const LONGEST_ADDRESS = 1024;
/** Characters of a signed note. */
const LONGEST_NOTE = 256 * 1024;
/** Characters of a record in base64. */
const LONGEST_RECORD = Math.ceil(RECORD_LIMIT / 3) * 4;

const ID = v.pipe(v.string(), v.check(isPublicationId, 'not the id of a publication'));
const ADDRESS = v.pipe(v.string(), v.maxLength(LONGEST_ADDRESS), v.regex(/^\/[\x21-\x7e]+$/));
const SLUG = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,80}$/));
const RECORD = v.pipe(v.string(), v.maxLength(LONGEST_RECORD), v.check(isBase64, 'not base64'));

/** Members that are not known are passed over: a newer program may say more. */
const EDITION = v.object({
  edition: v.pipe(v.string(), v.check(isEditionCid, 'not the CID of an edition')),
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  name: v.nullable(v.pipe(v.string(), v.check(isName, 'not an IPNS name'))),
  record: v.nullable(RECORD),
  checkpoint: v.nullable(v.pipe(v.string(), v.maxLength(LONGEST_NOTE))),
  whole: v.boolean(),
  categories: v.nullable(v.pipe(v.array(SLUG), v.maxLength(MOST_CATEGORIES))),
});
const DOCUMENT = v.object({
  own: v.exactOptional(v.nullable(ID), null),
  multiaddrs: v.pipe(v.array(ADDRESS), v.maxLength(MOST_ADDRESSES)),
  publications: v.record(ID, EDITION),
});

/** Whether a text is the id of a publication: the CID of its first masthead, `bafkrei…`. */
export function isPublicationId(text: string): boolean {
  return /^bafkrei[a-z2-7]{52}$/.test(text) && isCid(text);
}

/**
 * Reads what a mirror answers, strictly and within limits. Nothing that it says is believed by that.
 *
 * @throws {OvnError} `limit` or `malformed`.
 */
export function parseDocument(bytes: Uint8Array): MirrorDocument {
  if (bytes.length > DOCUMENT_LIMIT)
    throw new OvnError('limit', `it shows more than ${DOCUMENT_LIMIT} bytes`);
  const { success, output, issues } = v.safeParse(DOCUMENT, parseJson(bytes), { abortEarly: true });
  if (!success) {
    const [issue] = issues;
    throw malformed(`"${v.getDotPath(issue)?.slice(0, 200) ?? ''}": ${issue.message.slice(0, 200)}`);
  }
  const publications = Object.entries(output.publications).map(([id, { record, ...shown }]) => {
    const bytesOfRecord = record === null ? null : new Uint8Array(Buffer.from(record, 'base64'));
    return [id, { ...shown, record: bytesOfRecord }] as const;
  });
  return { ...output, publications: new Map(publications) };
}

/**
 * The bytes of a document, at most {@link DOCUMENT_LIMIT} of them: publications in their order, as many as there is room for. What is left
 * out can be asked for by its id.
 */
export function formatDocument({ own, multiaddrs, publications }: MirrorDocument): Uint8Array {
  const begin = JSON.stringify({ own, multiaddrs: multiaddrs.slice(0, MOST_ADDRESSES) }).slice(0, -1);
  const shown: string[] = [];
  let room = DOCUMENT_LIMIT - Buffer.byteLength(begin) - ',"publications":{}}'.length;
  for (const [id, edition] of publications) {
    const text = formatEdition(id, edition);
    room -= Buffer.byteLength(text) + 1;
    if (room < 0) break;
    shown.push(text);
  }
  return Buffer.from(`${begin},"publications":{${shown.join(',')}}}`);
}

function formatEdition(id: string, { record, ...shown }: ShownEdition): string {
  const encoded = record === null ? null : Buffer.from(record).toString('base64');
  return `${JSON.stringify(id)}:${JSON.stringify({ ...shown, record: encoded })}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed('it is no JSON', cause);
  }
}

function malformed(why: string, cause?: unknown): OvnError {
  return new OvnError('malformed', `what it shows is no list of publications: ${why}`, { cause });
}

function isCid(text: string): boolean {
  try {
    return CID.parse(text).toString() === text;
  } catch {
    return false;
  }
}

function isEditionCid(text: string): boolean {
  return /^bafybei[a-z2-7]{52}$/.test(text) && isCid(text);
}

function isName(text: string): boolean {
  const name = parseName(text);
  return name !== undefined && formatName(name) === text;
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}
