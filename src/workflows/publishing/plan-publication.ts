import type { Repository } from '../../repo/repository.ts';
import { listSources } from '../../repo/source-files.ts';
import type { Plan, PlanOptions } from './plan.ts';
import { Planner } from './planner.ts';

const YIELD_EVERY = 64;

/**
 * Looks at every source: what has not changed since it was published costs a stat, the rest is read and checked.
 *
 * @throws {OvnError} `source`, with the findings of every bad file, when any file has an error.
 */
export async function planPublication(repository: Repository, options: PlanOptions): Promise<Plan> {
  const planner = new Planner(repository, options);
  const sources = listSources(repository, options.paths);
  for (const [at, source] of sources.entries()) {
    const reading = planner.consider(source);
    if (reading !== undefined) await reading;
    if (at % YIELD_EVERY === 0) {
      await new Promise(setImmediate);
      options.signal.throwIfAborted();
      options.onProgress?.(at, sources.length);
      options.onDue?.(planner.due, Math.round((planner.due.length / (at + 1)) * sources.length));
    }
  }
  for (const source of planner.elsewhere()) {
    options.signal.throwIfAborted();
    await planner.consider(source);
  }
  return planner.finish();
}
