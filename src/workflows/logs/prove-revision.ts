import { OvnError } from '../../errors.ts';
import { parseEntry, type RevisionEntry } from '../../log/entry.ts';
import { formatTlogProof, verifyTlogProof } from '../../log/tlog-proof.ts';
import { formatVerifierKey } from '../../log/verifier.ts';
import { NO_WITNESSES } from '../../log/witness-policy.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import { refusal } from '../verification/judging.ts';
import type { HeadLog, LogEffects } from './head-log.ts';

/** Which revision of which article. */
export interface NamedRevision {
  /** Article id. */
  article: string;
  revision: number;
}

/** All that a stranger needs to see, offline, that a revision was logged. */
export interface RevisionProof {
  entry: RevisionEntry;
  /** The bytes that the tree hashes. */
  entryBytes: Uint8Array;
  /** A C2SP tlog-proof, with the checkpoint of the head edition in it. */
  proof: Uint8Array;
  index: number;
  /** Entries of the log that it is proven in. */
  size: number;
  /** Of the log; a reader takes them from the masthead. */
  verifierKeys: string[];
}

/**
 * Proves that a revision is in the log of the head edition. What is given out was verified as its reader will.
 *
 * @throws {OvnError} `not-found` for a revision that is not recorded, or not in a published log yet.
 */
export async function proveRevision(
  { article, revision }: NamedRevision,
  { tree, note, mastheads }: HeadLog,
  { repository }: LogEffects,
): Promise<RevisionProof> {
  const event = repository.events.ofRevision(article, revision);
  if (event === undefined)
    throw new OvnError('not-found', `the log has no revision ${revision} of ${article}`);
  const index = event.position - 1;
  const { size } = tree.head;
  if (index >= size) {
    throw new OvnError('not-found', `revision ${revision} of ${article} is not in a published log yet`, {
      hint: 'The next ovn publish logs what is recorded.',
    });
  }
  const entryBytes = await tree.entry(index);
  const hashes = await tree.inclusionProof(index, size);
  const proof = formatTlogProof({ index, hashes, checkpoint: note });
  const identity = logIdentity(mastheads.newest.masthead);
  verifyTlogProof(proof, entryBytes, identity, NO_WITNESSES);
  const entry = requireRevision(entryBytes, { article, revision, cid: event.cid });
  return { entry, entryBytes, proof, index, size, verifierKeys: identity.keys.map(formatVerifierKey) };
}

/**
 * The entry of a revision.
 *
 * @throws {OvnError} `malformed`; `refused` when it is the entry of something else.
 */
export function requireRevision(
  bytes: Uint8Array,
  { article, revision, cid }: NamedRevision & { cid: string },
): RevisionEntry {
  const entry = parseEntry(bytes);
  if (entry.kind === 'masthead' || entry.kind === 'edition')
    throw refusal(`the entry is of the ${entry.kind} ${entry.cid}, and of no article`);
  if (entry.article === article && entry.revision === revision && entry.cid === cid) return entry;
  throw refusal(
    `the entry is of ${entry.article}, revision ${entry.revision} (${entry.cid}), not of ${article}, revision ${revision} (${cid})`,
  );
}
