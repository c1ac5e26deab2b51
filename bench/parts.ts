import type { Part } from './part.ts';
import { addOneArticle } from './parts/add-one.ts';
import { measureDisk } from './parts/disk.ts';
import { fetchCategory } from './parts/fetch.ts';
import { followPaper } from './parts/follow.ts';
import { publishIntoLog } from './parts/log.ts';
import { servePage } from './parts/page.ts';
import { publishAgainstPeers } from './parts/publish.ts';
import { readVerified } from './parts/read.ts';
import { measureSearch } from './parts/search.ts';
import { startUp } from './parts/startup.ts';
import { publishUnchanged } from './parts/unchanged.ts';
import { countWritten } from './parts/written.ts';

/** Every part by the name that `--only` takes, in the order they run. */
export const PARTS: ReadonlyMap<string, Part> = new Map([
  ['startup', startUp],
  ['publish-1000', publishAgainstPeers(1000)],
  ['publish-10000', publishAgainstPeers(10_000)],
  ['add-one', addOneArticle(10_000)],
  ['written', countWritten([100, 1000, 10_000])],
  ['search', measureSearch(10_000)],
  ['log', publishIntoLog(1_000_000)],
  ['unchanged', publishUnchanged(10_000)],
  ['read', readVerified(10_000)],
  ['fetch', fetchCategory(10_000)],
  ['follow', followPaper(10_000, [100, 1000, 10_000])],
  ['page', servePage],
  ['disk', measureDisk(10_000)],
]);
