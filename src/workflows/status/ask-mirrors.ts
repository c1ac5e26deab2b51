import { CID } from 'multiformats/cid';
import type { MirrorSighting } from '../../repo/mirror-sightings.ts';
import type { Repository } from '../../repo/repository.ts';
import { sampleDag } from './sample.ts';

/** What a mirror says of our publication. */
export interface MirrorAnswer {
  edition: string;
  sequence: number;
  /** Whether it holds all of that edition. */
  whole: boolean;
  /** Slugs of what it holds otherwise; null is all. */
  categories: readonly string[] | null;
}

/** A mirror at an http or https address. Each answer is bounded in time and size, and each block hashed. */
export interface Mirror {
  /** What it says of a publication; nothing where it knows nothing of it. */
  show(publication: string, options: { signal: AbortSignal }): Promise<MirrorAnswer | undefined>;
  /** A block; nothing where it says that it does not have it. */
  block(cid: CID, options: { signal: AbortSignal }): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

export interface AskEffects {
  repository: Repository;
  open(url: string): Mirror;
  now: Date;
  signal: AbortSignal;
  /** From 0 to 1, as Math.random. */
  random(): number;
}

export interface MirrorAnswers {
  /** What could be read back. */
  sightings: MirrorSighting[];
  problems: { of: string; message: string }[];
}

/** Blocks that are read back of each root. */
const SAMPLE = 8;

/** Asks all mirrors of ovn.json that have a web address at once, and reads back a sample of what they say they hold. */
export async function askMirrors(effects: AskEffects): Promise<MirrorAnswers> {
  const { repository, signal } = effects;
  const urls = (repository.settings.mirrors ?? []).filter((mirror) => mirror.startsWith('http'));
  const asking = urls.map(async (url): Promise<MirrorAnswers> => {
    try {
      return await askOne(url, effects);
    } catch (error) {
      signal.throwIfAborted();
      return problem(url, error instanceof Error ? error.message : String(error));
    }
  });
  const answers = await Promise.all(asking);
  return {
    sightings: answers.flatMap(({ sightings }) => sightings),
    problems: answers.flatMap(({ problems }) => problems),
  };
}

async function askOne(url: string, effects: AskEffects): Promise<MirrorAnswers> {
  const { repository, signal } = effects;
  const mirror = effects.open(url);
  try {
    const answer = await mirror.show(repository.publicationId, { signal });
    if (answer === undefined) return problem(url, 'it does not keep this publication');
    const wrong = problemWith(answer, repository, url);
    const sightings: MirrorSighting[] = [];
    for (const cid of rootsOf(answer, repository)) {
      await readBack(cid, mirror, effects);
      sightings.push({ cid, who: url, at: effects.now.toISOString() });
    }
    return { sightings, problems: wrong === undefined ? [] : [{ of: url, message: wrong }] };
  } finally {
    await mirror.close();
  }
}

/** What somebody has to see to, where its answer is another than ours. */
function problemWith(
  { edition, sequence }: MirrorAnswer,
  repository: Repository,
  url: string,
): string | undefined {
  const newest = repository.head()?.sequence ?? 0;
  if (sequence > newest)
    return `it shows edition ${sequence}, and the newest here is ${newest}: ovn log recover`;
  const known = repository.editionOf(edition);
  if (known === undefined)
    return `it shows an edition ${sequence} that was never made here: ovn log compare ${url.replace(/\/$/, '')}/log/`;
  return known.sequence < newest
    ? `it holds edition ${known.sequence}, and the newest is ${newest}`
    : undefined;
}

/** The roots that it says it holds whole, of those that are known here. */
function rootsOf({ edition, whole, categories }: MirrorAnswer, repository: Repository): string[] {
  const known = repository.editionOf(edition);
  if (known === undefined) return [];
  if (whole) return [edition];
  if (known.sequence !== repository.head()?.sequence) return [];
  const listed = repository.categories();
  return (categories ?? []).flatMap((slug) => listed[slug]?.cid ?? []);
}

/** @throws {Error} for a block that it does not give. */
async function readBack(
  root: string,
  mirror: Mirror,
  { repository, signal, random }: AskEffects,
): Promise<void> {
  const getBytes = (cid: CID) => repository.blockstore.getBytes(cid);
  for (const cid of sampleDag(CID.parse(root), SAMPLE, getBytes, random)) {
    if ((await mirror.block(cid, { signal })) === undefined)
      throw new Error(`it says that it holds ${root}, and does not give the block ${cid} of it`);
  }
}

function problem(of: string, message: string): MirrorAnswers {
  return { sightings: [], problems: [{ of, message }] };
}
