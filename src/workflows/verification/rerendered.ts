import { CID } from 'multiformats/cid';
import type { ArticleDocument } from '../../article/document.ts';
import { isSameArticle } from '../../bundle/same-article.ts';
import { OvnError } from '../../errors.ts';
import type { LogFold, LoggedArticle } from '../../log/fold.ts';
import type { Check } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { readArticle } from '../read-article.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import type { PlacedBundle } from './placed-bundles.ts';

/** What the log has as a new rendering is the same article as the revision before it, where both are here. */
export async function judgeRerendered(
  checks: Check[],
  { articles }: LogFold,
  bundles: readonly PlacedBundle[],
  { read }: Evidence,
): Promise<void> {
  const rerendered = bundles.filter((placed) => isRerendered(placed, articles.get(placed.id)));
  if (rerendered.length === 0) return;
  await checkAsync(
    checks,
    'rerendered',
    async () => {
      for (const { id, cid } of rerendered) await requireSame(id, cid, read);
    },
    () => `${rerendered.length} revisions are new renderings of the same article`,
  );
}

/**
 * Demands of a bundle that is logged as a new rendering that it is one.
 *
 * @throws {OvnError} `refused` where it says something else than the revision before it.
 */
export async function requireRerendered(
  placed: PlacedBundle,
  history: LoggedArticle,
  { read }: Evidence,
): Promise<void> {
  if (isRerendered(placed, history)) await requireSame(placed.id, placed.cid, read);
}

/** Whether the log has a bundle, by its place, as a new rendering. */
function isRerendered({ revision }: PlacedBundle, history: LoggedArticle | undefined): boolean {
  const logged = revision === undefined ? history?.newest : history?.earlier[revision - 1];
  return logged?.kind === 'rerender';
}

async function requireSame(id: string, cid: PlacedBundle['cid'], read: BlockReader): Promise<void> {
  const after = await readArticle(cid, read);
  const before = after.previous === undefined ? undefined : await readIfHere(after.previous, read);
  if (before !== undefined && !isSameArticle(before, after))
    throw refusal(
      `${id}, revision ${after.revision}, is logged as a new rendering, and says something else than before`,
    );
}

/** Of a retraction that withholds, the revision before may be gone. */
async function readIfHere(cid: string, read: BlockReader): Promise<ArticleDocument | undefined> {
  try {
    return await readArticle(CID.parse(cid), read);
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return undefined;
    throw error;
  }
}
