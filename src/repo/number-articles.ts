import type { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { instantOf } from '../article/calendar.ts';
import type { ArticleDocument } from '../article/document.ts';
import { parseArticle } from '../bundle/article-json.ts';
import { entryOf } from '../edition/entry.ts';
import { OvnError } from '../errors.ts';
import { DAG_PB } from '../unixfs/codecs.ts';
import { decodeUnixfs } from '../unixfs/unixfs-node.ts';
import { noticesText } from './article-row.ts';
import { Statements } from './statements.ts';

/**
 * Fills in what schema 6 did not keep of articles: the order of their first publication, by the log, and what only their bundles
 * tell. A bundle that is not whole is left for `check` to name.
 */
export function numberArticles(db: DatabaseSync): void {
  const sql = new Statements(db);
  db.exec(NUMBER);
  const articles = sql.all<{ id: string; cid: string; size: number }>('SELECT id, cid, size FROM articles');
  for (const { id, cid, size } of articles) {
    const document = readStored(CID.parse(cid), sql);
    if (document === undefined) continue;
    const entry = entryOf(document, { cid: CID.parse(cid), size });
    const { notices, image } = entry;
    const picture = image === undefined ? null : JSON.stringify(image);
    sql.run('UPDATE articles SET notices = ?, image = ? WHERE id = ?', noticesText(entry), picture, id);
    for (const [at, { datePublished }] of notices.entries())
      sql.run(
        'INSERT INTO notices (year, instant, article, at) VALUES (?, ?, ?, ?)',
        datePublished.slice(0, 4),
        instantOf(datePublished),
        id,
        at,
      );
  }
}

/** article.json of a bundle, out of the table of blocks: a migration cannot wait. */
export function readStored(bundle: CID, sql: Statements): ArticleDocument | undefined {
  try {
    const { links } = decodeUnixfs(bundle, blockOf(bundle, sql));
    const json = links.find(({ Name }) => Name === 'article.json');
    return json === undefined ? undefined : parseArticle(Buffer.concat([...chunksOf(json.Hash, sql)]));
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}

function* chunksOf(cid: CID, sql: Statements): Generator<Uint8Array> {
  const bytes = blockOf(cid, sql);
  if (cid.code !== DAG_PB) return yield bytes;
  for (const { Hash } of decodeUnixfs(cid, bytes).links) yield* chunksOf(Hash, sql);
}

function blockOf(cid: CID, sql: Statements): Uint8Array {
  const row = sql.get<{ bytes: Uint8Array }>(
    'SELECT bytes FROM blocks WHERE multihash = ?',
    cid.multihash.bytes,
  );
  if (row === undefined) throw new OvnError('not-found', `block ${cid} is not held`);
  return row.bytes;
}

const NUMBER = `CREATE TEMP TABLE numbers AS
  SELECT article, row_number() OVER (ORDER BY min(id)) - 1 AS ordinal FROM events WHERE article IS NOT NULL GROUP BY article;
UPDATE articles SET ordinal = (SELECT ordinal FROM numbers WHERE article = id)
  WHERE id IN (SELECT article FROM numbers);
UPDATE article_categories SET ordinal = (SELECT ordinal FROM articles a WHERE a.id = article_categories.id);
DROP TABLE numbers;`;
