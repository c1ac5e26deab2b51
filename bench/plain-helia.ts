/**
 * What a TypeScript developer writes first: articles of a folder into an embedded Helia, one pinned directory each,
 * and an index of CIDs. A peer of the bench: node bench/plain-helia.ts <articles> <repository>
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unixfs } from '@helia/unixfs';
import { LevelBlockstore } from 'blockstore-level';
import canonicalize from 'canonicalize';
import { LevelDatastore } from 'datastore-level';
import matter from 'gray-matter';
import { createHeliaLight } from 'helia';
import MarkdownIt from 'markdown-it';
import type { CID } from 'multiformats/cid';
import sanitize from 'sanitize-html';

const [articles = 'articles', repository = 'repository'] = process.argv.slice(2);
const blockstore = new LevelBlockstore(join(repository, 'blocks'));
const datastore = new LevelDatastore(join(repository, 'data'));
await blockstore.open();
await datastore.open();
const helia = createHeliaLight({ blockstore, datastore });
await helia.start();
const fs = unixfs(helia);
const markdown = new MarkdownIt();
const encoder = new TextEncoder();

const index = new Map<string, string[]>();
for (const name of (await readdir(articles)).sort()) {
  const { data, content } = matter(await readFile(join(articles, name), 'utf8'), {});
  const html = sanitize(markdown.render(content));
  const cid = await addBundle([
    { path: 'article.json', content: encode(canonicalize({ ...data, articleBody: content })) },
    { path: 'index.html', content: encode(page(data.title, html)) },
  ]);
  for await (const _ of helia.pins.add(cid)) {
    // a generator: pins only while it is read
  }
  for (const category of data.categories) list(category, cid);
}
const root = await fs.addBytes(encode(canonicalize(Object.fromEntries(index))));
process.stdout.write(`${JSON.stringify({ root: root.toString(), articles: await pinned() })}\n`);
await helia.stop();
await datastore.close();
await blockstore.close();

async function addBundle(files: { path: string; content: Uint8Array }[]): Promise<CID> {
  let last: CID | undefined;
  for await (const entry of fs.addAll(files, { wrapWithDirectory: true, profile: 'unixfs-v1-2025' }))
    last = entry.cid;
  if (last === undefined) throw new Error('nothing was added');
  return last;
}

function list(category: string, cid: CID): void {
  const listed = index.get(category) ?? [];
  listed.push(cid.toString());
  index.set(category, listed);
}

async function pinned(): Promise<number> {
  let count = 0;
  for await (const _ of helia.pins.ls()) count++;
  return count;
}

function page(title: string, html: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${html}</html>\n`;
}

function encode(text: string | undefined): Uint8Array {
  return encoder.encode(text ?? '');
}
