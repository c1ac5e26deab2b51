import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { Manifest, ManifestCategory } from '../manifest/manifest.ts';
import { parseManifestJson, requireManifest } from '../manifest/parse-manifest.ts';
import { ArticleIndex } from './article-index.ts';
import { transaction } from './database.ts';
import { EventStore, type PublicationEvent } from './events.ts';
import { FollowedStore } from './followed-store.ts';
import { type Head, HeadStore } from './head.ts';
import { HomeStore } from './home-store.ts';
import { MastheadStore, type StoredMasthead } from './mastheads.ts';
import { Meta } from './meta.ts';
import { NameRecordStore } from './name-records.ts';
import { PictureVariants } from './picture-variants.ts';
import { PinStore } from './pins.ts';
import { SETTINGS, STATE } from './places.ts';
import { SeenCheckpoints } from './seen-checkpoints.ts';
import { digestSettings, readSettings, type Settings } from './settings.ts';
import { SourceIndex } from './source-index.ts';
import { SqliteBlockstore } from './sqlite-blockstore.ts';
import { SqliteDatastore } from './sqlite-datastore.ts';
import { WitnessStore } from './witness-store.ts';

/** A publication or a mirror on this machine: `ovn.json`, and beside it `.ovn` with the database and the keyring. */
export class Repository implements Disposable {
  /** Absolute; where ovn.json is. */
  readonly dir: string;
  /** `.ovn` */
  readonly stateDir: string;
  /** The keyring. */
  readonly keysDir: string;
  readonly db: DatabaseSync;
  readonly blockstore: SqliteBlockstore;
  readonly datastore: SqliteDatastore;
  readonly articles: ArticleIndex;
  readonly sources: SourceIndex;
  readonly events: EventStore;
  readonly pins: PinStore;
  readonly meta: Meta;
  readonly seenCheckpoints: SeenCheckpoints;
  readonly witnesses: WitnessStore;
  /** Records of IPNS names: our own, and the newest of every other that was met. */
  readonly names: NameRecordStore;
  /** Publications of others that are kept here. */
  readonly followed: FollowedStore;
  /** Places where others keep what is published here. */
  readonly homes: HomeStore;
  /** Variants that were made of pictures. */
  readonly pictures: PictureVariants;
  #settings: Settings;
  readonly #heads: HeadStore;
  readonly #mastheads: MastheadStore;

  constructor(dir: string, settings: Settings, db: DatabaseSync) {
    this.dir = dir;
    this.#settings = settings;
    this.stateDir = join(dir, STATE);
    this.keysDir = join(this.stateDir, 'keys');
    this.db = db;
    this.blockstore = new SqliteBlockstore(db);
    this.datastore = new SqliteDatastore(db);
    this.articles = new ArticleIndex(db);
    this.sources = new SourceIndex(db);
    this.events = new EventStore(db);
    this.pins = new PinStore(db);
    this.meta = new Meta(db);
    this.seenCheckpoints = new SeenCheckpoints(this.meta);
    this.witnesses = new WitnessStore(db);
    this.names = new NameRecordStore(db);
    this.followed = new FollowedStore(db);
    this.homes = new HomeStore(db);
    this.pictures = new PictureVariants(db);
    this.#heads = new HeadStore(db);
    this.#mastheads = new MastheadStore(db);
  }

  /** Whether there is no paper of one's own here, and never will be. */
  get isMirror(): boolean {
    return this.settings.mirror === true;
  }

