import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/repo/database.ts';
import { FollowedStore } from '../../src/repo/followed-store.ts';
import { image } from '../helpers/images.ts';
import { backToSchema } from '../helpers/migrations.ts';
import { Newsroom, source } from '../helpers/newsroom.ts';

const TABLES = ['articles', 'article_categories', 'notices', 'followed'];

function rowsOf(path: string): unknown[] {
  using db = openDatabase(path, { create: false });
  return TABLES.map((table) => db.prepare(`SELECT * FROM ${table}`).all());
}

describe('migrations', () => {
  it('from schemas 6 to 8: fills in notices, pictures, terms and the order of publication from the log and the bundles', async () => {
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
    expect(before[0]).toMatchObject(Array(3).fill({ terms: expect.stringMatching(/./) }));
    for (const schema of [6, 7, 8]) {
      const old = new DatabaseSync(path);
      old.exec(backToSchema(schema));
      old.close();
      expect(rowsOf(path)).toEqual(before);
    }
  });

  it('from schema 6: tells the mirrors of a manifest from the places that the user named', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    const peer = '/dns4/peer.example/tcp/4001/p2p/12D3KooWGkcMtZDJof4H1Xyp5mDguSDDTxRTQYN5yUMqBxiVia7J';
    const gateway = '/ip6/2001:db8::1/tcp/8443/https';
    newsroom.configure({ mirrors: ['https://mirror.example', 'https://gone.example', gateway, peer] });
    await newsroom.publish();
    const manifest = await newsroom.use(async ({ repository }) => repository.head()?.manifest ?? '');
    const users = ['https://mine.example', '/ip4/192.0.2.1/tcp/443/https'];
    const mirrors = ['https://mirror.example/', 'https://[2001:db8::1]:8443/', peer];
    const path = join(newsroom.dir, '.ovn', 'ovn.db');
    const old = new DatabaseSync(path);
    old.exec(`${backToSchema(6)}
      INSERT INTO followed (publication, target, places, keep, whole, bytes, added)
        VALUES ('p', 't', '[]', 1, 1, 1, 'x'), ('nothing held', 't', '["https://mine.example"]', 1, 0, 0, 'y');`);
    old
      .prepare('UPDATE followed SET places = ? WHERE publication = ?')
      .run(JSON.stringify([...users, ...mirrors]), 'p');
    old.prepare("INSERT INTO followed_editions VALUES (1, 'p', 'e', ?, 1)").run(manifest);
    old.close();
    using db = openDatabase(path, { create: false });
    expect(new FollowedStore(db).list()).toMatchObject([
      { publication: 'p', places: users, mirrors },
      { publication: 'nothing held', places: ['https://mine.example'], mirrors: [], routers: [] },
    ]);
  });
});
