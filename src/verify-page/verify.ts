import { judgeIndex } from './edition-index.ts';
import { NotChecked, Refused } from './failure.ts';
import type { FetchBytes } from './fetch-bytes.ts';
import { type Place, parseWhat, type Question, withRoot } from './question.ts';
import type { Report } from './report.ts';
import { kindOf, openSource, type RootKind } from './source.ts';
import { judgeAlone, judgeOne, judgeOneCategory, judgeWhole } from './targets.ts';
import type { Facts } from './verdict.ts';

/** What the checks begin from. */
export interface Start {
  question: Question;
  place: Place;
  now: Date;
  fetch: FetchBytes;
}

const NAMES: Record<RootKind, string> = {
  edition: 'an edition',
  bundle: 'one article',
  category: 'a category',
};

/** Does every check that the question asks for, in order, and reports each of them. */
export async function verify(report: Report, start: Start): Promise<Facts> {
  const facts: Facts = { isConfirmed: false, isExpired: false };
  try {
    await answer(report, facts, start);
  } catch (error) {
    if (error instanceof NotChecked) report.miss('blocks', error.message);
    else if (error instanceof Refused) report.fail('blocks', error.message);
    else throw error;
  }
  return facts;
}

async function answer(
  report: Report,
  facts: Facts,
  { question: asked, place, now, fetch }: Start,
): Promise<void> {
  const question = withRoot(asked);
  const path = parseWhat(question.what);
  if (path === undefined) {
    report.miss('what', `"${question.what}" is no article, no category and no address of one`);
    return;
  }
  const source = await report.check(
    'source',
    () => openSource(question, place, fetch),
    ({ store }) =>
      store.root === undefined
        ? `files of plain hosting at ${place.folder}; every file is hashed`
        : `blocks below ${store.root}; every block is hashed`,
  );
  if (source === undefined) return;
  const { store } = source;
  if (store.root !== undefined) facts.edition = store.root;
  const kind = await report.check(
    'root',
    () => kindOf(store, path),
    (found) => `it holds ${NAMES[found]}`,
  );
  if (kind === undefined) return;
  if (kind !== 'edition') {
    await judgeAlone(report, kind, facts, question, { store, now });
    return;
  }
  const index = await judgeIndex(report, facts, question, { store, now });
  if (index === undefined) return;
  const { manifest, evidence } = index;
  if (path.length === 0) await judgeWhole(report, source, manifest, evidence, facts);
  else if (path.length === 2) await judgeOneCategory(report, path, manifest, evidence, facts);
  else await judgeOne(report, path, evidence, facts);
}
