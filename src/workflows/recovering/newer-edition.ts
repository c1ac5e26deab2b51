import { statSync } from 'node:fs';
import { CID } from 'multiformats/cid';
import type { ArticleDocument } from '../../article/document.ts';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../../bundle/article-json.ts';
import { articlePath, manifestPath, revisionPath } from '../../edition/layout.ts';
import { OvnError } from '../../errors.ts';
import { TileTree } from '../../log/tile-tree.ts';
import { headOf } from '../../log/tree-head.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { MANIFEST_LIMIT, parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import { firstFailed } from '../../trust/check.ts';
import type { BlockReader, Link } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { measureDag } from '../measure-dag.ts';
import { judgeEdition } from '../verification/edition.ts';
import { Evidence, refusal } from '../verification/judging.ts';
import { openCar, openFolder } from '../verification/outside.ts';

const MASTHEAD_LIMIT = 1024 * 1024;

export interface NewerEditionEffects {
  /** Blocks that are here already. */
  read: BlockReader;
  now: Date;
  signal: AbortSignal;
  onProgress?: (what: string, done: number, total: number) => void;
}

/** A manifest that was issued. */
export interface IssuedManifest {
  sequence: number;
  cid: string;
  issued: string;
  expires: string;
}

/** An edition from outside, genuine and whole. It comes only from {@link openNewerEdition}. */
export class NewerEdition {
  readonly root: CID;
  readonly manifest: Manifest;
  /** Of its manifest. */
  readonly manifestCid: string;
  readonly log: TileTree;
  readonly read: BlockReader;

  constructor(root: CID, manifest: { manifest: Manifest; cid: string }, log: TileTree, read: BlockReader) {
    this.root = root;
    this.manifest = manifest.manifest;
    this.manifestCid = manifest.cid;
    this.log = log;
    this.read = read;
  }

  /** A manifest that it keeps, or its own. */
  async issued(sequence: number): Promise<IssuedManifest> {
    if (sequence === this.manifest.sequence) {
      const { issued, expires } = this.manifest;
      return { sequence, cid: this.manifestCid, issued, expires };
    }
    const { cid } = await this.#find(['manifests', ...manifestPath(sequence)]);
    const bytes = await readFile(cid, this.read, { limit: MANIFEST_LIMIT });
    const { issued, expires } = requireManifest(parseManifestJson(bytes));
    return { sequence, cid: cid.toString(), issued, expires };
  }

  /** The bytes of a version of the masthead. */
  async masthead(version: number): Promise<Uint8Array> {
    const { cid } = await this.#find(['masthead', `${version}.json`]);
    return readFile(cid, this.read, { limit: MASTHEAD_LIMIT });
  }

  /** The newest revision of an article. */
  async article(id: string): Promise<{ document: ArticleDocument; link: Link }> {
    const link = await this.#find(['articles', ...articlePath(id)]);
    const { cid } = await this.#find(['articles', ...articlePath(id), 'article.json']);
    return { document: parseArticle(await readFile(cid, this.read, { limit: ARTICLE_JSON_LIMIT })), link };
  }

  /** Tsize of the bundle of an earlier revision; 0 where its text is withheld. */
  async earlierSize(id: string, revision: number): Promise<number> {
    const link = await resolvePath(this.root, ['revisions', ...revisionPath(id, revision)], this.read);
    return link?.size ?? 0;
  }

  async #find(path: readonly string[]): Promise<Link> {
    const link = await resolvePath(this.root, path, this.read);
    if (link === undefined) throw refusal(`${path.join('/')} is not in the edition`);
    return link;
  }
}

/**
 * Opens an edition that lies in a CAR file or a folder, or is held under its CID, and judges all of it as a stranger would:
 * every block, signature and log entry.
 *
 * @throws {OvnError} `not-found`; `refused` with the first check that failed, also for an edition that is not whole;
 * `usage` for one from before there was a log.
 */
export async function openNewerEdition(what: string, effects: NewerEditionEffects): Promise<NewerEdition> {
  const { root, read } = await openSource(what, effects);
  const evidence = new Evidence(read, effects);
  const { checks, manifest } = await judgeEdition(root, evidence, (done, total) =>
    effects.onProgress?.('articles', done, total),
  );
  const failed = firstFailed(checks);
  if (failed !== undefined) throw refusal(`${what}: ${failed.name}: ${failed.detail}`);
  if (manifest === undefined) throw refusal(`${what} has no manifest`);
  await measureDag(root, evidence.read, effects.signal);
  if (manifest.manifest.log.size === 0) {
    throw new OvnError('usage', `${what} is from before there was a log: nothing can be recovered from it`);
  }
  const folder = await resolvePath(root, ['log'], evidence.read);
  if (folder === undefined) throw refusal('log is missing');
  const tiles = tileReader(Tree.open(folder, evidence.read), evidence.read);
  const log = await TileTree.open(headOf(manifest.manifest.log), tiles);
  return new NewerEdition(root, manifest, log, evidence.read);
}

async function openSource(
  what: string,
  { read: own, signal }: NewerEditionEffects,
): Promise<{ root: CID; read: BlockReader }> {
  const stat = statSync(what, { throwIfNoEntry: false });
  if (stat === undefined) return { root: await heldRoot(what, own), read: own };
  const { root, read } = await (stat.isDirectory() ? openFolder : openCar)(what, signal);
  return { root, read: async (cid) => (await read(cid)) ?? (await own(cid)) };
}

async function heldRoot(what: string, read: BlockReader): Promise<CID> {
  const root = parseCid(what);
  if (root !== undefined && (await read(root)) !== undefined) return root;
  throw new OvnError('not-found', `${what} is no CAR file, no folder and no edition that is held here`);
}

function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}
