import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ArticleIndex } from '../../src/repo/article-index.ts';
import { openDatabase, transaction } from '../../src/repo/database.ts';
import { newEntry, staged } from '../helpers/entries.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const WORLD = [{ slug: 'world', name: 'World' }];

const first = newEntry('2025/07/07/first-light', { description: 'Dawn.' });
const revised = newEntry('2025/07/07/first-light', { revision: 2, categories: WORLD, status: 'retracted' });
const second = newEntry('2025/07/08/second-wind');

function newIndex() {
  const path = join(temporaryFolder(), 'ovn.db');
  const db = openDatabase(path, { create: true });
  onTestFinished(() => db.close());
  const index = new ArticleIndex(db);
  const publish = (sequence: number, ...changes: Parameters<ArticleIndex['stage']>[0]) => {
    index.stage(changes);
    transaction(db, () => index.commitStaged(sequence, `2025-08-0${sequence}T00:00:00Z`));
  };
  return { path, db, index, publish };
}

describe('ArticleIndex', () => {
  it('gives back what was published, and the source', () => {
    const { index, publish } = newIndex();
    publish(1, staged(first), staged(second));
    expect(index.get(first.id)).toEqual({ ...first, source: `articles/${first.id}.md` });
    expect(index.get('2025/07/07/none')).toBeUndefined();
  });

  it('finds an article by slug, source and the CID of any of its revisions', () => {
    const { index, publish } = newIndex();
    publish(1, staged(first), staged(second), staged(newEntry('2024/01/01/first-light')));
    publish(2, staged(revised, first));
    expect(index.bySlug('first-light').map(({ id }) => id)).toEqual([first.id, '2024/01/01/first-light']);
    expect(index.bySlug('light')).toEqual([]);
    expect(index.bySource(`articles/${second.id}.md`)?.id).toBe(second.id);
    expect(index.bySource('articles/none.md')).toBeUndefined();
    expect(index.byCid(first.cid)).toEqual({ id: first.id, revision: 1 });
    expect(index.byCid(revised.cid)).toEqual({ id: first.id, revision: 2 });
    expect(index.byCid('none')).toBeUndefined();
  });

  it('lists the newest first, of all or of a category, as many as are wanted', () => {
    const { index, publish } = newIndex();
    publish(1, staged(first), staged(second));
    publish(2, staged(revised, first));
    expect(index.list().map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(index.list({ limit: 1 }).map(({ id }) => id)).toEqual([second.id]);
    expect(index.list({ category: 'world' }).map(({ revision }) => revision)).toEqual([2]);
    expect(index.list({ category: 'science' }).map(({ id }) => id)).toEqual([second.id]);
  });

  it('keeps every revision with its edition, time, kind and digest', () => {
    const { index, publish } = newIndex();
    publish(1, staged(first));
    publish(2, { ...staged(revised, first), kind: 'retraction' });
    const times = { 1: '2025-08-01T00:00:00Z', 2: '2025-08-02T00:00:00Z' };
    expect(index.history(first.id)).toEqual([
      {
        revision: 1,
        cid: first.cid,
        size: first.size,
        sequence: 1,
        kind: 'publish',
        time: times[1],
        digest: 'digest 1',
      },
      {
        revision: 2,
        cid: revised.cid,
        size: revised.size,
        sequence: 2,
        kind: 'retraction',
        time: times[2],
        digest: 'digest 2',
      },
    ]);
  });

  it('shows staged changes to nobody but its archive', () => {
    const { path, index, publish } = newIndex();
    publish(1, staged(first));
    index.stage([staged(revised, first)]);
    expect(index.get(first.id)?.revision).toBe(1);
    expect(index.archive().newest(1)[0]?.revision).toBe(2);
    using other = openDatabase(path, { create: false });
    expect(new ArticleIndex(other).archive().newest(1)[0]?.revision).toBe(1);
  });

  it('takes no write lock for staging', () => {
    const { path, index } = newIndex();
    using other = openDatabase(path, { create: false });
    transaction(other, () => index.stage([staged(first)]));
    expect(index.archive().count()).toBe(1);
  });

  it('refuses a revision that does not follow the one before', () => {
    const { index, publish } = newIndex();
    expect(() => index.stage([staged(revised)])).toThrow('does not follow');
    publish(1, staged(first));
    expect(() => index.stage([staged(first)])).toThrow('does not follow');
    expect(() => index.stage([staged(revised, second)])).toThrow('does not follow');
    expect(index.archive().newest(10)).toEqual([first]);
  });
});
