import { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../../bundle/article-json.ts';
import { isSiteFile } from '../../edition/layout.ts';
import { OvnError } from '../../errors.ts';
import { MANIFEST_LIMIT, parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { readDirectory, resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';
import type { SyncEffects } from './effects.ts';

/** What a paper says of itself. */
export interface PaperFacts {
  name: string | null;
  licences: string[];
}

/** Articles whose licence is looked at: the newest. */
const LOOKED_AT = 100;

/** Levels of the tree of articles down to a bundle. */
const BUNDLE = 4;

/** What the paper is called, and the licences that its newest articles state; nothing of what is not held. */
export async function tellPaper(edition: string | null, { repository }: SyncEffects): Promise<PaperFacts> {
  const read: BlockReader = async (cid) => repository.blockstore.getBytes(cid);
  if (edition === null || !repository.blockstore.has(CID.parse(edition))) return { name: null, licences: [] };
  const root = CID.parse(edition);
  const link = await resolvePath(root, ['manifest.json'], read);
  if (link === undefined) return { name: null, licences: [] };
  const { publication } = requireManifest(
    parseManifestJson(await readFile(link.cid, read, { limit: MANIFEST_LIMIT })),
  );
  const licences = new Map<string, number>();
  let count = 0;
  for await (const licence of licencesIn(root, read)) {
    if (licence !== undefined) licences.set(licence, (licences.get(licence) ?? 0) + 1);
    if (++count >= LOOKED_AT) break;
  }
  const byCount = [...licences].sort((a, b) => b[1] - a[1]);
  return { name: publication.name, licences: byCount.map(([licence]) => licence) };
}

async function* licencesIn(root: CID, read: BlockReader): AsyncGenerator<string | undefined> {
  const articles = await resolvePath(root, ['articles'], read);
  if (articles !== undefined) yield* licencesBelow(articles.cid, 0, read);
}

/** Through years, months, days and bundles, the newest first. */
async function* licencesBelow(
  cid: CID,
  depth: number,
  read: BlockReader,
): AsyncGenerator<string | undefined> {
  for (const entry of (await entriesOf(cid, read)).reverse()) {
    if (depth === BUNDLE && entry.name === 'article.json') yield licenceOf(await readIfHeld(entry.cid, read));
    else if (depth < BUNDLE && !isSiteFile(entry.name)) yield* licencesBelow(entry.cid, depth + 1, read);
  }
}

async function entriesOf(cid: CID, read: BlockReader) {
  try {
    return await readDirectory(cid, read);
  } catch (error) {
    if (error instanceof OvnError) return [];
    throw error;
  }
}

async function readIfHeld(cid: CID, read: BlockReader): Promise<Uint8Array | undefined> {
  try {
    return await readFile(cid, read, { limit: ARTICLE_JSON_LIMIT });
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}

function licenceOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : parseArticle(bytes).license;
}
