import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/repo/database.ts';
import { image } from '../helpers/images.ts';
import { BEFORE_SCHEMA_7 } from '../helpers/migrations.ts';
import { Newsroom, source } from '../helpers/newsroom.ts';

const TABLES = ['articles', 'article_categories', 'notices', 'followed'];

function rowsOf(path: string): unknown[] {
  using db = openDatabase(path, { create: false });
  return TABLES.map((table) => db.prepare(`SELECT * FROM ${table}`).all());
}

describe('migrations', () => {
  it('from schema 6: fills in notices, pictures and the order of publication from the log and the bundles', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/later.md', source({ date: '2026-01-07', image: 'a.jpg', imageAlt: 'A boat' }));
    newsroom.write('articles/a.jpg', image('photo.jpg'));
    newsroom.write('articles/earlier.md', source({ date: '2026-01-03', title: 'Earlier' }));
    await newsroom.publish();
    newsroom.write('articles/old.md', source({ date: '2025-01-03', title: 'Old' }));
    const notices =
      '\n  - { date: 2026-01-08, type: correction, text: A year was wrong. }\n  - { date: 2026-01-09, type: update, text: More. }';
    newsroom.write(
      'articles/earlier.md',
      source({ date: '2026-01-03', title: 'Earlier', corrections: notices }),
    );
    await newsroom.publish();
    const path = join(newsroom.dir, '.ovn', 'ovn.db');
    const before = rowsOf(path);
    expect(before.map((rows) => (rows as unknown[]).length)).toEqual([3, 3, 2, 0]);
    const old = new DatabaseSync(path);
    old.exec(`${BEFORE_SCHEMA_7} PRAGMA user_version = 6;`);
    old.close();
    expect(rowsOf(path)).toEqual(before);
  });
});
