import type { VerifiedCheckpoint } from '../log/checkpoint.ts';
import { parseEntry } from '../log/entry.ts';
import { verifyConsistency, verifyInclusion } from '../log/merkle.ts';
import { isSameHash, leafHash } from '../log/tree-hash.ts';
import type { VerifiedManifest } from '../manifest/read-manifest.ts';
import type { Check } from '../trust/check.ts';
import { readMastheads, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import { rawCid } from '../unixfs/hash.ts';
import { conflictOf } from './conflict.ts';
import type { Evidence, EvidenceKind } from './evidence.ts';
import { refusal } from './refusal.ts';
import { checkpointOf, manifestOf, type SignedManifest } from './signed-exhibits.ts';

/** What two documents say, once both are known to be signed. */
interface Statement {
  /** Who signed which. */
  documents: string;
  contradiction: Omit<Check, 'name'>;
}

/** By kind: that both documents are signed, and what they say together. Throws `OvnError` where they are not. */
export const STATEMENTS: Record<
  EvidenceKind,
  (evidence: Evidence, mastheads: VerifiedMastheads) => Statement
> = {
  equivocation: ({ documents: [one, two], mastheads: files }) => {
    const pair = [manifestOf(one, files), manifestOf(two, files)] as const;
    const conflict = conflictOf(pair[0].verified, pair[1].verified);
    return { documents: tellManifests(pair), contradiction: verdictOn(conflict) };
  },
  rollback: ({ documents: [one, two], mastheads: files }) => {
    const pair = [manifestOf(one, files), manifestOf(two, files)] as const;
    return { documents: tellManifests(pair), contradiction: judgeOrder(pair) };
  },
  'masthead-fork': ({ documents: [one, two], mastheads: files }) => {
    const { versions } = readMastheads([...files, one]);
    readMastheads([...files, two]);
    const differ = Buffer.compare(one, two) !== 0;
    const version = `masthead ${versions.length}`;
    return {
      documents: `${rawCid(one)} and ${rawCid(two)}, both signed as ${version}`,
      contradiction: verdictOn(differ ? `there are two of ${version}` : undefined),
    };
  },
  fork: (evidence, mastheads) => {
    const [older, newer] = checkpointsOf(evidence, mastheads);
    return {
      documents: `checkpoints of ${older.size} and ${newer.size} entries of ${older.origin}, both signed`,
      contradiction: verdictOn(forkOf(evidence, older, newer)),
    };
  },
  'log-contradiction': (evidence, mastheads) => {
    const [bytes, note] = evidence.documents;
    const manifest = manifestOf(bytes, evidence.mastheads);
    const checkpoint = checkpointOf(note, mastheads);
    return {
      documents: `${tellManifest(manifest)}; a checkpoint of ${checkpoint.size} entries`,
      contradiction: verdictOn(denialOf(evidence, manifest.verified, checkpoint)),
    };
  },
};

function verdictOn(conflict: string | undefined): Omit<Check, 'name'> {
  if (conflict !== undefined) return { result: 'pass', detail: conflict };
  return { result: 'fail', detail: 'the two documents can both be true' };
}

function tellManifests([one, two]: readonly [SignedManifest, SignedManifest]): string {
  return `${tellManifest(one)}; ${tellManifest(two)}`;
}

function tellManifest({ verified: { manifest, cid }, version }: SignedManifest): string {
  return `manifest ${cid} of sequence ${manifest.sequence}, signed under masthead ${version}`;
}

/** That an old manifest was offered late is nobody's signature. */
function judgeOrder([newer, older]: readonly [SignedManifest, SignedManifest]): Omit<Check, 'name'> {
  const [{ manifest: seen }, { manifest: offered }] = [newer.verified, older.verified];
  if (offered.sequence >= seen.sequence) return verdictOn(undefined);
  const detail = `sequence ${offered.sequence} was offered after ${seen.sequence}: so says who kept them`;
  return { result: 'not-checked', detail };
}

function checkpointsOf({ documents }: Evidence, mastheads: VerifiedMastheads) {
  const [one, two] = documents.map((bytes) => checkpointOf(bytes, mastheads));
  if (one === undefined || two === undefined) throw refusal('there are not two checkpoints');
  return one.size <= two.size ? ([one, two] as const) : ([two, one] as const);
}

/** The longer log had another root at the shorter one's size: its proof binds that root to its own checkpoint. */
function forkOf({ proof }: Evidence, older: VerifiedCheckpoint, newer: VerifiedCheckpoint) {
  const { size } = older;
  const there = size === newer.size ? newer.root : proof?.root;
  if (there === undefined || proof === undefined || isSameHash(older.root, there)) return undefined;
  if (!verifyConsistency({ size, root: there }, newer, proof.hashes)) return undefined;
  return `two logs of ${size} entries: one begins the log of ${newer.size}, the other was signed as well`;
}

/** An `edition` entry of the log that names another manifest in the place of this one, or of the one before it. */
function denialOf(
  { proof }: Evidence,
  { manifest, cid }: VerifiedManifest,
  checkpoint: VerifiedCheckpoint,
): string | undefined {
  const { index, entry: bytes, hashes } = proof ?? {};
  if (index === undefined || bytes === undefined || hashes === undefined) return undefined;
  if (!verifyInclusion(leafHash(bytes), index, checkpoint, hashes)) return undefined;
  const entry = parseEntry(bytes);
  if (entry.kind !== 'edition') return undefined;
  const { sequence, previous } = manifest;
  const claimed = new Map([
    [sequence, cid],
    [sequence - 1, previous],
  ]);
  if (!claimed.has(entry.sequence) || claimed.get(entry.sequence) === entry.cid) return undefined;
  return `entry ${index} of the log names ${entry.cid} as edition ${entry.sequence}, the manifest ${claimed.get(entry.sequence)}`;
}
