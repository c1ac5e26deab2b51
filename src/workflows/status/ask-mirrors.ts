import type { MirrorSighting } from '../../repo/mirror-sightings.ts';
import type { Repository } from '../../repo/repository.ts';

/** What a mirror says of our publication: its word, until somebody reads back from it. */
export interface MirrorAnswer {
  edition: string;
  sequence: number;
  /** Whether it holds all of that edition. */
  whole: boolean;
  /** Slugs of what it holds otherwise; null is all. */
  categories: readonly string[] | null;
}

/** Asks a mirror at an http or https address; nothing where it knows nothing of the publication. */
export type AskMirror = (
  url: string,
  publication: string,
  options: { signal: AbortSignal },
) => Promise<MirrorAnswer | undefined>;

export interface MirrorAnswers {
  sightings: MirrorSighting[];
  problems: { of: string; message: string }[];
}

/** Asks all mirrors of ovn.json that have a web address at once; what one answers depends on no other. */
export async function askMirrors(
  repository: Repository,
  ask: AskMirror,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<MirrorAnswers> {
  const urls = (repository.settings.mirrors ?? []).filter((mirror) => mirror.startsWith('http'));
  const at = now.toISOString();
  const answers = await Promise.all(
    urls.map(async (who) => {
      try {
        const answer = await ask(who, repository.publicationId, { signal });
        return judge(answer, repository, who, at);
      } catch (error) {
        signal.throwIfAborted();
        return problem(who, error instanceof Error ? error.message : String(error));
      }
    }),
  );
  return {
    sightings: answers.flatMap(({ sightings }) => sightings),
    problems: answers.flatMap(({ problems }) => problems),
  };
}

function judge(answer: MirrorAnswer | undefined, repository: Repository, who: string, at: string): MirrorAnswers {
  if (answer === undefined) return problem(who, 'it does not follow this publication');
  const head = repository.head();
  if (head === undefined) return problem(who, 'it shows an edition, and none is known here: ovn log recover');
  const { edition, sequence, whole, categories } = answer;
  if (sequence > head.sequence) {
    return problem(who, `it shows edition ${sequence}, and the newest here is ${head.sequence}: ovn log recover`);
  }
  const known = repository.editionOf(edition);
  if (known === undefined) {
    return problem(who, `it shows an edition ${sequence} that was never made here: ovn log compare ${who}/log/`);
  }
  const ofHead = known.sequence === head.sequence;
  const slugs = whole || !ofHead ? [] : (categories ?? []);
  const listed = repository.categories();
  const parts = slugs.flatMap((slug) => listed[slug]?.cid ?? []);
  const sightings = [...(whole ? [edition] : []), ...parts].map((cid) => ({ cid, who, at }));
  const behind = `it holds edition ${known.sequence}, and the newest is ${head.sequence}`;
  return { sightings, problems: ofHead ? [] : problem(who, behind).problems };
}

function problem(of: string, message: string): MirrorAnswers {
  return { sightings: [], problems: [{ of, message }] };
}
