import { it } from 'vitest';
import { openPaper, headOf, Mirror, placeOf } from '/work/plan/wt-partial/test/workflows/holding/support.ts';
import { collectGarbage } from '/work/plan/wt-partial/src/workflows/collect-garbage.ts';
it('bar', async () => {
  let c = process.cpuUsage(), t = performance.now();
  const step = (w: string) => { const d = process.cpuUsage(c); console.log(w, 'cpu ms', Math.round((d.user+d.system)/1000), 'wall ms', Math.round(performance.now()-t)); c = process.cpuUsage(); t = performance.now(); };
  const paper = await openPaper(10000, 0); step('paper');
  try {
    const edition = headOf(paper.repository);
    for (const choice of [{categories: ['science']}, {categories: ['science', 'world'], maxBytes: 10_000_000}, {maxBytes: 40_000_000}]) {
      const mirror = await Mirror.open();
      let n = 0; const place = placeOf(async (cid) => { n++; return paper.read(cid); });
      c = process.cpuUsage(); t = performance.now();
      const r = await mirror.follow(edition, choice, place); step('follow ' + JSON.stringify(choice) + ' blocks ' + n + ' ' + JSON.stringify(r.held) + ' roots ' + mirror.repository.followed.roots().length + ' ' + r.problem?.message);
      const v = await mirror.verify(undefined); step('verify ' + v.report.ok + ' ' + v.report.checks.map((k) => `${k.name}=${k.result}`).join(' '));
      await collectGarbage({ repository: mirror.repository, read: mirror.read, lock: async () => ({ [Symbol.asyncDispose]: async () => undefined }), dryRun: false, signal: new AbortController().signal });
      console.log('after gc', mirror.repository.blockstore.stats());
    }
  } finally { paper.close(); }
}, 600000);
