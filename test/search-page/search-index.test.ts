import { describe, expect, it } from 'vitest';
import { indexFile } from '../../src/edition/search/wave-file.ts';
import { SearchIndex } from '../../src/search-page/search-index.ts';
import { bundled } from '../helpers/paper.ts';

const INDEX = indexFile(1, new Map(), [{ entry: bundled('2025/07/07/a', { terms: 'harbour' }), rank: 0 }]);
const ASKED = [{ term: 'harbour', isBeginning: true }];

/** An index whose files come when `release` is called, and not where their question was given up before that. */
function slowIndex() {
  const released = Promise.withResolvers<void>();
  let fetched = 0;
  const index = new SearchIndex(async (_path, _limit, signal) => {
    fetched++;
    const givenUp = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => givenUp.reject(signal.reason));
    await Promise.race([released.promise, givenUp.promise]);
    return INDEX;
  });
  return { index, release: released.resolve, fetched: () => fetched };
}

describe('an index that several questions are put to', () => {
  it('answers the next one where the one before is given up while its files are on their way', async () => {
    const { index, release } = slowIndex();
    const before = new AbortController();
    const first = index.search(ASKED, before.signal);
    before.abort();
    const second = index.search(ASKED, new AbortController().signal);
    release();
    await expect(first).rejects.toThrow();
    expect(await second).toHaveLength(1);
  });

  it('fetches a file once, whoever waits for it and whatever becomes of the question', async () => {
    const { index, release, fetched } = slowIndex();
    const before = new AbortController();
    const first = index.search(ASKED, before.signal);
    const second = index.search(ASKED, before.signal);
    release();
    expect(await first).toEqual(await second);
    before.abort();
    expect(await index.search(ASKED, new AbortController().signal)).toHaveLength(1);
    expect(fetched()).toBe(1);
  });
});
