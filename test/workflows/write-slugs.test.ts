import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { acquirePublishLock } from '../../src/repo/publish-lock.ts';
import { publish } from '../../src/workflows/publish.ts';
import { proposeSlugs, writeSlugs } from '../../src/workflows/write-slugs.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

/** A source whose file name and headline make no slug. */
async function openPaper(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/東京.md', source({ title: '東京の天気' }));
  return newsroom;
}

const read = (newsroom: Newsroom) => readFileSync(newsroom.path('articles/東京.md'), 'utf8');

describe('slugs for sources that make none', () => {
  it('come to the same articles in a dry run, which writes nothing', async () => {
    const newsroom = await openPaper();
    const before = read(newsroom);
    const slugs = await newsroom.use(({ repository }) => proposeSlugs(repository, [], NOW));
    const drafts = new Map(slugs.map((each) => [each.source, each.text]));
    const dry = await newsroom.publishing((effects) =>
      publish({ paths: [], dryRun: true, drafts, allowFuture: false, listUnchanged: true }, effects),
    );
    expect(read(newsroom)).toBe(before);
    await newsroom.use(({ repository }) => {
      const lock = () => acquirePublishLock(repository.stateDir);
      return writeSlugs({ repository, lock }, [], NOW);
    });
    expect(read(newsroom)).toBe(slugs[0]?.text);
    const real = await newsroom.publish();
    expect(real.articles).toEqual(dry.articles);
    expect(real.articles).toHaveLength(1);
  });

  it('are written when nobody else changes sources, to what they then say', async () => {
    const newsroom = await openPaper();
    await newsroom.use(async ({ repository }) => {
      const lock = () => acquirePublishLock(repository.stateDir);
      const other = await lock();
      const writing = writeSlugs({ repository, lock }, [], NOW);
      newsroom.write('articles/東京.md', source({ title: '東京の天気' }, 'Corrected meanwhile.\n'));
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(read(newsroom)).not.toContain('slug:');
      await other[Symbol.asyncDispose]();
      expect(await writing).toHaveLength(1);
    });
    expect(read(newsroom)).toMatch(/^slug: .+$/m);
    expect(read(newsroom)).toContain('Corrected meanwhile.');
  });
});
