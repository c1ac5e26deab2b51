import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unixfs } from '@helia/unixfs';
import { BaseBlockstore } from 'blockstore-core';
import { createHeliaLight } from 'helia';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { makeRepository } from '../helpers/program.ts';
import { concat } from '../helpers/streams.ts';
import { publishIn } from './support.ts';

/** All that a stranger has to know of the database: one table with multihashes and bytes. */
class ForeignBlockstore extends BaseBlockstore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    super();
    this.#db = db;
  }

  override *get(cid: CID): Generator<Uint8Array> {
    const row = this.#db.prepare('SELECT bytes FROM blocks WHERE multihash = ?').get(cid.multihash.bytes);
    if (row === undefined) throw Object.assign(new Error(`no ${cid}`), { name: 'NotFoundError' });
    yield row['bytes'] as Uint8Array;
  }

  override has(cid: CID): boolean {
    return (
      this.#db.prepare('SELECT 1 FROM blocks WHERE multihash = ?').get(cid.multihash.bytes) !== undefined
    );
  }
}

describe('a stranger with Helia alone', () => {
  it('opens the database’s blocks and walks from a category to its articles', async () => {
    await using repository = await makeRepository({ articles: 'samples' });
    const { categories, articles } = await publishIn(repository.dir, {
      env: { SOURCE_DATE_EPOCH: '1793491200' },
    });
    using db = new DatabaseSync(join(repository.dir, '.ovn', 'ovn.db'), { readOnly: true });
    const helia = createHeliaLight({ blockstore: new ForeignBlockstore(db) });
    await helia.start();
    const fs = unixfs(helia);
    const namesIn = async (cid: CID): Promise<Map<string, CID>> => {
      const names = new Map<string, CID>();
      for await (const entry of fs.ls(cid, { offline: true })) names.set(entry.name, entry.cid);
      return names;
    };
    const cat = async (cid: CID): Promise<Uint8Array> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of fs.cat(cid, { offline: true })) pieces.push(piece);
      return concat(pieces);
    };
    const found = new Map<string, string>();
    const walk = async (cid: CID, path: string[]): Promise<void> => {
      for (const [name, child] of await namesIn(cid)) {
        if (/^\d+$/.test(name)) await walk(child, [...path, name]);
        else if (path.length === 3 && !name.includes('.'))
          found.set([...path, name].join('/'), child.toString());
      }
    };
    for (const [slug, { cid, count }] of Object.entries(categories)) {
      found.clear();
      await walk(CID.parse(cid), []);
      expect(found.size, slug).toBe(count);
      for (const [id, bundle] of found) {
        expect(articles.find((article) => article.id === id)?.cid).toBe(bundle);
        const files = await namesIn(CID.parse(bundle));
        const document = JSON.parse(
          Buffer.from(await cat(files.get('article.json') ?? expect.fail())).toString(),
        );
        expect(document).toMatchObject({ identifier: id, '@type': 'NewsArticle' });
        expect(document.categories.map((category: { slug: string }) => category.slug)).toContain(slug);
        for (const { path, size } of document.files) {
          const [folder, name] = path.split('/');
          const inside = name === undefined ? files : await namesIn(files.get(folder) ?? expect.fail());
          expect((await cat(inside.get(name ?? folder) ?? expect.fail(path))).length).toBe(size);
        }
      }
    }
    expect(Object.keys(categories).length).toBeGreaterThanOrEqual(5);
    await helia.stop();
  });
});
