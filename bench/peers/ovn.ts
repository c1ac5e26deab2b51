import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Run, run } from '../child.ts';
import type { Bench, Results } from '../part.ts';
import { copyFolder, remove } from '../scratch.ts';

/** The program under test, as `npm run build` leaves it. */
export const OVN = fileURLToPath(new URL('../../bin/ovn.js', import.meta.url));

/** Whether it is built; says so in `results` when not. */
export function isBuilt(results: Results): boolean {
  const built = existsSync(OVN) && existsSync(fileURLToPath(new URL('../../dist', import.meta.url)));
  if (!built) results.missing('ovn: not built (npm run build)');
  return built;
}

/** What `ovn publish --json` prints, as far as the bench looks at it. */
interface PublishReport {
  status: 'published' | 'unchanged' | 'refreshed';
  articles: { id: string; cid: string; status: 'published' | 'revised' | 'unchanged' | 'held' }[];
}

export interface Publish extends Run {
  report: PublishReport;
}

/** How many articles a publish has to find new, of how many it considered. */
interface Expected {
  published: number;
  considered: number;
}

/** Makes a publication in `folder` with keys without passphrase and with a copy of `articles`. */
export async function makePaper(bench: Bench, folder: string, articles: string): Promise<void> {
  await remove(folder);
  await run(bench, process.execPath, [OVN, 'init', folder]);
  await copyFolder(articles, join(folder, 'articles'));
}

/** `ovn publish` in `folder`, of everything or of `paths`; an error when it did anything else than `expected`. */
export async function publish(
  bench: Bench,
  folder: string,
  expected: Expected,
  paths: string[] = [],
): Promise<Publish> {
  const options = { cwd: folder, memory: true };
  const result = await run(bench, process.execPath, [OVN, 'publish', '--json', ...paths], options);
  const report = JSON.parse(result.stdout) as PublishReport;
  const published = report.articles.filter(({ status }) => status === 'published').length;
  if (published !== expected.published || report.articles.length !== expected.considered) {
    throw new Error(
      `ovn published ${published} of ${report.articles.length} articles, not ${expected.published}`,
    );
  }
  return { ...result, report };
}

/** `ovn publish` as a person types it, without a list of all that stayed the same; an error when it did not publish one article. */
export async function publishOne(bench: Bench, folder: string, paths: string[] = []): Promise<Run> {
  const result = await run(bench, process.execPath, [OVN, 'publish', ...paths], {
    cwd: folder,
    memory: true,
  });
  if (!/^Published edition \d+: 1 article\.$/m.test(result.stdout)) {
    throw new Error(`ovn did not publish one article: ${result.stdout}`);
  }
  return result;
}
