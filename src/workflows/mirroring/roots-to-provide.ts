import { CID } from 'multiformats/cid';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { HeldEdition } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import type { ServedView } from '../serving/served-view.ts';

export type ProvidedSource = Pick<Repository, 'head' | 'pins' | 'categories' | 'followed' | 'blockstore'>;

/**
 * What the DHT is told of: the edition, its categories and what is pinned, and of those that are followed the editions and categories that
 * are held whole. Whoever looks for less finds it below one of them; bundles would be too many. Nothing that is not given.
 */
export function rootsToProvide(repository: ProvidedSource, view: ServedView): CID[] {
  const edition = view.edition();
  const categories =
    edition === undefined ? [] : Object.values(repository.categories()).map(({ cid }) => cid);
  const pins = repository.pins.list().map(({ cid }) => cid);
  const ours = [...(edition === undefined ? [] : [edition]), ...categories, ...pins];
  const all = new Set([...ours, ...wholeRoots(repository, view)]);
  return Array.from(all, (cid) => CID.parse(cid)).filter((cid) => view.allows(cid));
}

/** Of the editions that are shown: the root and all categories of a whole one; of another one the categories that are held whole. */
function wholeRoots({ followed, blockstore }: ProvidedSource, view: ServedView): string[] {
  const parts = new Set(followed.roots());
  return [...view.followed().values()].flatMap((edition) => {
    const held = edition === undefined ? undefined : followed.byEdition(edition);
    if (held === undefined) return [];
    const categories = categoriesOf(held, blockstore);
    if (parts.has(held.edition)) return [held.edition, ...categories];
    return categories.filter((cid) => parts.has(cid));
  });
}

function categoriesOf({ manifest }: HeldEdition, blockstore: ProvidedSource['blockstore']): string[] {
  const bytes = blockstore.getBytes(CID.parse(manifest));
  if (bytes === undefined) return [];
  return Object.values(requireManifest(parseManifestJson(bytes)).categories).map(({ cid }) => cid);
}
