import { join } from 'node:path';
import { inRounds, type Part } from '../part.ts';
import { isBuilt, makePaper, publish } from '../peers/ovn.ts';
import { writeSynthetic } from '../synthetic.ts';

/** A second publish of `count` articles of which none has changed, against the first. */
export function publishUnchanged(count: number): Part {
  return async (bench, results) => {
    results.claimCost('unchanged', 'first', 0.15);
    if (!isBuilt(results)) return;
    const articles = join(bench.scratch, 'articles');
    const paper = join(bench.scratch, 'paper');
    await writeSynthetic(articles, count);
    await inRounds(bench, async () => {
      await makePaper(bench, paper, articles);
      const first = await publish(bench, paper, { published: count, considered: count });
      const again = await publish(bench, paper, { published: 0, considered: count });
      if (again.report.status !== 'unchanged')
        throw new Error(`ovn says ${again.report.status} where nothing changed`);
      results.record('first', 's', first.seconds);
      results.record('unchanged', 's', again.seconds);
    });
  };
}
