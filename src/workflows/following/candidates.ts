import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { MANIFEST_LIMIT } from '../../manifest/parse-manifest.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { BlockSource } from '../../node/retrieve/source.ts';
import { LIMITS } from '../../reader/limits.ts';
import type { Scratch } from '../../repo/scratch.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import { DAG_PB } from '../../unixfs/codecs.ts';
import type { Offers } from '../finding/offers.ts';
import { type JudgedDocuments, judgeDocuments } from '../verification/edition.ts';
import { requireEntry } from '../verification/entries.ts';
import { Evidence, refusal } from '../verification/judging.ts';
import type { LookEffects } from './effects.ts';
import { Fetcher } from './fetcher.ts';
import { Stock } from './stock.ts';

/** An edition that is offered, whose root, mastheads and signed manifest are at hand and hold by themselves. */
export interface Candidate {
  documents: JudgedDocuments;
  /** Genuine records that lead to it, the newest first; of whatever names. */
  records: NameRecord[];
  /** Who offers it. */
  from: string[];
  /** Where it stood among those that are offered. */
  place: number;
  /** The signed note that was shown with it. */
  checkpoint: string | undefined;
  fetcher: Fetcher;
}

/** What is offered, as far as it can be read. */
export interface ReadCandidates {
  /** Newest first. */
  candidates: Candidate[];
  failures: Offers['failures'];
  /** The first that was found and is false. */
  problem: OvnError | undefined;
  /** Whether that is a newer edition than the one that is held, signed by the publication itself. */
  isNewer: boolean;
}

/** Errors that tell of what was found, not of who was asked. */
const FALSE = ['refused', 'malformed', 'limit'];

/** Different editions that are looked at in one sync: more than a few that lie together can offer. Entries of their roots. */
const MOST_EDITIONS = 64;
const MOST_ENTRIES = 1000;

/** What directories and chunks add to a document's bytes. */
const SLACK = 256 * 1024;
const DOCUMENT_BLOCKS = 4096;
/** For each, in ms: all who offer something are waited for before anything is judged. */
const DOCUMENT_TIME = 60_000;
const DOCUMENT = { blocks: DOCUMENT_BLOCKS, total: DOCUMENT_TIME, withoutCars: true };

interface OfferedEdition {
  edition: CID;
  from: string[];
  sources: BlockSource[];
  records: NameRecord[];
  place: number;
  checkpoint: string | undefined;
}

/**
 * Reads the documents of every edition that is offered: the newest first, as their manifests say. What is no edition, or whose manifest
 * its own mastheads do not bear out, is told among the failures.
 */
export async function readCandidates(
  offers: Offers,
  scratch: Scratch,
  effects: LookEffects,
): Promise<ReadCandidates> {
  const offered = groupOffers(offers);
  const failures = [...offers.failures];
  let problem: OvnError | undefined;
  const read = offered.map(async (each) => {
    try {
      return [await readCandidate(each, scratch, effects)];
    } catch (error) {
      effects.signal.throwIfAborted();
      if (!(error instanceof OvnError)) throw error;
      if (FALSE.includes(error.code)) problem ??= error;
      failures.push({ from: each.from.join(', '), why: error.message });
      return [];
    }
  });
  const candidates = (await Promise.all(read)).flat();
  candidates.sort((a, b) => sequenceOf(b) - sequenceOf(a));
  return { candidates, failures, problem, isNewer: false };
}

export function sequenceOf({ documents }: Candidate): number {
  return documents.manifest.manifest.sequence;
}

/** Each edition once, with all who offer it. */
function groupOffers({ offers }: Offers): OfferedEdition[] {
  const byEdition = new Map<string, OfferedEdition>();
  for (const { edition, from, sources, led, checkpoint } of offers) {
    const cid = parseRoot(edition);
    if (cid === undefined) continue;
    const known = byEdition.get(edition) ?? newEdition(cid, byEdition.size);
    if (byEdition.size >= MOST_EDITIONS && known.from.length === 0) continue;
    byEdition.set(edition, known);
    known.from.push(from);
    known.checkpoint ??= checkpoint;
    known.sources = [...new Set([...known.sources, ...sources])];
    if (led !== undefined) known.records.push(led);
  }
  return [...byEdition.values()];
}

function newEdition(edition: CID, place: number): OfferedEdition {
  return { edition, from: [], sources: [], records: [], place, checkpoint: undefined };
}

async function readCandidate(
  { edition, sources, ...offered }: OfferedEdition,
  scratch: Scratch,
  effects: LookEffects,
): Promise<Candidate> {
  const stock = new Stock(scratch, effects.repository);
  const others = effects.others?.(edition) ?? { sources: [], more: [] };
  const found = { sources: [...new Set([...sources, ...others.sources])], more: others.more };
  const fetcher = new Fetcher(stock, found, effects);
  const evidence = new Evidence(stock.read, effects);
  await fetcher.fetch(edition, { scope: 'block', total: DOCUMENT_TIME });
  const entries = await evidence.directory(edition);
  if (entries.length > MOST_ENTRIES) throw new OvnError('limit', `${edition} has ${entries.length} entries`);
  const documents = [
    { name: 'manifest.json', bytes: MANIFEST_LIMIT + SLACK },
    { name: 'masthead', bytes: LIMITS.mastheads + SLACK },
  ];
  await Promise.all(
    documents.map(({ name, bytes }) => fetcher.fetch(requireEntry(entries, name), { ...DOCUMENT, bytes })),
  );
  const checks: Check[] = [];
  const judged = await judgeDocuments(checks, edition, evidence);
  const failed = firstFailed(checks);
  if (judged === undefined || failed !== undefined)
    throw refusal(`${edition}: ${failed?.name}: ${failed?.detail}`);
  return { ...offered, documents: judged, fetcher };
}

function parseRoot(text: string): CID | undefined {
  try {
    const cid = CID.parse(text);
    return cid.code === DAG_PB ? cid : undefined;
  } catch {
    return undefined;
  }
}
