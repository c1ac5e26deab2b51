import type { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT } from '../../bundle/article-json.ts';
import { OvnError } from '../../errors.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { MANIFEST_LIMIT } from '../../manifest/parse-manifest.ts';
import type { Looked, Offered, OfferedBundle } from '../../reader/offered.ts';
import { MASTHEAD_LIMIT } from '../../trust/parse-masthead.ts';
import { type DirectoryEntry, resolvePath } from '../../unixfs/directory.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { type Evidence, refusal } from './judging.ts';
import { listBundles, listRevisions, type PlacedBundle } from './placed-bundles.ts';

/** Most mastheads that are read. */
const MOST_MASTHEADS = 1024;

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
    mastheads: await readMastheadFiles(cidOf(root, 'masthead'), evidence),
    manifest: await evidence.file(cidOf(root, 'manifest.json'), MANIFEST_LIMIT),
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
  for (const bundle of await listBundles(cidOf(root, 'articles'), evidence, [])) {
    yield await offerBundle(bundle, 'newest', evidence);
  }
  const revisions = root.find(({ name }) => name === 'revisions');
  if (revisions === undefined) return;
  for (const bundle of await listRevisions(revisions.cid, evidence)) {
    yield await offerBundle(bundle, bundle.revision ?? 'newest', evidence);
  }
}

async function readMastheadFiles(folder: CID, evidence: Evidence): Promise<Uint8Array[]> {
  const entries = await evidence.directory(folder);
  if (entries.length > MOST_MASTHEADS)
    throw new OvnError('limit', `masthead/ holds more than ${MOST_MASTHEADS}`);
  const files: Uint8Array[] = [];
  for (let version = 1; version <= entries.length; version++) {
    files.push(await evidence.file(cidOf(entries, `${version}.json`), MASTHEAD_LIMIT));
  }
  return files;
}

function cidOf(entries: readonly DirectoryEntry[], name: string): CID {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw refusal(`${name} is missing`);
  return entry.cid;
}
