import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRecords } from '../../node/names/name-router.ts';
import { type NameRecord, newerRecord } from '../../node/names/record.ts';
import type { ResolvedName } from '../../node/names/resolve-name.ts';
import { type Check, requirePassed } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { namesOf } from '../naming/own-names.ts';
import { type JudgedDocuments, judgeDocuments } from '../verification/edition.ts';
import { Evidence } from '../verification/judging.ts';
import { type FindEffects, type FollowTarget, findOffers, type Offer, type Offers } from './offers.ts';

/** An edition that is held here of a publication of others, and when it was last confirmed to be the newest. */
export interface HeldHere {
  edition: string;
  confirmed: string;
}

export interface FindEditionEffects extends Omit<FindEffects, 'signal' | 'sourceOf' | 'records'> {
  /** Mirrors and gateways that are asked for what is named by its id or name. */
  urls: readonly string[];
  /** Gets the record that leads to the edition, where it is of a name of the publication. */
  records: NameRecords;
  held(publication: string): HeldHere | undefined;
  now: Date;
}

export interface FindOptions {
  /** Reads what is offered; it may fetch. */
  read: BlockReader;
  signal: AbortSignal;
}

/**
 * Finds the newest edition of a publication as far as anybody shows one that its own keys signed: by the records of its name, by its
 * mirrors, and what is held here. `undefined` where there is nobody to ask.
 *
 * @throws {OvnError} `not-found` where nobody shows one, saying what each answered.
 */
export type FindEdition = (target: FollowTarget, options: FindOptions) => Promise<ResolvedName | undefined>;

/** Different editions that are looked at; blocks and bytes that are read of each before it is known to hold, and for how long, in ms. */
const MOST_EDITIONS = 16;
const MOST_BLOCKS = 4096;
const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_MS = 60_000;

/** An offer whose documents hold, and are of the publication that is looked for. */
interface Candidate {
  offer: Offer;
  documents: JudgedDocuments;
}

/** Makes the function that finds editions; see {@link FindEdition}. */
export function editionFinder(effects: FindEditionEffects): FindEdition {
  return async (target, { read, signal }) => {
    const urls = target.urls.length > 0 ? target.urls : [...effects.urls];
    const held = target.publication === undefined ? undefined : effects.held(target.publication);
    if (urls.length === 0 && held === undefined) return undefined;
    // A name was followed before mirrors are asked about it.
    const routers = target.name === undefined ? effects.routers : [];
    const found = await findOffers({ ...target, urls }, { ...effects, routers, signal });
    const offers = held === undefined ? found.offers : [...found.offers, offerHeld(held)];
    const failures = [...found.failures];
    const judging = { now: effects.now, read, signal };
    const candidates = await judgeOffers(offers, target, judging, failures);
    const [best] = candidates.toSorted(betterFirst);
    if (best === undefined) throw notFound(target, failures);
    return resolved(target, best, { candidates, held, offers: found }, effects);
  };
}

function offerHeld({ edition }: HeldHere): Offer {
  const nothing = { record: undefined, led: undefined, checkpoint: undefined, sequence: undefined };
  return { edition, from: 'here', sources: [], publication: undefined, ...nothing };
}

type Judging = FindOptions & Pick<FindEditionEffects, 'now'>;

/** Each edition is judged once, whoever offers it; what does not hold is told with who offered it. */
async function judgeOffers(
  offers: readonly Offer[],
  target: FollowTarget,
  effects: Judging,
  failures: Offers['failures'],
): Promise<Candidate[]> {
  const judged = new Map<string, Promise<JudgedDocuments>>();
  const documentsOf = (edition: string): Promise<JudgedDocuments> => {
    const known = judged.get(edition);
    if (known !== undefined) return known;
    if (judged.size >= MOST_EDITIONS) throw new OvnError('limit', 'too many others are offered');
    const reading = readDocuments(edition, effects);
    judged.set(edition, reading);
    return reading;
  };
  const judging = offers.map(async (offer): Promise<Candidate[]> => {
    try {
      const documents = await documentsOf(offer.edition);
      requireMeant(offer, documents, target);
      return [{ offer, documents }];
    } catch (error) {
      effects.signal.throwIfAborted();
      if (!(error instanceof OvnError)) throw error;
      failures.push({ from: offer.from, why: `${offer.edition}: ${error.message}` });
      return [];
    }
  });
  return (await Promise.all(judging)).flat();
}

