import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockSource } from '../../node/retrieve/source.ts';
import type { MirrorSighting } from '../../repo/mirror-sightings.ts';
import type { Repository } from '../../repo/repository.ts';
import { readBack } from '../homes/read-back.ts';

/** What a mirror says of our publication. */
export interface MirrorAnswer {
  edition: string;
  sequence: number;
  /** Whether it holds all of that edition. */
  whole: boolean;
  /** Slugs of what it holds otherwise; null is all. */
  categories: readonly string[] | null;
}

/** A mirror at an http or https address. Each answer is bounded in time and size. */
export interface Mirror {
  /** What it says of a publication; nothing where it knows nothing of it. */
  show(publication: string, options: { signal: AbortSignal }): Promise<MirrorAnswer | undefined>;
  /** Gives its blocks. */
  source: BlockSource;
  close(): Promise<void>;
}

export interface AskEffects {
  repository: Repository;
  open(url: string): Mirror;
  now: Date;
  signal: AbortSignal;
  /** A whole number from 0 to below `below`. */
  random(below: number): number;
}

export interface MirrorAnswers {
  /** What could be read back. */
  sightings: MirrorSighting[];
  problems: { of: string; message: string }[];
}

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
      await requireReadBack(cid, mirror, effects);
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

/** @throws {OvnError} `incomplete` where it does not give what it says it holds. */
async function requireReadBack(root: string, { source }: Mirror, effects: AskEffects): Promise<void> {
  const { repository, random, signal } = effects;
  const read = async (cid: CID) => repository.blockstore.getBytes(cid);
  const found = await readBack(root, [source], { read, random, signal });
  if (!found.read) throw new OvnError('incomplete', `it says that it holds ${root}; ${found.problem}`);
}

function problem(of: string, message: string): MirrorAnswers {
  return { sightings: [], problems: [{ of, message }] };
}
