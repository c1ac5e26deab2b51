import { mkdirSync } from 'node:fs';
import { CID } from 'multiformats/cid';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { appendEntries } from '../../src/log/append.ts';
import { signCheckpoint } from '../../src/log/checkpoint.ts';
import { encodeEntry, type LogEntry, parseEntry } from '../../src/log/entry.ts';
import { decodeBundle } from '../../src/log/entry-bundle.ts';
import { edgeTile, tilePath } from '../../src/log/tile.ts';
import { emptyHead, stateOf } from '../../src/log/tree-head.ts';
import { verifierOf } from '../../src/log/verifier.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { parseManifestJson, requireManifest } from '../../src/manifest/parse-manifest.ts';
import { createRepository } from '../../src/repo/create-repository.ts';
import { storeKeys } from '../../src/repo/keyring.ts';
import { buildMasthead, signMasthead } from '../../src/trust/build-masthead.ts';
import { rawKeyOf } from '../../src/trust/did-key.ts';
import { publicationId, ROLES } from '../../src/trust/masthead.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { MemoryBlocks } from './memory-blocks.ts';
import { Newsroom } from './newsroom.ts';
import { testSigner } from './signers.ts';

export type Change = (tree: Tree) => Promise<void> | void;

/** What a stolen edition key and a stolen log key sign on top of a change. */
export interface Resigned {
  /** Entries of the log, in place of those that there are. */
  log?: (entries: LogEntry[]) => LogEntry[];
  manifest?: (manifest: Manifest) => void;
}

const ORIGIN = 'paper.example/log';
const ANY_TIME = '2026-01-10T12:00:00Z';

/** The masthead of the papers that are forged: a second desk key is limited to `science`. */
export function makeMasthead(
  paper: string,
  version = 1,
  desk = ['desk', 'desk of science'],
  revoked?: { name: string; fromEntry: number },
): Uint8Array {
  const idOf = (name: string) => testSigner(`${paper} ${name}`).did;
  const keys = Object.fromEntries(ROLES.map((role) => [role, [{ id: idOf(role) }]]));
  const desks = desk.map((name) => ({
    id: idOf(name),
    ...(name === 'desk of science' && { categories: ['science'] }),
  }));
  const expires = new Date('2031-01-01T00:00:00Z');
  const gone = revoked && { revoked: [{ id: idOf(revoked.name), fromEntry: revoked.fromEntry }] };
  const parts = { version, expires, origin: ORIGIN, keys: { ...keys, desk: desks } as never, ...gone };
  return signMasthead(buildMasthead(parts), [testSigner(`${paper} masthead`)]);
}

/** A newsroom with known keys in a new folder. */
export async function openNewsroom(paper: string, dir: string): Promise<Newsroom> {
  mkdirSync(dir);
  const settings = { name: `The ${paper}`, tagline: 'Yours.', language: 'en', articles: 'articles' };
  const repository = await createRepository(dir, settings, async (made) => {
    const bytes = makeMasthead(paper);
    const cid = publicationId(bytes);
    made.addMasthead({ version: 1, cid, bytes });
    made.events.append({ kind: 'masthead', cid, time: ANY_TIME, sequence: 1 });
    const keys = ROLES.map((role) => ({ role, privateKey: testSigner(`${paper} ${role}`).privateKey }));
    await storeKeys(made.keysDir, keys, undefined);
  });
  repository.close();
  return new Newsroom(dir);
}

/** An edition that was published, and whoever changes it afterwards, with as many stolen keys as the attack needs. */
export class Forger {
  readonly held = new MemoryBlocks();
  readonly edition: CID;
  readonly #paper: string;

  private constructor(paper: string, edition: string) {
    this.#paper = paper;
    this.edition = CID.parse(edition);
  }

  static async take(paper: string, newsroom: Newsroom, edition: string): Promise<Forger> {
    const forger = new Forger(paper, edition);
    await newsroom.use(async ({ node }) => {
      for await (const { cid, bytes } of walkDag(forger.edition, node.read)) {
        if (bytes !== undefined) forger.held.put({ cid, bytes });
      }
    });
    return forger;
  }

