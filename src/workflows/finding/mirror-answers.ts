import { OvnError } from '../../errors.ts';
import { askMirror } from '../../node/mirrors/ask-mirror.ts';
import type { MirrorDocument, ShownEdition } from '../../node/mirrors/document.ts';
import { parseName } from '../../node/names/name.ts';
import { type NameRecord, readNameRecord } from '../../node/names/record.ts';
import { urlsAsked } from './asked-places.ts';
import type { FollowTarget } from './follow-target.ts';
import type { FindEffects } from './offers.ts';

/** What a mirror shows of the publication that is looked for. */
export interface Shown extends ShownEdition {
  /** The mirror. */
  from: string;
  /** As it claims. */
  publication: string;
  /** Its record, checked; it may have expired. */
  read: NameRecord | undefined;
}

export interface MirrorAnswers {
  entries: Shown[];
  failures: { from: string; why: string }[];
}

type Wanted = Pick<FollowTarget, 'publication' | 'name'>;

/** Asks all mirrors of a target at once. One whose record is not what it says it is counts for nothing. */
export async function askMirrors(
  wanted: FollowTarget,
  effects: Pick<FindEffects, 'client' | 'signal' | 'timeoutMs'>,
): Promise<MirrorAnswers> {
  const answers: MirrorAnswers = { entries: [], failures: [] };
  const { signal } = effects;
  const asking = urlsAsked(wanted).map(async ({ place: from, within }) => {
    try {
      const about = wanted.publication ?? wanted.name;
      const document = await askMirror(new URL(from), about, { ...effects, within });
      const [publication, shown] = choose(document, wanted);
      answers.entries.push({ ...shown, from, publication, read: await readRecord(shown) });
    } catch (error) {
      signal.throwIfAborted();
      answers.failures.push({ from, why: error instanceof Error ? error.message : String(error) });
    }
  });
  await Promise.all(asking);
  return answers;
}

/** What is meant of all that a mirror shows: what was named, else its own paper, else the only one. */
function choose(
  { own, publications }: MirrorDocument,
  { publication, name }: Wanted,
): [string, ShownEdition] {
  const all = [...publications];
  if (publication !== undefined || name !== undefined) {
    const meant = all.find(([id, shown]) =>
      publication === undefined ? shown.name === name : id === publication,
    );
    if (meant !== undefined) return meant;
    throw new OvnError('not-found', `it does not show ${publication ?? name}`);
  }
  const [meant = all[0]] = all.filter(([id]) => id === own);
  if (meant === undefined) throw new OvnError('not-found', 'it shows no publication');
  if (meant[0] === own || all.length === 1) return meant;
  const ids = all.slice(0, 3).map(([id]) => id);
  throw new OvnError(
    'not-found',
    `it shows ${all.length} publications, and none of its own: name one by its id, such as ${ids.join(', ')}`,
  );
}

/** @throws {OvnError} `refused`, `malformed` or `limit` for one that is not genuine. */
async function readRecord({ name, record }: ShownEdition): Promise<NameRecord | undefined> {
  const parsed = name === null ? undefined : parseName(name);
  if (record === null || parsed === undefined) return undefined;
  return readNameRecord(parsed, record);
}