  /** What ovn.json said when it was opened, or last {@link renewSettings read anew}. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Hex; changes when what ovn.json says of the paper changes. */
  get settingsDigest(): string {
    return digestSettings(this.#settings);
  }

  /** Where the sources are when nothing else is said. */
  get articlesDir(): string {
    return resolve(this.dir, this.#settings.articles);
  }

  /**
   * Takes over what ovn.json says by now.
   *
   * @throws {OvnError} `not-found`, `malformed`: then all stays as it was.
   */
  renewSettings(): void {
    this.#settings = readSettings(join(this.dir, SETTINGS));
  }

  /**
   * Takes over what ovn.json says of the network by now; nothing else of it.
   *
   * @throws {OvnError} `not-found`, `malformed`: then all stays as it was.
   */
  renewNetwork(): void {
    const { network, ...rest } = this.#settings;
    const { network: now } = readSettings(join(this.dir, SETTINGS));
    this.#settings = now === undefined ? rest : { ...rest, network: now };
  }

  /** The newest edition, read anew at every call: another process may have published. */
  head(): Head | undefined {
    return this.#heads.readHead();
  }

  /** Makes an edition the head, in the caller's transaction. Its sequence must be larger than the head's. */
  writeHead(head: Head): void {
    this.#heads.writeHead(head);
  }

  /** Gives the head another root with the same manifest, in the caller's transaction. */
  replaceEdition(head: Head, edition: string): void {
    this.#heads.replaceEdition(head, edition);
  }

  /** Former roots of the edition of a sequence and of those after it. */
  formerEditions(sequence: number): string[] {
    return this.#heads.formerEditions(sequence);
  }

  /**
   * Records, once, that the head was published, in the caller's transaction: before anything that the log is to have
   * behind it (design section 3, "Log").
   */
  recordHeadEdition(): void {
    const event = this.headEdition();
    if (event !== undefined) this.events.append(event);
  }

  /** The event of the head's publication, where it is still to be recorded. */
  headEdition(): PublicationEvent | undefined {
    const head = this.head();
    if (head === undefined || this.events.last('edition')?.sequence === head.sequence) return undefined;
    return { kind: 'edition', cid: head.manifest, time: head.issued, sequence: head.sequence };
  }

  /** The edition of a root CID, where it was ever made or recovered here. */
  editionOf(root: string): Head | undefined {
    return this.#heads.byEdition(root);
  }

  /** Every manifest that was issued, newest first. */
  manifests(limit?: number): Head[] {
    return this.#heads.manifests(limit);
  }

  /** The newest editions whose trees were ever here, the head first. */
  editions(limit: number): Head[] {
    return this.#heads.editions(limit);
  }

  /** Every version of the masthead, version 1 first. */
  mastheads(): StoredMasthead[] {
    return this.#mastheads.list();
  }

  /** Adds the next version of the masthead. */
  addMasthead(masthead: StoredMasthead): void {
    this.#mastheads.add(masthead);
  }

  /** The id of the paper of one's own; nothing in a mirror. Throws as {@link publicationId} does. */
  get ownId(): string | undefined {
    return this.isMirror ? undefined : this.publicationId;
  }

  /** @throws {OvnError} `usage` in a mirror; `damaged` when there is no masthead: `init` did not come to its end. */
  get publicationId(): string {
    requirePaper(this);
    const [first] = this.mastheads();
    if (first !== undefined) return first.cid;
    throw new OvnError('damaged', 'the repository has no masthead: ovn init did not finish', {
      hint: `Move ${SETTINGS} away and run ovn init again: it goes on where it stopped.`,
    });
  }

  /** The categories of the head edition by slug, as its manifest lists them; no prototype, so any slug may be looked up. */
  categories(): Record<string, ManifestCategory> {
    const categories: Record<string, ManifestCategory> = Object.create(null);
    const head = this.head();
    if (head === undefined) return categories;
    return Object.assign(categories, this.manifestOf(head).categories);
  }

  /** The manifest of the head, as it was signed. */
  manifestOf(head: Head): Manifest {
    const bytes = this.blockstore.getBytes(CID.parse(head.manifest));
    if (bytes === undefined)
      throw new OvnError('damaged', `the head's manifest ${head.manifest} is not in the store`);
    return requireManifest(parseManifestJson(bytes));
  }

  /** All that `work` writes is stored together or not at all. It must be synchronous. */
  transaction<T>(work: () => T): T {
    return transaction(this.db, work);
  }

  /** Closes the database; the last process to do so leaves one file. */
  close(): void {
    if (this.db.isOpen) this.db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @throws {OvnError} `usage` in a mirror, for what needs a paper of one's own. */
export function requirePaper({ isMirror }: Pick<Repository, 'isMirror'>): void {
  if (!isMirror) return;
  throw new OvnError('usage', 'this is a mirror, it has no paper of its own', {
    hint: 'ovn init makes a paper in another folder; ovn follow shows what this mirror keeps.',
  });
}
