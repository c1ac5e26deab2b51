import { CID } from 'multiformats/cid';
import { pageBeside } from '../article/addresses.ts';
import type { WithheldRevision } from '../repo/article-index.ts';
import type { Repository } from '../repo/repository.ts';
import { heldEntry, heldPath } from '../unixfs/held-entry.ts';

export type WithheldPagesSource = Pick<Repository, 'articles' | 'pins' | 'editionsBetween'>;

/**
 * The site's own pages of a withheld revision (`articles/YYYY/MM/DD/<slug>.html`), which have its whole text too: one for every change of
 * what surrounds it. Only former editions have them, so these are looked through: every one that listed the revision, and the pins, which
 * may be editions that this repository did not make, or folders of one. A page counts where the revision's bundle lies beside it.
 *
 * @param missing editions that are not held, which are most: handed from one revision to the next, so that each is looked for once
 */
export function findWithheldPages(
  { id, revision, cid }: WithheldRevision,
  source: WithheldPagesSource,
  getBytes: (cid: CID) => Uint8Array | undefined,
  missing: Set<string>,
): CID[] {
  const names = ['articles', ...id.split('/')];
  const slug = names.pop() ?? '';
  const days = new Map<string, CID>();
  const add = (root: string, path: readonly string[]): void => {
    if (missing.has(root)) return;
    const top = CID.parse(root);
    const day = heldPath(top, path, getBytes);
    if (day !== undefined) days.set(day.toString(), day);
    else if (getBytes(top) === undefined) missing.add(root);
  };
  for (const edition of editionsWith(id, revision, source)) add(edition, names);
  for (const pin of source.pins.list()) {
    for (let above = 0; above <= names.length; above++) add(pin.cid, names.slice(above));
  }
  return [...days.values()].flatMap((day) => {
    if (heldEntry(day, slug, getBytes)?.toString() !== cid) return [];
    return heldEntry(day, pageBeside(slug), getBytes) ?? [];
  });
}

/** Roots of the editions of which a revision was the newest of its article. */
function editionsWith(id: string, revision: number, source: WithheldPagesSource): string[] {
  const history = source.articles.history(id);
  const sequenceOf = (wanted: number) => history.find((each) => each.revision === wanted)?.sequence;
  const until = sequenceOf(revision + 1) ?? Number.MAX_SAFE_INTEGER;
  return source.editionsBetween(sequenceOf(revision) ?? 1, until);
}
