import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { ReplayedLog } from '../../log/replay.ts';
import { type Acceptance, accept } from '../../reader/accept.ts';
import type { ReaderMemory } from '../../reader/memory.ts';
import type { AcceptOptions, Offered } from '../../reader/offered.ts';
import type { FollowChoice, Followed } from '../../repo/followed.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import { ownRecord } from '../naming/own-record.ts';
import { judgeLogOf } from '../verification/edition.ts';
import { Evidence, refusal } from '../verification/judging.ts';
import { offerEdition } from '../verification/offered-edition.ts';
import type { Candidate } from './candidates.ts';
import type { SyncEffects } from './effects.ts';

/** A refusal by the rules of a reader, with what shows it to others. */
export class Refused extends OvnError {
  /** Keeps the documents of the refusal, where it rests on two of them; the path of the file. */
  readonly keepEvidence: () => string | undefined;

  constructor(message: string, keepEvidence: () => string | undefined) {
    super('refused', message);
    this.keepEvidence = keepEvidence;
  }
}

/** An edition that holds by its documents and its log, for a reader with a memory. */
export interface JudgedSpine {
  candidate: Candidate;
  replayed: ReplayedLog | undefined;
  /** Whether nothing of it has expired. */
  isFresh: boolean;
  offered: Offered;
}

/** What a reader is asked with. */
export interface SpineCase {
  expectedId: string | undefined;
  /** What is held of the publication. */
  held: Followed | undefined;
  /** What is to be held of it. */
  choice: FollowChoice;
  /** Whether somebody chooses just that now, and is told where it cannot be met. */
  isChosenNow?: boolean;
}

/**
 * Judges an edition, of which no more than the spine is at hand, by the log's own checks and the rules of a reader with a memory. What is
 * accepted is not remembered yet: the rest may not be had. What a refusal teaches is (TUF 1.0.34, section 5.3.8).
 *
 * @throws {Refused}
 */
export async function judgeSpine(
  candidate: Candidate,
  evidence: Evidence,
  given: SpineCase,
  effects: SyncEffects,
): Promise<JudgedSpine> {
  const { root, manifest } = candidate.documents;
  const offered = await offerSpine(candidate, evidence);
  const checks: Check[] = [];
  const replayed = await judgeLogOf(checks, candidate.documents, evidence);
  const acceptance = await ask({ candidate, replayed, offered, isFresh: false }, given, effects, false);
  const failed = firstFailed([...acceptance.checks, ...checks]);
  if (failed === undefined)
    return { candidate, replayed, offered, isFresh: acceptance.verdict === 'current' };
  const { sequence } = manifest.manifest;
  throw new Refused(`edition ${sequence} (${root}): ${failed.name}: ${failed.detail}`, () =>
    acceptance.evidence === undefined || effects.dryRun
      ? undefined
      : effects.memories.keepEvidence(acceptance.evidence),
  );
}

/**
 * Remembers an edition all of which was judged. Another process may have remembered something else meanwhile: then it is refused.
 *
 * @throws {OvnError} `refused`.
 */
export async function rememberSpine(
  spine: JudgedSpine,
  given: SpineCase,
  effects: SyncEffects,
): Promise<void> {
  const failed = firstFailed((await ask(spine, given, effects, true)).checks);
  if (failed !== undefined) throw refusal(`${failed.name}: ${failed.detail}`);
}

async function ask(
  { candidate, replayed, offered }: JudgedSpine,
  { expectedId, held }: SpineCase,
  effects: SyncEffects,
  keep: boolean,
): Promise<Acceptance> {
  const { signal, memories, dryRun } = effects;
  const options = { ...optionsOf(effects), expectedId, replayed };
  const judge = async (memory: ReaderMemory | undefined) => {
    const acceptance = await accept(memory ?? (await recall(held, effects)), offered, options);
    const isKept = !dryRun && (keep || acceptance.verdict === 'refused');
    return { memory: isKept ? acceptance.memory : undefined, acceptance };
  };
  const id = candidate.documents.mastheads.publicationId;
  return (await memories.judge(id, judge, signal)).acceptance;
}

/** What the edition that is held would have taught, where what was remembered is lost. */
async function recall(held: Followed | undefined, effects: SyncEffects): Promise<ReaderMemory | undefined> {
  if (held === undefined || held.edition === null) return undefined;
  const read = async (cid: CID) => effects.repository.blockstore.getBytes(cid);
  const evidence = new Evidence(read, effects);
  const offered = await offerEdition(CID.parse(held.edition), evidence, () => NOTHING);
  const options = { ...optionsOf(effects), expectedId: held.publication };
  return (await accept(undefined, offered, options)).memory;
}

const NOTHING = { kind: 'nothing' } as const;

function optionsOf({ now, policy }: SyncEffects): AcceptOptions {
  const judged = { expectedId: undefined, later: undefined, replayed: undefined };
  return { now, policy, namedBy: 'name', demandWitnesses: false, requireCurrent: false, ...judged };
}

async function offerSpine({ documents, records }: Candidate, evidence: Evidence): Promise<Offered> {
  const given = await offerEdition(documents.root, evidence, () => NOTHING);
  // A record that has expired leads on, and confirms nothing.
  const valid = records.filter(({ validUntil }) => validUntil >= evidence.now);
  const led = ownRecord(given.mastheads, valid.toReversed());
  return { ...given, name: led?.record };
}
