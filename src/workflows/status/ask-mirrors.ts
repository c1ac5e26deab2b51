import type { CID } from 'multiformats/cid';
import type { BlockSource } from '../../node/retrieve/source.ts';
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
  /** Whether it serves the publication as its own paper: then it is the server here, whatever its address. */
  isOwn: boolean;
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
  signal: AbortSignal;
  /** A whole number from 0 to below `below`. */
  random(below: number): number;
}

/** What was learnt of one mirror. */
export interface AskedMirror {
  /** Its address. */
  who: string;
  /** Nothing where it gave no answer: what was seen of it before stands. */
  seen: SeenRoots | undefined;
  problems: string[];
}

interface SeenRoots {
  /** Root CIDs of what could be read back. */
  held: string[];
  /** Those that it says it holds, and of which it could not be found out. */
  unsure: string[];
}

/** Asks all mirrors of ovn.json that have a web address at once, and reads back a sample of what they say they hold. */
export async function askMirrors(effects: AskEffects): Promise<AskedMirror[]> {
  const { repository, signal } = effects;
  const urls = (repository.settings.mirrors ?? []).filter((mirror) => mirror.startsWith('http'));
  const asking = urls.map(async (who): Promise<AskedMirror> => {
    try {
      return await askOne(who, effects);
    } catch (error) {
      signal.throwIfAborted();
      return { who, seen: undefined, problems: [error instanceof Error ? error.message : String(error)] };
    }
  });
  return await Promise.all(asking);
}

async function askOne(who: string, effects: AskEffects): Promise<AskedMirror> {
  const { repository, signal } = effects;
  const mirror = effects.open(who);
  try {
    const seen: SeenRoots = { held: [], unsure: [] };
    const answer = await mirror.show(repository.publicationId, { signal });
    if (answer === undefined) return { who, seen, problems: ['it does not keep this publication'] };
    const wrong = problemWith(answer, repository, who);
    const problems = wrong === undefined ? [] : [wrong];
    if (answer.isOwn) problems.push('it is the server of this paper itself, which counts for nothing');
    else
      for (const root of rootsOf(answer, repository))
        problems.push(...(await look(root, mirror, seen, effects)));
    return { who, seen, problems };
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

/** Reads a root back; gives what is wrong where it cannot be. */
async function look(
  root: string,
  { source }: Mirror,
  seen: SeenRoots,
  { repository, random, signal }: AskEffects,
): Promise<string[]> {
  const read = async (cid: CID) => repository.blockstore.getBytes(cid);
  const found = await readBack(root, [source], { read, random, signal });
  if (found.read) seen.held.push(root);
  else if (!found.isMissing) seen.unsure.push(root);
  return found.read ? [] : [`it says that it holds ${root}; ${found.problem}`];
}