async function readDocuments(edition: string, { read, ...options }: Judging): Promise<JudgedDocuments> {
  const checks: Check[] = [];
  const evidence = new Evidence(withinLimits(read), options);
  const documents = await judgeDocuments(checks, CID.parse(edition), evidence);
  requirePassed(checks, 'edition');
  if (documents === undefined) throw new Error('an edition without a failed check has documents');
  return documents;
}

/** Threat: whoever offers a root that is no edition's can make it as large, and give it as slowly, as they like. */
function withinLimits(read: BlockReader): BlockReader {
  const ends = AbortSignal.timeout(LONGEST_MS);
  let [blocks, bytes] = [0, 0];
  return async (cid) => {
    if (ends.aborted) throw new OvnError('io', `its documents do not come in ${LONGEST_MS / 1000} s`);
    const block = await read(cid);
    blocks += 1;
    bytes += block?.length ?? 0;
    if (blocks <= MOST_BLOCKS && bytes <= MOST_BYTES) return block;
    throw new OvnError('limit', 'it has more than the documents of an edition can have');
  };
}

/** Whoever shows something for a name has to show that it is of a publication with that name, by record or masthead. */
function requireMeant(
  { led, publication: claimed }: Offer,
  { mastheads }: JudgedDocuments,
  { publication = claimed, name }: FollowTarget,
): void {
  const id = mastheads.publicationId;
  if (publication !== undefined && publication !== id)
    throw new OvnError('refused', `it is of publication ${id}, not of ${publication}`);
  const isLed = led !== undefined && formatName(led.name) === name;
  if (name === undefined || isLed) return;
  const isNamed = namesOf(mastheads).some((own) => own.state !== 'revoked' && formatName(own.name) === name);
  if (!isNamed) throw new OvnError('refused', `publication ${id} does not have the name ${name}`);
}

/** The newest of those that the publication signed; of one sequence what a record leads to. */
function betterFirst(a: Candidate, b: Candidate): number {
  const [one, two] = [a, b].map(({ documents }) => documents.manifest.manifest.sequence);
  if (one !== two) return (two ?? 0) - (one ?? 0);
  return Number(b.offer.led !== undefined) - Number(a.offer.led !== undefined);
}

/** What was found besides the best. */
interface Rest {
  candidates: readonly Candidate[];
  held: HeldHere | undefined;
  offers: Offers;
}

function resolved(
  target: FollowTarget,
  { offer, documents }: Candidate,
  { candidates, held, offers }: Rest,
  { records, now }: FindEditionEffects,
): ResolvedName {
  const { edition } = offer;
  const same = candidates.filter((each) => each.offer.edition === edition).map((each) => each.offer);
  const led = newest(same.flatMap((each) => each.led ?? []));
  const own = namesOf(documents.mastheads);
  if (led !== undefined && own.some(({ name }) => name.equals(led.name))) records.put(led);
  const path = `/ipfs/${edition}`;
  const begin = target.publication ?? target.name ?? target.domain ?? target.urls[0] ?? edition;
  const steps = led === undefined ? [begin, path] : [begin, `/ipns/${formatName(led.name)}`, path];
  const isConfirmed = led !== undefined && led.validUntil >= now;
  const { issued } = documents.manifest.manifest;
  const confirmed = held?.edition === edition && held.confirmed > issued ? held.confirmed : issued;
  const shown = offers.offers.flatMap(({ from, checkpoint, edition: of }) =>
    checkpoint === undefined ? [] : [{ from, note: Buffer.from(checkpoint, 'utf8'), edition: of }],
  );
  // Who has two histories would rather not show it: what they offer shows it all the same.
  const offered = candidates.flatMap(({ offer: { from, edition: of } }) =>
    of === edition ? [] : [{ from, edition: of }],
  );
  return {
    path,
    ttl: 0,
    steps,
    records: led === undefined ? [] : [led],
    ...(led === undefined ? {} : { record: led }),
    ...(isConfirmed ? {} : { unconfirmed: { by: offer.from, since: confirmed } }),
    checkpoints: [...shown, ...offered],
  };
}

function newest(records: readonly NameRecord[]): NameRecord | undefined {
  return records.reduce<NameRecord | undefined>(
    (a, b) => (a === undefined ? b : newerRecord(a, b)),
    undefined,
  );
}

function notFound(target: FollowTarget, failures: Offers['failures']): OvnError {
  const what = target.publication ?? target.name ?? target.domain ?? target.urls[0];
  const said = failures.map(({ from, why }) => `${from}: ${why}`).join('; ');
  return new OvnError('not-found', `no edition of ${what} is to be had (${said})`, {
    hint: '--gateway URL names a mirror that may show one.',
  });
}
