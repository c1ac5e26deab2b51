import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { rawCid } from '../../src/unixfs/hash.ts';
import type { BundleContext } from '../../src/workflows/publishing/bundles.ts';
import { makeWithHelper } from '../../src/workflows/publishing/make-with-helper.ts';
import type { DueArticle } from '../../src/workflows/publishing/plan.ts';

/** A second thread that never answers. */
class Silent extends EventEmitter {
  postMessage(): void {}
  async terminate(): Promise<number> {
    return 0;
  }
}

function contextOf(css: string): BundleContext {
  const link = { cid: rawCid(Buffer.from(css)), size: css.length };
  const desk = { role: { keys: [], threshold: 1 }, signers: [], proofs: {} };
  const publication = { id: `${link.cid}`, masthead: 1, name: 'A paper', tagline: '' };
  return { root: '/', publication, style: { link, size: css.length }, masthead: link, desk };
}

it('makes no revisions by two styles: of a theme that changes between planning and making nothing is published', async () => {
  await using maker = makeWithHelper(() => new Silent() as unknown as Worker);
  const due: DueArticle[] = new Array(1024).fill({ media: [] });
  maker.expect(due, due.length, async () => contextOf('p { color: red }'));
  await Promise.resolve();
  const related = { of: () => [], [Symbol.dispose]() {} };
  const revisions = maker.make(due, contextOf('p { color: blue }'), related);
  await expect(revisions[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'source' });
});
