import type { CID } from 'multiformats/cid';
import { isSiteFile } from '../../edition/layout.ts';
import type { Evidence } from '../verification/judging.ts';
import { refusal } from '../verification/judging.ts';

/** Names of the levels of `YYYY/MM/DD/<slug>`. */
const LEVELS = [/^\d{4}$/, /^\d{2}$/, /^\d{2}$/, /^[a-z0-9-]{1,80}$/];

/** A place in a tree of dates whose bundle is another one, new or gone. */
export interface ChangedBundle {
  /** Article id. */
  id: string;
  /** What is there now. */
  cid?: CID;
}

/**
 * The articles that differ between two trees of dates. What both have in common is not read, so it costs as much as has
 * changed.
 *
 * @throws {OvnError} `refused` for a name that has no place in the later tree.
 */
export async function* changedBundles(
  before: CID,
  after: CID,
  evidence: Evidence,
): AsyncGenerator<ChangedBundle> {
  yield* compareFolders(before, after, [], evidence);
}

async function* compareFolders(
  before: CID | undefined,
  after: CID | undefined,
  path: readonly string[],
  evidence: Evidence,
): AsyncGenerator<ChangedBundle> {
  if (before !== undefined && after !== undefined && before.equals(after)) return;
  if (path.length === LEVELS.length) {
    yield { id: path.join('/'), ...(after === undefined ? {} : { cid: after }) };
    return;
  }
  const [old, now] = [await childrenOf(before, evidence), await childrenOf(after, evidence)];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    if (isSiteFile(name)) continue;
    if (LEVELS[path.length]?.test(name) !== true)
      throw refusal(`articles/${[...path, name].join('/')} is no article`);
    yield* compareFolders(old.get(name), now.get(name), [...path, name], evidence);
  }
}

async function childrenOf(folder: CID | undefined, evidence: Evidence): Promise<Map<string, CID>> {
  const entries = folder === undefined ? [] : await evidence.directory(folder);
  return new Map(entries.map(({ name, cid }) => [name, cid]));
}
