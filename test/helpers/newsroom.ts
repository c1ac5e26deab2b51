import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CID } from 'multiformats/cid';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import { type Node, openNode } from '../../src/node/node.ts';
import { listKeys, loadKey, loadKeys } from '../../src/repo/keyring.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import { acquirePublishLock } from '../../src/repo/publish-lock.ts';
import type { Repository } from '../../src/repo/repository.ts';
import type { Settings } from '../../src/repo/settings.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { selectKeys } from '../../src/trust/select-key.ts';
import { signerOf } from '../../src/trust/sign-document.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { resolvePath } from '../../src/unixfs/directory.ts';
import { readFile } from '../../src/unixfs/file.ts';
import { initialise } from '../../src/workflows/initialise.ts';
import type { MastheadEffects } from '../../src/workflows/keys/change-masthead.ts';
import { type PublishEffects, publish } from '../../src/workflows/publish.ts';
import { makeHere } from '../../src/workflows/publishing/make-revisions.ts';
import { picturesHere } from '../../src/workflows/publishing/picture-maker.ts';
import type { ReleaseClock } from '../../src/workflows/publishing/release-clock.ts';
import type { PublishReport, ReportedArticle } from '../../src/workflows/publishing/report.ts';
import { type VerifyReport, verify } from '../../src/workflows/verify.ts';
import { temporaryFolder } from './folder.ts';

export interface PublishCall {
  /** Absolute, or relative to the newsroom's folder. */
  paths?: readonly string[];
  dryRun?: boolean;
  allowFuture?: boolean;
  listUnchanged?: boolean;
  rerender?: readonly string[] | undefined;
  now?: Date;
  /** The clock of embargoes; one that agrees with `now` when absent. */
  clock?: ReleaseClock;
}

/** The clocks of a machine that nobody sets and that never stops. */
export function clockAt(now: Date): ReleaseClock {
  return { wall: now.getTime(), uptime: now.getTime(), machine: 'newsroom' };
}

/** The clock of the newsrooms, unless a test sets it. */
export const NOW = new Date('2026-01-10T12:00:00Z');

/** A repository in a folder of its own that publishes in this process, with a real node, as the command does. */
export class Newsroom {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** An initialised repository without articles; it is gone after the test. */
  static async open(): Promise<Newsroom> {
    return Newsroom.in(temporaryFolder());
  }

  /** As {@link open}, in a folder that is there; whoever made it takes it away. */
  static async in(dir: string): Promise<Newsroom> {
    const texts = { name: 'The Paper', tagline: 'Yours.', language: 'en', url: undefined, origin: undefined };
    await initialise(
      { dir, ...texts, sample: false, dryRun: false },
      { passphrase: async () => undefined, now: NOW },
    );
    mkdirSync(join(dir, 'articles'));
    return new Newsroom(dir);
  }

  path(name: string): string {
    return resolve(this.dir, name);
  }

  /** Writes a file, with the folders above it. */
  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  remove(name: string): void {
    rmSync(this.path(name));
  }

  /** Changes ovn.json. */
  configure(changes: Partial<Settings>): void {
    const settings = JSON.parse(readFileSync(this.path('ovn.json'), 'utf8')) as Settings;
    this.write('ovn.json', JSON.stringify({ ...settings, ...changes }));
  }

