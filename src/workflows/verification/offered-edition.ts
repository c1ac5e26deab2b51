import type { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT } from '../../bundle/article-json.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { MANIFEST_LIMIT } from '../../manifest/parse-manifest.ts';
import type { Looked, Offered, OfferedBundle } from '../../reader/offered.ts';
import { type DirectoryEntry, resolvePath } from '../../unixfs/directory.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { requireEntry } from './entries.ts';
import { type Evidence, refusal } from './judging.ts';
import { listBundles, listRevisions, type PlacedBundle } from './placed-bundles.ts';

/** The documents of an edition, for the rules of a reader to judge. Blocks are hashed on the way, nothing else is believed. */
export async function offerEdition(
  edition: CID,
  evidence: Evidence,
  look: (root: readonly DirectoryEntry[]) => Looked,
): Promise<Offered> {
  const root = await evidence.directory(edition);
  const log = root.find(({ name }) => name === 'log');
  const tree = log === undefined ? undefined : Tree.open(log, evidence.read);
  const checkpoint = await tree?.get(['checkpoint']);
  return {
    mastheads: await evidence.mastheadFiles(requireEntry(root, 'masthead')),
    manifest: await evidence.file(requireEntry(root, 'manifest.json'), MANIFEST_LIMIT),
    checkpoint: checkpoint === undefined ? undefined : await evidence.file(checkpoint.cid, NOTE_LIMIT),
    readTile: tree === undefined ? async () => undefined : tileReader(tree, evidence.read),
    name: undefined,
    looked: look(root),
  };
}

/** All of an edition, to be looked at: its bundles are read one after the other, when they are asked for. */
export function lookAtEdition(root: readonly DirectoryEntry[], evidence: Evidence): Looked {
  return {
    kind: 'edition',
    root: root.map(({ name, cid }) => ({ name, cid: cid.toString() })),
    bundles: offerBundles(root, evidence),
  };
}

/** One bundle, to be looked for in the log. */
export async function offerBundle(
  { id, cid }: Pick<PlacedBundle, 'id' | 'cid'>,
  place: OfferedBundle['place'],
  evidence: Evidence,
): Promise<OfferedBundle> {
  const link = await resolvePath(cid, ['article.json'], evidence.read);
  if (link === undefined) throw refusal(`${id} (${cid}) has no article.json`);
  return { id, cid: cid.toString(), place, document: await evidence.file(link.cid, ARTICLE_JSON_LIMIT) };
}

async function* offerBundles(
  root: readonly DirectoryEntry[],
  evidence: Evidence,
): AsyncGenerator<OfferedBundle> {
  for (const bundle of await listBundles(requireEntry(root, 'articles'), evidence, 'articles')) {
    yield await offerBundle(bundle, 'newest', evidence);
  }
  const revisions = root.find(({ name }) => name === 'revisions');
  if (revisions === undefined) return;
  for (const bundle of await listRevisions(revisions.cid, evidence)) {
    yield await offerBundle(bundle, bundle.revision ?? 'newest', evidence);
  }
}
