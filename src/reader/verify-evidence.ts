import { OvnError } from '../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../log/checkpoint.ts';
import { parseEntry } from '../log/entry.ts';
import { verifyConsistency, verifyInclusion } from '../log/merkle.ts';
import { isSameHash, leafHash } from '../log/tree-hash.ts';
import { readManifest, type VerifiedManifest } from '../manifest/read-manifest.ts';
import { type Check, firstFailed, runCheck, skipChecks } from '../trust/check.ts';
import { readMastheads, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import { rawCid } from '../unixfs/hash.ts';
import { conflictOf } from './conflict.ts';
import { type Evidence, type EvidenceKind, parseEvidence } from './evidence.ts';
import { logIdentity } from './log-identity.ts';
import { refusal } from './refusal.ts';

/** What an evidence file is worth. */
export interface EvidenceJudgement {
  checks: Check[];
  kind?: EvidenceKind;
  /** The publication whose keys signed both documents. */
  publication?: string;
  /**
   * `proven`: the publication's own keys contradict themselves, whoever passed the documents on. `genuine`: both documents
   * are the publication's; that one was offered after the other is the word of who kept them. `refused`: neither.
   */
  verdict: 'proven' | 'genuine' | 'refused';
}

/** The checks in order. */
const CHECKS = ['evidence', 'mastheads', 'documents', 'contradiction'] as const;

/** Judges an evidence file, anywhere, with nothing but its bytes. */
export function verifyEvidence(bytes: Uint8Array): EvidenceJudgement {
  const checks: Check[] = [];
  const evidence = runCheck(
    checks,
    'evidence',
    () => parseEvidence(bytes),
    ({ kind, foundAt }) => `${kind}, found ${foundAt}`,
  );
  if (evidence === undefined) return refused(checks);
  const mastheads = runCheck(
    checks,
    'mastheads',
    () => requireChain(evidence),
    ({ versions }) => `${versions.length} of publication ${evidence.publication}, signed in turn`,
  );
  if (mastheads === undefined) return refused(checks);
  const statement = runCheck(
    checks,
    'documents',
    () => STATEMENTS[evidence.kind](evidence, mastheads),
    ({ documents }) => documents,
  );
  if (statement === undefined) return refused(checks);
  const { kind, publication } = evidence;
  checks.push({ name: 'contradiction', ...statement.contradiction });
  if (firstFailed(checks) !== undefined) return refused(checks);
  const proven = statement.contradiction.result === 'pass';
  return { checks, kind, publication, verdict: proven ? 'proven' : 'genuine' };
}

function refused(checks: Check[]): EvidenceJudgement {
  skipChecks(checks, CHECKS.slice(checks.length), 'not reached');
  return { checks, verdict: 'refused' };
}

function requireChain({ mastheads, publication }: Evidence): VerifiedMastheads {
  const chain = readMastheads(mastheads);
  if (chain.publicationId === publication) return chain;
  throw refusal(`the mastheads are of ${chain.publicationId}, not of ${publication}`);
}

/** What two documents say, once both are known to be signed. */
interface Statement {
  /** Who signed which. */
  documents: string;
  contradiction: Omit<Check, 'name'>;
}

const STATEMENTS: Record<EvidenceKind, (evidence: Evidence, mastheads: VerifiedMastheads) => Statement> = {
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

interface SignedManifest {
  verified: VerifiedManifest;
  /** The first masthead from its own on under which its signatures are enough. */
  version: number;
}

/** A manifest is of the time of its masthead, or of a later one: a retired key shows in the version that is told. */
function manifestOf(bytes: Uint8Array, files: readonly Uint8Array[]): SignedManifest {
  let objection: unknown;
  for (let version = 1; version <= files.length; version++) {
    try {
      const verified = readManifest(bytes, readMastheads(files.slice(0, version)), new Date(0));
      return { verified, version };
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      objection = error;
    }
  }
  throw objection ?? refusal('there is no masthead');
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

/** By the newest masthead whose log keys signed it. */
function checkpointOf(bytes: Uint8Array, { versions }: VerifiedMastheads): VerifiedCheckpoint {
  let objection: unknown;
  for (const { masthead } of versions.toReversed()) {
    try {
      return openCheckpoint(bytes, logIdentity(masthead));
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      objection ??= error;
    }
  }
  throw objection ?? refusal('there is no masthead');
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