  async publish({
    paths = [],
    dryRun = false,
    allowFuture = false,
    listUnchanged = true,
    rerender,
    now = NOW,
    clock = clockAt(now),
  }: PublishCall = {}) {
    return this.use(({ repository, node }) => {
      const options = {
        paths: paths.map((path) => this.path(path)),
        dryRun,
        allowFuture,
        listUnchanged,
        rerender,
      };
      return publish(options, { ...this.#effects(repository, node, now), clock });
    });
  }

  /** What publishing needs, for the workflows around it. */
  async publishing<T>(work: (effects: PublishEffects) => Promise<T>, now = NOW): Promise<T> {
    return this.use(({ repository, node }) => work(this.#effects(repository, node, now)));
  }

  /** What a change of the masthead needs; `proposals` gets the files that it writes, by name. */
  async masthead<T>(
    work: (effects: MastheadEffects) => Promise<T>,
    proposals: Map<string, Uint8Array> = new Map(),
    now = NOW,
  ): Promise<T> {
    using repository = openRepository(this.dir);
    return await work({
      repository,
      now,
      lock: () => acquirePublishLock(repository.stateDir),
      passphrase: async () => undefined,
      writeProposal: (name, bytes) => {
        proposals.set(name, bytes);
        return name;
      },
    });
  }

  /** Takes a key out of the keyring, as whoever keeps it on another machine does. */
  async takeKey(wanted: string): Promise<Signer> {
    const keysDir = join(this.dir, '.ovn', 'keys');
    const { file, privateKey } = await loadKey(keysDir, wanted);
    rmSync(join(keysDir, file));
    return signerOf(privateKey);
  }

  /** What a stranger is told of an edition, an article or a category here. */
  async verify(what?: string, now = NOW): Promise<VerifyReport> {
    return this.use(async ({ repository, node }) => {
      const local = { repository, read: node.read };
      const { signal } = new AbortController();
      const options = { what, publication: undefined, requireCurrent: false };
      const effects = { local, memories: undefined, policy: NO_WITNESSES, now, signal };
      return (await verify(options, effects)).report;
    });
  }

  /** A copy of it as it is now, with the same keys; it is gone after the test. */
  copy(): Newsroom {
    const dir = temporaryFolder();
    cpSync(this.dir, dir, { recursive: true, preserveTimestamps: true });
    return new Newsroom(dir);
  }

  /** What lies at a path below a root. */
  async link(root: string, path: string): Promise<Link> {
    const link = await this.use(({ node }) => resolvePath(CID.parse(root), path.split('/'), node.read));
    if (link === undefined) throw new Error(`${path} is not in ${root}`);
    return link;
  }

  /** The text of a file below a root. */
  async read(root: string, path: string): Promise<string> {
    const { cid } = await this.link(root, path);
    const bytes = await this.use(({ node }) => readFile(cid, node.read, { limit: 1 << 24 }));
    return Buffer.from(bytes).toString('utf8');
  }

  /** Opens the repository and its node, as every command does, and closes both. */
  async use<T>(work: (open: { repository: Repository; node: Node }) => Promise<T> | T): Promise<T> {
    using repository = openRepository(this.dir);
    await using node = await openNode(repository);
    return await work({ repository, node });
  }

  #effects(repository: Repository, node: Node, now: Date): PublishEffects {
    const { stateDir, keysDir } = repository;
    const signal = new AbortController().signal;
    return {
      repository,
      node,
      now,
      clock: clockAt(now),
      signal,
      revisions: makeHere,
      pictures: picturesHere,
      lock: () => acquirePublishLock(stateDir, { signal }),
      signers: async (role) => {
        const mastheads = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
        const held = listKeys(keysDir).filter((key) => key.role === role);
        const dids = selectKeys(
          mastheads,
          role,
          held.map(({ did }) => did),
        );
        return (await loadKeys(keysDir, dids)).map(({ privateKey }) => signerOf(privateKey));
      },
    };
  }
}

/** A source with the least that it needs; `fields` are lines of front matter, in place of the usual ones where they name one. */
export function source(fields: Record<string, string> = {}, body = 'Text of the article.\n'): string {
  const all = { title: 'A headline', date: '2026-01-05', categories: '[Science]', ...fields };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `---\n${lines.join('\n')}\n---\n${body}`;
}

/** What a report says of one source. */
export function reported(report: PublishReport, path: string): ReportedArticle | undefined {
  return report.articles.find((article) => article.source === path);
}

/** Longer than a file must have been left alone for its times to be trusted. */
export function settleDown(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 60));
}
