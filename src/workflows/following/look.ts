import { join } from 'node:path';
import { OvnError } from '../../errors.ts';
import { formatName } from '../../node/names/name.ts';
import type { FollowChoice, Followed } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import { openScratch } from '../../repo/scratch.ts';
import { isExpired } from '../../trust/instant.ts';
import type { FollowTarget, Offers } from '../finding/offers.ts';
import { UnknownCategory } from '../holding/choose.ts';
import { refusal } from '../verification/judging.ts';
import { type Candidate, type ReadCandidates, readCandidates, sequenceOf } from './candidates.ts';
import { compareLooked } from './compare-looked.ts';
import type { LookEffects, SyncEffects, SyncReport } from './effects.ts';
import { isBetter } from './is-better.ts';
import { Refused } from './judge-spine.ts';
import { Patience } from './patience.ts';
import { storeEdition } from './store-edition.ts';
import { takeEdition, takeSpine } from './take.ts';

/** What a look for a newer edition came to. */
export interface Looked {
  outcome: SyncReport['outcome'];
  fetched: SyncReport['fetched'];
  problem: SyncReport['problem'];
  evidence: string | undefined;
  failures: Offers['failures'];
  /** The newest edition that was found and holds. */
  found: { publication: string | null; edition: string | null; sequence: number | null };
}

export interface LookCase {
  /** The id that is meant; `undefined` at first contact, where none was named. */
  expectedId: string | undefined;
  held: Followed | undefined;
  /** What is to be held of it. */
  choice: FollowChoice;
  /** See `SpineCase`. */
  isChosenNow?: boolean;
  /** See `storeEdition`. */
  begin?: (publication: string) => void;
}

/** Looks for a newer edition than the one that is held, and takes the newest that holds and can be had. */
export async function lookForNewer(
  target: FollowTarget,
  given: LookCase,
  effects: SyncEffects,
): Promise<Looked> {
  using patience = new Patience(effects.times);
  const looking = { ...effects, patience };
  const offers = await findInTime(target, looking);
  const looked = await lookAmong(offers, given, looking);
  const held = heldOf(looked.found.publication, effects.repository);
  if (!effects.dryRun) keepNewer(offers, held, effects.repository);
  return compareLooked(looked, offers, held, effects);
}

/** The newest record of a name is given to others also where it leads to what is held, or to what was refused. */
function keepNewer({ offers }: Offers, held: Followed | undefined, { names }: Repository): void {
  for (const { led } of offers) if (led !== undefined && formatName(led.name) === held?.name) names.put(led);
}

/** Whoever is not known when the time is up is not asked. */
async function findInTime(target: FollowTarget, { find, signal, patience }: LookEffects): Promise<Offers> {
  try {
    return await patience.during(find(target, { signal: AbortSignal.any([signal, patience.over]) }));
  } catch (error) {
    signal.throwIfAborted();
    if (error !== patience.over.reason || !(error instanceof OvnError)) throw error;
    return { offers: [], failures: [{ from: 'all that were asked', why: error.message }], name: undefined };
  }
}

async function lookAmong(offers: Offers, meant: LookCase, effects: LookEffects): Promise<Looked> {
  using scratch = openScratch(join(effects.repository.stateDir, 'tmp'));
  const read = await readCandidates(offers, scratch, effects);
  const candidates = ofOnePublication(read, meant.expectedId);
  const { failures } = read;
  const publication = candidates[0]?.documents.mastheads.publicationId ?? meant.expectedId ?? null;
  const given = { ...meant, held: meant.held ?? heldOf(publication, effects.repository) };
  for (const candidate of candidates) {
    const trying = { candidate, failures };
    if ((await orWhy(trying, effects, () => isBetter(candidate, given, effects))) !== true) continue;
    const taken = await orWhy(trying, effects, () => take(candidate, given, failures, effects));
    if (!(taken instanceof OvnError)) return taken;
    read.problem = taken;
    read.isNewer = true;
  }
  const found = { publication, edition: null, sequence: null };
  const fetched = { blocks: 0, bytes: 0 };
  const concluded = await conclude(candidates, { ...read, given }, effects);
  return { ...concluded, fetched, failures, found };
}

/** What is held of a publication, also of one that was named without its id, and turns out to be followed. */
function heldOf(publication: string | null, { followed }: Repository): Followed | undefined {
  return publication === null ? undefined : followed.get(publication);
}

