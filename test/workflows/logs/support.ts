import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { canonicalBytes } from '../../../src/bundle/canonical-json.ts';
import type { Manifest } from '../../../src/manifest/manifest.ts';
import { parseManifestJson, requireManifest } from '../../../src/manifest/parse-manifest.ts';
import type { Block } from '../../../src/unixfs/block.ts';
import { addFile, readFile } from '../../../src/unixfs/file.ts';
import { Tree } from '../../../src/unixfs/tree.ts';
import type { LogEffects } from '../../../src/workflows/logs/head-log.ts';
import { writeFolder } from '../../../src/workflows/write-folder.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

/** A newsroom with two editions: two articles, and a correction of the first. */
export async function openPaper(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/harbour.md', source({ title: 'Harbour' }));
  newsroom.write('articles/market.md', source({ title: 'Market' }));
  await newsroom.publish();
  await publishOne(newsroom, 'harbour', 'Harbour', 'The harbour opens at six.\n');
  return newsroom;
}

/** Publishes an article, or another revision of it. */
export async function publishOne(
  newsroom: Newsroom,
  name: string,
  title: string,
  body = 'Text.\n',
): Promise<void> {
  newsroom.write(`articles/${name}.md`, source({ title }, body));
  await newsroom.publish();
}

/** The id of an article of {@link publishOne}. */
export const idOf = (slug: string) => `2026/01/05/${slug}`;

/** Opens the newsroom as a command on its log does. */
export function withLog<T>(newsroom: Newsroom, work: (effects: LogEffects) => Promise<T> | T): Promise<T> {
  const { signal } = new AbortController();
  return newsroom.use(({ repository, node }) => work({ repository, read: node.read, now: NOW, signal }));
}

/** The head edition as a folder, which is gone after the test. */
export async function folderOf(newsroom: Newsroom): Promise<string> {
  const folder = join(temporaryFolder(), 'edition');
  await newsroom.use(async ({ repository, node }) => {
    await writeFolder(
      CID.parse(repository.head()?.edition ?? ''),
      folder,
      node.read,
      new AbortController().signal,
    );
  });
  return folder;
}

/** Changes the head edition and its manifest behind everybody's back: what a publisher could sign. */
export async function forgeHead(
  newsroom: Newsroom,
  change: (edition: Tree, manifest: Manifest) => Promise<void> | void,
): Promise<void> {
  await newsroom.use(async ({ repository, node }) => {
    const head = repository.head();
    if (head === undefined) throw new Error('nothing is published');
    const tree = Tree.open({ cid: CID.parse(head.edition), size: 0 }, node.read);
    const bytes = await readFile(CID.parse(head.manifest), node.read, { limit: 1 << 20 });
    const manifest = requireManifest(parseManifestJson(bytes));
    await change(tree, manifest);
    const articles = await tree.get(['articles']);
    manifest.articles.cid = String(articles?.cid);
    const blocks: Block[] = [];
    const sink = (block: Block): void => void blocks.push(block);
    const file = await addFile(canonicalBytes(manifest), sink);
    await tree.set(['manifest.json'], file);
    const edition = await tree.write(sink);
    await node.put(blocks);
    const sql = 'UPDATE manifests SET cid = ?, edition = ? WHERE sequence = ?';
    repository.db.prepare(sql).run(String(file.cid), String(edition.cid), head.sequence);
  });
}
