import * as v from 'valibot';
import { canonicalBytes, parseCanonical } from '../bundle/canonical-json.ts';
import { OvnError } from '../errors.ts';
import { ENTRY_LIMIT } from './entry-bundle.ts';

/** What every entry says it is, so that its bytes alone are not taken for another document. */
export const ENTRY_FORMAT = 'ovn-log-entry/1';
const MAX_DEPTH = 2;

/** A masthead came into force: what is logged from here on is judged by it. */
export interface MastheadEntry {
  format: typeof ENTRY_FORMAT;
  kind: 'masthead';
  version: number;
  /** CID (raw) of its bytes. */
  cid: string;
  /** When it was logged: UTC, whole seconds. Times are told to people; the order of entries decides. */
  time: string;
}

/** An edition was published. No time: the manifest that the CID binds has it. */
export interface EditionEntry {
  format: typeof ENTRY_FORMAT;
  kind: 'edition';
  sequence: number;
  /** CID (raw) of its manifest. */
  cid: string;
}

/** What can happen to an article. A clarification is logged as `correction`. */
export const REVISION_KINDS = ['publish', 'update', 'correction', 'retraction', 'rerender'] as const;
export type RevisionKind = (typeof REVISION_KINDS)[number];

/** A revision of an article was published. */
export interface RevisionEntry {
  format: typeof ENTRY_FORMAT;
  kind: RevisionKind;
  /** Article id. */
  article: string;
  /** 1 for `publish`, more for every other kind. */
  revision: number;
  /** CID of its bundle. */
  cid: string;
  time: string;
  /** Only of a retraction: earlier revisions whose text is not to be had any more, in order. */
  withheld?: number[];
}

/** One entry of the log (docs/format.md, "Log"). */
export type LogEntry = MastheadEntry | EditionEntry | RevisionEntry;

/** The one text of a CIDv1 of sha2-256: raw of one block, or dag-pb. */
const RAW_CID = v.pipe(v.string(), v.regex(/^bafkrei[a-h][a-z2-7]{50}[aeimquy4]$/));
const DIRECTORY_CID = v.pipe(v.string(), v.regex(/^bafybei[a-h][a-z2-7]{50}[aeimquy4]$/));
const ARTICLE_ID = v.pipe(v.string(), v.regex(/^\d{4}\/\d{2}\/\d{2}\/[a-z0-9-]{1,80}$/));
const INSTANT = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.check(isMoment, 'not a moment in UTC'),
);
const POSITIVE = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const FORMAT = { format: v.literal(ENTRY_FORMAT) };
const REVISION = { ...FORMAT, article: ARTICLE_ID, cid: DIRECTORY_CID, time: INSTANT };
const LATER = v.pipe(POSITIVE, v.minValue(2));

/** Unknown members and kinds are refused: who does not know a rule must not fold a log by half of it. */
const ENTRY: v.GenericSchema<unknown, LogEntry> = v.variant('kind', [
  v.strictObject({ ...FORMAT, kind: v.literal('masthead'), version: POSITIVE, cid: RAW_CID, time: INSTANT }),
  v.strictObject({ ...FORMAT, kind: v.literal('edition'), sequence: POSITIVE, cid: RAW_CID }),
  v.strictObject({ ...REVISION, kind: v.literal('publish'), revision: v.literal(1) }),
  v.strictObject({ ...REVISION, kind: v.picklist(['update', 'correction', 'rerender']), revision: LATER }),
  v.pipe(
    v.strictObject({
      ...REVISION,
      kind: v.literal('retraction'),
      revision: LATER,
      withheld: v.exactOptional(v.pipe(v.array(POSITIVE), v.minLength(1))),
    }),
    v.check(
      ({ withheld = [], revision }) => isAscending([...withheld, revision]),
      'not earlier revisions in order',
    ),
  ),
]);

/** The bytes of an entry, which the tree hashes: canonical JSON. */
export function encodeEntry(entry: LogEntry): Uint8Array {
  return canonicalBytes(entry);
}

/**
 * Reads the bytes of one entry strictly. Whether it can follow the entries before it is for the fold to say.
 *
 * @throws {OvnError} `limit`, or `malformed` naming the member that is wrong.
 */
export function parseEntry(bytes: Uint8Array): LogEntry {
  const value = parseCanonical(bytes, { limit: ENTRY_LIMIT, maxDepth: MAX_DEPTH });
  const result = v.safeParse(ENTRY, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new OvnError('malformed', `log entry: "${v.getDotPath(issue) ?? ''}": ${issue.message}`);
}

function isMoment(text: string): boolean {
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text.replace('Z', '.000Z');
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}