/** Those of the publication that is meant; where none is named, of the one that was offered first. */
function ofOnePublication(read: ReadCandidates, expectedId: string | undefined): Candidate[] {
  const idOf = ({ documents }: Candidate): string => documents.mastheads.publicationId;
  const [first] = read.candidates.toSorted((a, b) => a.place - b.place);
  const meant = expectedId ?? (first === undefined ? undefined : idOf(first));
  return read.candidates.filter((candidate) => {
    if (idOf(candidate) === meant) return true;
    const why = `it offers an edition of ${idOf(candidate)}, another publication`;
    read.failures.push({ from: candidate.from.join(', '), why });
    read.problem ??= refusal(`${candidate.from.join(', ')}: ${why}`);
    return false;
  });
}

/** Takes an edition in. */
function take(
  candidate: Candidate,
  given: LookCase,
  failures: Offers['failures'],
  effects: LookEffects,
): Promise<Looked> {
  return takeEdition(candidate, given, effects, async (taken) => {
    const stored = effects.dryRun || (await storeEdition(taken, movingOf(candidate, given), effects));
    const { root, mastheads } = candidate.documents;
    const publication = mastheads.publicationId;
    return {
      outcome: stored === undefined ? 'same' : 'moved', // where another process has come further
      fetched: taken.fetched,
      problem: taken.spine.isFresh ? null : expired(sequenceOf(candidate)),
      evidence: undefined,
      failures,
      found: { publication, edition: root.toString(), sequence: sequenceOf(candidate) },
    };
  });
}

interface Trying {
  candidate: Candidate;
  failures: Offers['failures'];
}

/** Gives why, where an edition cannot be had or does not hold. */
async function orWhy<T>(
  { candidate, failures }: Trying,
  { signal }: LookEffects,
  work: () => Promise<T>,
): Promise<T | OvnError> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OvnError) || OWN.includes(error.code) || error instanceof UnknownCategory)
      throw error;
    failures.push({ from: candidate.from.join(', '), why: error.message });
    return error;
  }
}

/** Errors of this machine. */
const OWN = ['io', 'busy', 'damaged', 'interrupted'];

function movingOf({ documents }: Candidate, { begin, choice }: LookCase) {
  const { publicationId } = documents.mastheads;
  return { choice, ...(begin === undefined ? {} : { begin: () => begin(publicationId) }) };
}

/** What is to be said where nothing was taken. */
async function conclude(
  candidates: readonly Candidate[],
  { given, problem, isNewer, failures }: ReadCandidates & { given: LookCase },
  effects: SyncEffects,
): Promise<Pick<Looked, 'outcome' | 'problem' | 'evidence'>> {
  const { held } = given;
  if (isNewer && problem !== undefined) return refused(problem, held);
  const isSame = ({ documents }: Candidate): boolean => documents.manifest.cid === held?.manifest;
  if (held?.expires != null && candidates.some((each) => isSame(each) && isSaidByOthers(each))) {
    const isOver = isExpired(held.expires, effects.now);
    const problem = isOver ? expired(held.sequence ?? 0) : null;
    return { outcome: isOver ? 'kept' : 'same', problem, evidence: undefined };
  }
  const older = candidates.find((each) => !isSame(each));
  if (older !== undefined) return refused(await refusalOf(older, given, effects), held);
  return refused(problem ?? nobodySaid(held, failures), held);
}

function nobodySaid(held: Followed | undefined, failures: Offers['failures']): OvnError {
  const what =
    held?.sequence == null
      ? 'nobody has an edition of it'
      : `nobody confirmed that edition ${held.sequence} is the newest`;
  const told = failures.map(({ from, why }) => `${from}: ${why}`);
  return new OvnError('incomplete', [what, ...told].join('; '));
}

/** What is kept here, or was named by the user, confirms nothing by itself. */
function isSaidByOthers({ from }: Candidate): boolean {
  return from.some((who) => who !== 'kept' && who !== 'named');
}

/** Why an edition that is older than the one that is held is not taken. */
async function refusalOf(older: Candidate, given: LookCase, effects: SyncEffects): Promise<OvnError> {
  try {
    await takeSpine(older, given, effects);
    return refusal(`edition ${sequenceOf(older)} is older than the one that is held`);
  } catch (error) {
    effects.signal.throwIfAborted();
    if (!(error instanceof OvnError) || OWN.includes(error.code)) throw error;
    return error;
  }
}

/** Evidence of what was told before is kept already. */
function refused(
  problem: OvnError,
  held: Followed | undefined,
): Pick<Looked, 'outcome' | 'problem' | 'evidence'> {
  const { code, message, hint = null } = problem;
  const isNew = held?.problem?.message !== message;
  const evidence = problem instanceof Refused && isNew ? problem.keepEvidence() : undefined;
  return { outcome: 'kept', problem: { code, message, hint }, evidence };
}

function expired(sequence: number): Looked['problem'] {
  return {
    code: 'incomplete',
    message: `edition ${sequence} has expired: genuine, but not confirmed as current`,
    hint: null,
  };
}