  /** A key of this paper, or one that is no key of it. */
  signer(name: string): Signer {
    return testSigner(`${this.#paper} ${name}`);
  }

  open(link: Link | undefined = { cid: this.edition, size: 0 }): Tree {
    return Tree.open(link, this.held.read);
  }

  async link(path: string): Promise<Link> {
    const link = await this.open().get(path.split('/'));
    if (link === undefined) throw new Error(`${path} is not there`);
    return link;
  }

  async file(content: string | Uint8Array): Promise<Link> {
    return addFile(Buffer.from(content), this.held.sink);
  }

  async bytes(path: string): Promise<Uint8Array> {
    return (await this.held.read((await this.link(path)).cid)) ?? new Uint8Array();
  }

  /** The edition with a change, under the manifest that it had: what anybody can do. */
  async forge(change: Change): Promise<string> {
    const tree = this.open();
    await change(tree);
    return (await tree.write(this.held.sink)).cid.toString();
  }

  /** The edition with a change, under a manifest and a checkpoint that are signed for it. */
  async forgeSigned(
    change: Change = () => undefined,
    { log, manifest: edit }: Resigned = {},
  ): Promise<string> {
    const tree = this.open();
    await change(tree);
    await tree.write(this.held.sink);
    const { proof: _, ...manifest } = requireManifest(parseManifestJson(await this.bytes('manifest.json')));
    const cidAt = async (...path: string[]) => `${(await tree.get(path))?.cid}`;
    for (const [slug, category] of Object.entries(manifest.categories))
      category.cid = await cidAt('categories', slug);
    for (const entry of manifest.entries) entry.cid = await cidAt(entry.name);
    manifest.articles.cid = await cidAt('articles');
    if (log !== undefined) manifest.log = await this.#relog(tree, log(await this.#entries(manifest)));
    edit?.(manifest);
    await tree.set(
      ['manifest.json'],
      await this.file(canonicalBytes(signDocument(manifest, [this.signer('edition')]))),
    );
    return (await tree.write(this.held.sink)).cid.toString();
  }

  /** A bundle whose article says something else, signed by whomever. */
  async rewrite(path: string, edit: (article: Record<string, unknown>) => void, by: string): Promise<Link> {
    const { proof: _, ...article } = JSON.parse(
      Buffer.from(await this.bytes(`${path}/article.json`)).toString(),
    );
    edit(article);
    const bundle = this.open(await this.link(path));
    await bundle.set(
      ['article.json'],
      await this.file(canonicalBytes(signDocument(article, [this.signer(by)]))),
    );
    return bundle.write(this.held.sink);
  }

  async #entries({ log }: Manifest): Promise<LogEntry[]> {
    const tile = edgeTile(log.size, 'entries');
    return decodeBundle(await this.bytes(`log/${tilePath(tile).join('/')}`), tile).map(parseEntry);
  }

  /** Makes `log/` anew; checkpoints are signed by the log key. */
  async #relog(tree: Tree, entries: LogEntry[]): Promise<Manifest['log']> {
    const { head, files } = await appendEntries(emptyHead(), entries.map(encodeEntry), async () => undefined);
    const log = Tree.empty();
    for (const { path, bytes } of files) await log.set(path, await this.file(bytes));
    await log.set(['checkpoint'], await this.file(this.checkpoint(ORIGIN, head)));
    await tree.set(['log'], await log.write(this.held.sink));
    return stateOf(ORIGIN, head);
  }

  checkpoint(origin: string, head: Parameters<typeof signCheckpoint>[1]): Uint8Array {
    const { did, privateKey } = this.signer('log');
    return signCheckpoint(origin, head, [
      { verifier: verifierOf(origin, rawKeyOf(did), 'ed25519'), privateKey },
    ]);
  }
}

/** An entry that says that a masthead came into force. */
export function mastheadEntry(version: number, bytes: Uint8Array): LogEntry {
  return { format: 'ovn-log-entry/1', kind: 'masthead', version, cid: publicationId(bytes), time: ANY_TIME };
}
