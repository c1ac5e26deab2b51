import type { NameRecords, NameRouter } from '../../node/names/name-router.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { LookUpTxt } from '../../node/names/resolve-name.ts';
import type { Reach } from '../../node/network/reach.ts';
import type { HttpClient } from '../../node/retrieve/http-client.ts';
import type { BlockSource } from '../../node/retrieve/source.ts';
import { placesAsked, urlsAsked } from './asked-places.ts';
import type { FollowTarget } from './follow-target.ts';
import { askMirrors, type Shown } from './mirror-answers.ts';
import { type Led, NameWays } from './name-ways.ts';

export { type FollowTarget, parseFollowTarget } from './follow-target.ts';

/** An edition that someone says is the newest of a publication; nothing of it is checked yet but the record's signature. */
export interface Offer {
  /** Root CID. */
  edition: string;
  /** Who says so: an address, `kept` for a record that is here, `named` where the edition itself was. */
  from: string;
  /** As it was signed, where one leads to this edition; it may have expired. */
  record: Uint8Array | undefined;
  /** The same record, read. */
  led: NameRecord | undefined;
  /** The signed note that was shown with it. */
  checkpoint: string | undefined;
  /** Places to fetch it from, whoever offers it first. They are closed by who opened them. */
  sources: BlockSource[];
  /** What is claimed of it. */
  publication: string | undefined;
  sequence: number | undefined;
}

export interface Offers {
  /** Those that records lead to first, newest record first; then by the sequence that is claimed, the highest first. */
  offers: Offer[];
  failures: { from: string; why: string }[];
  /** The IPNS name that was given, or else one that a genuine record came with. That it is the publication's is not checked. */
  name: string | undefined;
}

export interface FindEffects {
  /** Who is asked for names: HTTP routers, the DHT. */
  routers: readonly NameRouter[];
  /** Records that are here. Nothing is put there. */
  records?: Pick<NameRecords, 'get'> | undefined;
  /** Absent where no DNS was given. */
  lookUpTxt?: LookUpTxt | undefined;
  /** For mirrors and gateways. */
  client: HttpClient;
  /** Opens a place by its address, once each; absent where blocks are fetched by other ways, and offers need no sources. */
  sourceOf?(place: string, within: Reach | undefined): BlockSource;
  /** For each mirror, in ms; 10 s when absent. */
  timeoutMs?: number | undefined;
  signal: AbortSignal;
}

/**
 * Asks every place at once for the newest edition of a publication: routers and the DHT for its name, mirrors for what they show, gateways for
 * the record; an edition that was named itself is offered as it is. Each place has its time; one that fails or lies hides none of the others.
 *
 * @throws the signal's reason, and nothing else: where nobody offers anything, `failures` says why.
 */
export async function findOffers(target: FollowTarget, effects: FindEffects): Promise<Offers> {
  const ways = new NameWays(urlsAsked(target), effects);
  const [shown] = await Promise.all([askMirrors(target, effects), ways.follow(target)]);
  await ways.followNames(shown.entries.flatMap(({ name }) => name ?? []));
  effects.signal.throwIfAborted();
  const sourcesFor = sourcesOf(target, effects);
  const led = [...ways.found, ...shown.entries.flatMap(ledByRecord)].sort(newerFirst);
  const claims = shown.entries.toSorted((a, b) => b.sequence - a.sequence);
  const offers = [
    ...led.map((each) => offerLed(each, shown.entries, sourcesFor)),
    ...claims.map((each) => offerShown(each, sourcesFor)),
    ...(target.edition === undefined ? [] : [offerNamed(target.edition, sourcesFor)]),
  ];
  const failures = told([...shown.failures, ...ways.failures]);
  const name = target.name ?? ways.name ?? shown.entries.find(({ record }) => record !== null)?.name;
  return { offers: withoutRepeats(offers), failures, name: name ?? undefined };
}

/** Each once: a place that cannot be reached was asked in more than one way. */
function told(failures: Offers['failures']): Offers['failures'] {
  return [...new Map(failures.map((failure) => [`${failure.from} ${failure.why}`, failure])).values()];
}

type SourcesFor = (first: string) => BlockSource[];

/** All places of a target, the one that is named first. */
function sourcesOf(target: FollowTarget, { sourceOf }: FindEffects): SourcesFor {
  if (sourceOf === undefined) return () => [];
  const opened = new Map(placesAsked(target).map(({ place, within }) => [place, sourceOf(place, within)]));
  return (first) => {
    const source = opened.get(first);
    const others = [...opened.values()].filter((each) => each !== source);
    return source === undefined ? others : [source, ...others];
  };
}

/** A record that a mirror shows is offered also where it leads to another edition than the one that the mirror holds. */
function ledByRecord({ from, read: record }: Shown): Led[] {
  const edition = /^\/ipfs\/(bafybei[a-z2-7]{52})\/?$/.exec(record?.value ?? '')?.[1];
  return record === undefined || edition === undefined ? [] : [{ edition, from, record }];
}

function newerFirst({ record: a }: Led, { record: b }: Led): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  if (a.sequence !== b.sequence) return a.sequence > b.sequence ? -1 : 1;
  return b.validUntil.getTime() - a.validUntil.getTime();
}

/** What its mirror claims of the same edition goes with it, and nothing that others do. */
function offerLed({ edition, from, record }: Led, shown: readonly Shown[], sourcesFor: SourcesFor): Offer {
  const said = shown.find((each) => each.edition === edition && each.from === from);
  return {
    edition,
    from,
    record: record?.bytes,
    led: record,
    checkpoint: said?.checkpoint ?? undefined,
    sources: sourcesFor(from),
    publication: said?.publication,
    sequence: said?.sequence,
  };
}

function offerShown(shown: Shown, sourcesFor: SourcesFor): Offer {
  const { edition, from, checkpoint, publication, sequence } = shown;
  const record = shown.read?.value.replace(/\/$/, '') === `/ipfs/${edition}` ? shown.read : undefined;
  return {
    edition,
    from,
    record: record?.bytes,
    led: record,
    checkpoint: checkpoint ?? undefined,
    sources: sourcesFor(from),
    publication,
    sequence,
  };
}

function offerNamed(edition: string, sourcesFor: SourcesFor): Offer {
  const nothing = {
    record: undefined,
    led: undefined,
    checkpoint: undefined,
    publication: undefined,
    sequence: undefined,
  };
  return { edition, from: 'named', sources: sourcesFor(''), ...nothing };
}

/** One place offers an edition once: by the record, where there is one. */
function withoutRepeats(offers: readonly Offer[]): Offer[] {
  const seen = new Set<string>();
  return offers.filter(({ edition, from }) => {
    const key = `${edition} ${from}`;
    return seen.size < seen.add(key).size;
  });
}
