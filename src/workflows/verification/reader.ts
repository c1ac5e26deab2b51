import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { ReplayedLog } from '../../log/replay.ts';
import type { WitnessPolicy } from '../../log/witness-policy.ts';
import type { NameRecord } from '../../node/names/record.ts';
import { type Acceptance, accept } from '../../reader/accept.ts';
import type { KnownMastheads, KnownPublication } from '../../reader/judge-lone-bundle.ts';
import type { ReaderMemory } from '../../reader/memory.ts';
import type { AcceptOptions, Looked, Offered } from '../../reader/offered.ts';
import type { VerifiedLog } from '../../reader/verified-log.ts';
import type { ReaderMemories } from '../../repo/reader-memory.ts';
import type { Check } from '../../trust/check.ts';
import { publicationId } from '../../trust/masthead.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { ownRecord } from '../naming/own-record.ts';
import type { Evidence } from './judging.ts';
import { lookAtEdition, offerEdition } from './offered-edition.ts';

/** The reader that an edition is judged for. */
export interface Reader {
  /** `undefined` where nothing is to be remembered, and nothing that was remembered is to count. */
  memories: ReaderMemories | undefined;
  /** Whether what is accepted is remembered from now on. */
  remembers: boolean;
  policy: WitnessPolicy;
  expectedId: string | undefined;
  requireCurrent: boolean;
  /** The edition that is the newest one here, where there is one. */
  head: CID | undefined;
  /** The records by which a name led to the edition; none where it was not named by one. */
  records: readonly NameRecord[];
  /** Whether it was found with somebody who may have no newer one: one that is older than what was seen is no fraud then. */
  mayBeOld: boolean;
}

/** What a reader says of an edition. */
export interface ReaderJudgement extends Pick<Acceptance, 'verdict'> {
  checks: Check[];
  /** Path of the file with the documents of a refusal. */
  evidence: string | undefined;
}

/** An edition as it is read for a reader. */
export interface ReadEdition {
  evidence: Evidence;
  here: Evidence;
  replayed: ReplayedLog | undefined;
  /** Not all of it is at hand: no more than its documents and its log are looked at. */
  isPart: boolean;
}

/**
 * Judges an edition by the eleven rules of a reader with a memory, and keeps memory and evidence.
 * `evidence` reads the edition, `here` the newest one of this repository: what is in a file is not in its store. Its log is
 * not read again where it was `replayed`.
 */
export async function judgeAsReader(
  edition: CID,
  namedBy: 'name' | 'cid',
  reader: Reader,
  { evidence, here, replayed, isPart }: ReadEdition,
): Promise<ReaderJudgement> {
  const given = await offerEdition(edition, evidence, (root) =>
    isPart ? { kind: 'nothing' } : lookAtEdition(root, evidence),
  );
  const led = ownRecord(given.mastheads, reader.records);
  const offered = { ...given, name: led?.record };
  const later = edition.equals(reader.head) ? undefined : await laterLog(offered, reader, here);
  const options = {
    ...optionsOf(reader, evidence.now),
    namedBy: led?.isFormer ? ('cid' as const) : namedBy,
    later,
    replayed,
  };
  const judge = (how: AcceptOptions) => judgeWithMemory(offered, reader, evidence.signal, how);
  const first = await judge(options);
  const isOld = reader.mayBeOld && first.acceptance.evidence?.kind === 'rollback';
  const { acceptance, note } = isOld ? await judge({ ...options, namedBy: 'cid' }) : first;
  const checks = [...acceptance.checks, ...(note === undefined ? [] : [note])];
  const kept =
    acceptance.evidence === undefined ? undefined : reader.memories?.keepEvidence(acceptance.evidence);
  return { checks, verdict: acceptance.verdict, evidence: kept };
}

/** What the newest edition here lets a reader know of its publication. */
export interface KnownEdition {
  known: KnownPublication;
  /** What was wrong with the edition, which then tells nothing: it makes nothing else false. */
  refused: Check | undefined;
}

/** What is known of a publication: by the newest edition that is here, and by what is remembered; nothing where it was never met. */
export async function knownOf(
  publication: string,
  reader: Reader,
  here: Evidence,
): Promise<Partial<KnownEdition>> {
  const { now } = here;
  const head = await offerHead(reader, here, { kind: 'nothing' });
  if (head !== undefined && idOf(head) === publication) {
    const options = { ...optionsOf(reader, now), namedBy: 'cid' as const, requireCurrent: false };
    const { acceptance } = await judgeWithMemory(head, reader, here.signal, options);
    const { accepted } = acceptance;
    if (accepted !== undefined)
      return { known: { mastheads: chainOf(accepted.mastheads), records: accepted.records, now } };
    const refused = acceptance.checks.find(({ result }) => result === 'fail');
    return { ...remembered(publication, reader, now), refused };
  }
  return remembered(publication, reader, now);
}

function remembered(
  publication: string,
  { memories }: Reader,
  now: Date,
): Pick<KnownEdition, 'known'> | object {
  const memory = memories?.read(publication);
  return memory === undefined
    ? {}
    : { known: { mastheads: chainOf(memory.mastheads), records: undefined, now } };
}

function chainOf(files: readonly Uint8Array[]): KnownMastheads {
  return { files, chain: readMastheads(files) };
}

function optionsOf({ policy, expectedId, requireCurrent }: Reader, now: Date): AcceptOptions {
  return {
    now,
    namedBy: 'name',
    expectedId,
    policy,
    demandWitnesses: false,
    requireCurrent,
    later: undefined,
    replayed: undefined,
  };
}

/** The log of the newest edition here, where that is of the same publication: older editions are looked up in it. */
async function laterLog(
  offered: Offered,
  reader: Reader,
  evidence: Evidence,
): Promise<VerifiedLog | undefined> {
  const head = await offerHead(reader, evidence, { kind: 'nothing' });
  if (head === undefined || idOf(head) !== idOf(offered)) return undefined;
  const options = { ...optionsOf(reader, evidence.now), requireCurrent: false };
  return (await judgeWithMemory(head, reader, evidence.signal, options)).acceptance.accepted?.log;
}

/** The newest edition that is here; nothing where there is none, or its documents cannot be read, which `check` finds. */
async function offerHead({ head }: Reader, here: Evidence, looked: Looked): Promise<Offered | undefined> {
  try {
    return head === undefined ? undefined : await offerEdition(head, here, () => looked);
  } catch (error) {
    if (error instanceof OvnError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}

/** Judges with what is remembered; where nothing can be kept, without, and says so. */
async function judgeWithMemory(
  offered: Offered,
  { memories, remembers }: Reader,
  signal: AbortSignal,
  options: AcceptOptions,
): Promise<{ acceptance: Acceptance; note?: Check }> {
  const judge = (memory: ReaderMemory | undefined) => accept(memory, offered, options);
  const id = idOf(offered);
  if (memories === undefined || id === undefined) return { acceptance: await judge(undefined) };
  if (!remembers) return { acceptance: await judge(memories.read(id)) };
  try {
    return { acceptance: await memories.judge(id, judge, signal) };
  } catch (error) {
    if (!(error instanceof OvnError) || error.code !== 'io') throw error;
    const note: Check = { name: 'memory', result: 'not-checked', detail: error.message };
    return { acceptance: await judge(undefined), note };
  }
}

function idOf({ mastheads: [first] }: Offered): string | undefined {
  return first === undefined ? undefined : publicationId(first);
}
