import { OvnError } from '../../errors.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRecords } from '../../node/names/name-router.ts';
import { type NameRecord, newerRecord } from '../../node/names/record.ts';
import type { ResolvedName } from '../../node/names/resolve-name.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { namesOf } from '../naming/own-names.ts';
import { type Candidate, judgeOffers } from './judge-offers.ts';
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
  /** For the documents of each edition that is offered, in ms; a minute when absent. */
  documentsMs?: number | undefined;
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
    const { now, documentsMs } = effects;
    const judging = { now, documentsMs, read, signal };
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
  rest: Rest,
  { records, now }: FindEditionEffects,
): ResolvedName {
  const { edition } = offer;
  const led = recordOf({ offer, documents }, target, rest);
  if (led !== undefined && isNameOf(led, documents)) records.put(led);
  const path = `/ipfs/${edition}`;
  const begin = target.publication ?? target.name ?? target.domain ?? target.urls[0] ?? edition;
  const isConfirmed = led !== undefined && led.validUntil >= now;
  const unconfirmed = { by: offer.from, since: confirmedAt({ offer, documents }, rest) };
  return {
    path,
    ttl: 0,
    steps: led === undefined ? [begin, path] : [begin, `/ipns/${formatName(led.name)}`, path],
    records: led === undefined ? [] : [led],
    ...(led === undefined ? {} : { record: led }),
    ...(isConfirmed ? {} : { unconfirmed }),
    checkpoints: shownLogsOf(edition, rest),
  };
}

/** The newest record that leads there of a name that was asked for, or is the publication's now: any other is a stranger's word. */
function recordOf({ offer, documents }: Candidate, { name }: FollowTarget, { candidates }: Rest) {
  const same = candidates.filter((each) => each.offer.edition === offer.edition);
  const led = same.flatMap((each) => each.offer.led ?? []);
  return newest(led.filter((each) => formatName(each.name) === name || isNameOf(each, documents)));
}

function isNameOf(record: NameRecord, { mastheads }: Candidate['documents']): boolean {
  return namesOf(mastheads).some(({ name, state }) => state === 'current' && name.equals(record.name));
}

/** When somebody last said that it is the newest who had to know: the publisher, or who looked for a newer one. */
function confirmedAt({ offer, documents }: Candidate, { held }: Rest): string {
  const { issued } = documents.manifest.manifest;
  return held?.edition === offer.edition && held.confirmed > issued ? held.confirmed : issued;
}

/** What is shown of the log. Who has two histories would rather not show it: what they offer shows it all the same. */
function shownLogsOf(
  edition: string,
  { candidates, offers }: Rest,
): NonNullable<ResolvedName['checkpoints']> {
  const shown = offers.offers.flatMap(({ from, checkpoint, edition: of }) =>
    checkpoint === undefined ? [] : [{ from, note: Buffer.from(checkpoint, 'utf8'), edition: of }],
  );
  const others = candidates.filter(({ offer }) => offer.edition !== edition);
  return [...shown, ...others.map(({ offer: { from, edition: of } }) => ({ from, edition: of }))];
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
