import { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { OvnError } from '../errors.ts';
import { publicKeyOf } from './did-key.ts';
import { isInstant } from './instant.ts';

/** A CID in its one text form, of sha2-256: `bafkrei…` (raw, one block) or `bafybei…` (dag-pb). */
export const CID_TEXT = v.pipe(v.string(), v.check(isCidText, 'not a CIDv1 of sha2-256 in base32'));
/** A CID of one raw block. */
export const RAW_CID = v.pipe(CID_TEXT, v.startsWith('bafkrei'));
/** A CID of a UnixFS directory. */
export const DIRECTORY_CID = v.pipe(CID_TEXT, v.startsWith('bafybei'));

/** A moment: UTC, whole seconds. */
export const INSTANT = v.pipe(v.string(), v.check(isInstant, 'not a moment in UTC'));
/** The slug of a category. */
export const SLUG = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,80}$/));
/** did:key of an Ed25519 key that may be trusted. */
export const DID_KEY = v.pipe(v.string(), v.check(isDidKey, 'not the did:key of a sound Ed25519 key'));
/** Safe integers from 0 and from 1. */
export const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const POSITIVE = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/**
 * The value itself, once it has the shape. It is not copied: a copy would drop members such as `constructor`.
 *
 * @param what the document, for the message.
 * @throws {OvnError} `malformed`, naming the member that is wrong.
 */
export function requireShape<T>(schema: v.GenericSchema<unknown, T>, value: unknown, what: string): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return value as T;
  const [issue] = result.issues;
  throw new OvnError('malformed', `${what}: "${v.getDotPath(issue) ?? ''}": ${issue.message}`);
}

function isCidText(text: string): boolean {
  if (!/^baf(?:krei|ybei)[a-z2-7]{52}$/.test(text)) return false;
  try {
    return CID.parse(text).toString() === text;
  } catch {
    return false;
  }
}

function isDidKey(text: string): boolean {
  try {
    return publicKeyOf(text).type === 'public';
  } catch (error) {
    if (error instanceof OvnError) return false;
    throw error;
  }
}
