import type { BlockReader, BlockSink } from '../unixfs/block.ts';
import type { DirectoryEntry } from '../unixfs/directory.ts';
import type { Tree } from '../unixfs/tree.ts';
import type { Noticed } from './archive.ts';
import { addText, type EditionChange, openBelow } from './change.ts';
import {
  renderCorrectionsByMonth,
  renderCorrectionsOfMonth,
  renderCorrectionsOfYear,
  renderCorrectionsPage,
} from './pages/corrections-page.ts';
import type { PageContext } from './pages/page.ts';

/** Notices of a year, above which each of its months has a page. */
export const MOST_OF_A_YEAR = 200;

export interface CorrectionsInput extends PageContext {
  changes: readonly EditionChange[];
  /** Whether all pages are made anew. */
  renews?: boolean;
}

/**
 * `corrections/`: the newest notices, and a page for each year, or of a year with many for each of its months; those that no change
 * touches stay. What there is is a function of the notices and their dates.
 */
export async function buildCorrections(
  input: CorrectionsInput,
  root: Tree,
  read: BlockReader,
  sink: BlockSink,
): Promise<DirectoryEntry[]> {
  const touched = touchedMonths(input.changes);
  const before = await root.get(['corrections']);
  if (touched.size === 0 && before !== undefined && !input.renews)
    return [{ name: 'corrections', ...before }];
  const tree = await openBelow(root, ['corrections'], read);
  const years = new Set([...touched].map((month) => month.slice(0, 4)));
  for (const year of years) await placeYear(tree, year, touched, input, sink);
  await tree.set(['index.html'], await addText(renderCorrectionsPage(input), sink));
  return [{ name: 'corrections', ...(await tree.write(sink)) }];
}

async function placeYear(
  tree: Tree,
  year: string,
  touched: ReadonlySet<string>,
  input: CorrectionsInput,
  sink: BlockSink,
): Promise<void> {
  const noticed = input.archive.notices({ year });
  const months = noticed.length > MOST_OF_A_YEAR ? byMonth(noticed) : new Map<string, Noticed[]>();
  for (let number = 1; number <= 12; number++) {
    const month = `${year}-${String(number).padStart(2, '0')}`;
    const path = [`${month}.html`];
    const inside = months.get(month);
    if (inside === undefined) await tree.remove(path);
    else if (touched.has(month) || (await tree.get(path)) === undefined)
      await tree.set(path, await addText(renderCorrectionsOfMonth(input, month, inside), sink));
  }
  const path = [`${year}.html`];
  if (noticed.length === 0) await tree.remove(path);
  else {
    const counts = Array.from(months, ([period, { length }]) => ({ period, count: length })).sort((a, b) =>
      a.period > b.period ? -1 : 1,
    );
    const page =
      counts.length === 0
        ? renderCorrectionsOfYear(input, year, noticed)
        : renderCorrectionsByMonth(input, year, noticed, counts);
    await tree.set(path, await addText(page, sink));
  }
}

/** By `YYYY-MM`, in the order of the notices: the newest first. */
function byMonth(noticed: readonly Noticed[]): Map<string, Noticed[]> {
  return Map.groupBy(noticed, ({ notice }) => notice.datePublished.slice(0, 7));
}

/** The months in which articles that changed have notices, or had some before. */
function touchedMonths(changes: readonly EditionChange[]): Set<string> {
  const notices = changes.flatMap(({ entry, former }) => [...entry.notices, ...(former?.notices ?? [])]);
  return new Set(notices.map(({ datePublished }) => datePublished.slice(0, 7)));
}
