import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Run, run } from '../child.ts';
import type { Bench } from '../part.ts';
import { remove } from '../scratch.ts';

const SCRIPT = fileURLToPath(new URL('../plain-helia.ts', import.meta.url));

/** The plain Helia script on `count` articles of a folder, into new Level stores, which are then removed. */
export async function addToHelia(bench: Bench, articles: string, count: number): Promise<Run> {
  const repository = join(bench.scratch, 'helia');
  const result = await run(bench, process.execPath, [SCRIPT, articles, repository], { memory: true });
  const { articles: pinned } = JSON.parse(result.stdout) as { articles: number };
  if (pinned !== count) throw new Error(`the Helia script pinned ${pinned} of ${count} articles`);
  await remove(repository);
  return result;
}
