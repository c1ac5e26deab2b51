import type { SignedArticle } from '../../src/bundle/article-json.ts';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { appendEntries } from '../../src/log/append.ts';
import { signCheckpoint } from '../../src/log/checkpoint.ts';
import { EMPTY_TREE_ROOT } from '../../src/log/empty-tree.ts';
import { ENTRY_FORMAT, encodeEntry, type LogEntry, type RevisionKind } from '../../src/log/entry.ts';
import type { NoteSigner } from '../../src/log/note-signature.ts';
import { originOf } from '../../src/log/origin.ts';
import { emptyHead, stateOf, type TreeHead } from '../../src/log/tree-head.ts';
import { verifierOf } from '../../src/log/verifier.ts';
import { buildManifest, type ManifestParts, signManifest } from '../../src/manifest/build-manifest.ts';
import type { Offered, OfferedBundle } from '../../src/reader/offered.ts';
import { buildMasthead, signMasthead } from '../../src/trust/build-masthead.ts';
import { rawKeyOf } from '../../src/trust/did-key.ts';
import { formatInstant } from '../../src/trust/instant.ts';
import { publicationId, type Revocation, type RoleKey, type RoleName } from '../../src/trust/masthead.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { directoryCid, fileCid } from './manifest-parts.ts';
import { testSigner } from './signers.ts';

/** When the papers are made and read, unless a test says otherwise. */
export const PAPER_TIME = new Date('2026-01-10T12:00:00Z');
const DAY = 24 * 60 * 60 * 1000;

const RETRACTION = {
  '@type': 'CorrectionComment',
  kind: 'retraction',
  datePublished: '2026-01-02',
  text: 'It was wrong.',
} as const;

type Files = ReadonlyMap<string, Uint8Array>;

/** An edition as anybody can fetch it. */
export interface PaperEdition {
  sequence: number;
  /** CID of the manifest. */
  cid: string;
  mastheads: Uint8Array[];
  manifest: Uint8Array;
  /** Absent where there is no log. */
  checkpoint: Uint8Array | undefined;
  /** Below `log/`. */
  files: Files;
  root: { name: string; cid: string }[];
  bundles: OfferedBundle[];
  size: number;
}

interface Revision {
  kind: RevisionKind;
  cid: string;
  document: Uint8Array;
}

/** Who signs an article, and how it stands. */
export interface RevisionOptions {
  desk?: Signer;
  categories?: string[];
  /** Instead of the newest masthead. */
  masthead?: number;
  /** Of a retraction: every earlier revision. */
  withheld?: number[];
}

/** What an edition is issued with, where a test wants another than is right. */
export interface IssueOptions {
  now?: Date;
  days?: number;
  signers?: readonly Signer[];
  logSigners?: readonly Signer[];
  manifest?: Partial<ManifestParts>;
  /** What is logged, instead of what has happened. */
  entries?: (due: LogEntry[]) => LogEntry[];
  /** From before there was a log: nothing is logged, what has happened stays due. */
  withoutLog?: boolean;
}

/** A publication with a log, in memory, all its documents signed; bundles are their article.json alone. */
export class LoggedPaper {
  readonly name: string;
  mastheads: Uint8Array[] = [];
  keys: Record<RoleName, Signer[]>;
  deskLimits = new Map<string, string[]>();
  revoked: Revocation[] = [];
  articles = new Map<string, Revision[]>();
  withheld = new Map<string, Set<number>>();
  files = new Map<string, Uint8Array>();
  head: TreeHead = emptyHead();
  editions: PaperEdition[] = [];
  /** What has happened, and is not in the log yet. */
  due: LogEntry[] = [];
  /** Sequences whose `edition` entry is due or logged. */
  recorded = 0;
  #fresh = 0;

  constructor(name = 'paper') {
    this.name = name;
    const one = (role: RoleName) => [testSigner(`${name} ${role} 0`)];
    this.keys = {
      masthead: one('masthead'),
      edition: one('edition'),
      desk: one('desk'),
      log: one('log'),
      name: one('name'),
    };
    this.#addMasthead(this.keys.masthead);
  }

  get id(): string {
    return publicationId(this.mastheads[0]!);
  }

  get origin(): string {
    return originOf(rawKeyOf(testSigner(`${this.name} log 0`).did));
  }

  get newest(): PaperEdition {
    return this.editions.at(-1)!;
  }

  /** The same publication so far, to go on in another way. */
  clone(): LoggedPaper {
    const copy = new LoggedPaper(this.name);
    copy.mastheads = [...this.mastheads];
    copy.keys = { ...this.keys };
    copy.deskLimits = new Map(this.deskLimits);
    copy.revoked = [...this.revoked];
    copy.articles = new Map([...this.articles].map(([id, revisions]) => [id, [...revisions]]));
    copy.withheld = new Map([...this.withheld].map(([id, numbers]) => [id, new Set(numbers)]));
    copy.files = new Map(this.files);
    copy.head = this.head;
    copy.editions = [...this.editions];
    copy.due = [...this.due];
    copy.recorded = this.recorded;
    copy.#fresh = this.#fresh;
    return copy;
  }

  /** A new revision of an article; the first one where there is none. */
  revise(id: string, kind: RevisionKind = 'update', options: RevisionOptions = {}): OfferedBundle {
    const revisions = this.articles.get(id) ?? [];
    const revision = revisions.length + 1;
    const document = this.article(id, revision, kind === 'retraction', options);
    const cid = directoryCid(Buffer.from(document).toString('latin1'));
    const real = revision === 1 ? 'publish' : kind;
    this.articles.set(id, [...revisions, { kind: real, cid, document }]);
    const { withheld } = options;
    const hidden = withheld === undefined ? {} : { withheld };
    const time = formatInstant(PAPER_TIME);
    this.due.push({
      format: ENTRY_FORMAT,
      kind: real,
      article: id,
      revision,
      cid,
      time,
      ...hidden,
    } as LogEntry);
    this.withheld.set(id, new Set([...(this.withheld.get(id) ?? []), ...(withheld ?? [])]));
    return { id, cid, place: 'newest', document };
  }

  /** The bytes of an article.json. */
  article(id: string, revision: number, retracted: boolean, options: RevisionOptions = {}): Uint8Array {
    const categories = options.categories ?? ['science'];
    const article: Omit<SignedArticle, 'proof'> = {
      '@context': ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'],
      '@type': 'NewsArticle',
      format: 'ovn-article/1',
      template: 1,
      publication: {
        id: this.id,
        masthead: options.masthead ?? this.mastheads.length,
        name: 'Paper',
        tagline: 'Yours.',
      },
      identifier: id,
      revision,
      ...(revision === 1 ? {} : { previous: directoryCid(`${id} ${revision - 1}`) }),
      status: retracted ? 'retracted' : 'published',
      headline: `Revision ${revision} of ${id}`,
      articleSection: categories,
      categories: categories.map((slug) => ({ slug, name: slug })),
      datePublished: '2026-01-01',
      dateModified: '2026-01-01',
      inLanguage: 'en',
      encodingFormat: 'text/markdown',
      articleBody: options.withheld === undefined ? 'Text.\n' : '',
      ...(options.withheld === undefined ? {} : { withheld: options.withheld }),
      ...(retracted ? { correction: [RETRACTION] } : {}),
      files: [],
    };
    return canonicalBytes(signDocument(article, [options.desk ?? this.keys.desk.at(-1)!]));
  }

  /** Puts a new key in a role beside the others, or in the place of all of them. */
  addKey(
    role: RoleName,
    { instead = true, categories }: { instead?: boolean; categories?: string[] } = {},
  ): Signer {
    this.#fresh++;
    const signer = testSigner(`${this.name} ${role} ${this.#fresh}`);
    if (categories !== undefined) this.deskLimits.set(signer.did, categories);
    const before = this.keys.masthead;
    this.keys = { ...this.keys, [role]: instead ? [signer] : [...this.keys[role], signer] };
    this.changeMasthead(before);
    return signer;
  }

  /** Takes a key away, for all entries from one on. */
  revoke(role: RoleName, did: string, fromEntry: number): void {
    const before = this.keys.masthead;
    this.keys = { ...this.keys, [role]: this.keys[role].filter((signer) => signer.did !== did) };
    this.revoked = [...this.revoked, { id: did, fromEntry }];
    this.changeMasthead(before);
  }

  /** A new masthead of what the roles are now, recorded behind the edition that it comes after. */
  changeMasthead(before: readonly Signer[] = this.keys.masthead): void {
    this.#recordEdition();
    this.#addMasthead([...before, ...this.keys.masthead]);
  }

  /** Logs what has happened, and issues the next edition. */
  async issue(options: IssueOptions = {}): Promise<PaperEdition> {
    const sequence = this.editions.length + 1;
    if (options.withoutLog !== true) await this.#log(options.entries ?? ((due) => due));
    const log =
      this.head.size === 0
        ? { origin: this.origin, size: 0, root: EMPTY_TREE_ROOT }
        : stateOf(this.origin, this.head);
    const root = this.#root();
    const now = options.now ?? new Date(PAPER_TIME.getTime() + sequence * 1000);
    const manifest = signManifest(
      buildManifest({
        publication: { id: this.id, name: 'Paper', tagline: 'Yours.', language: 'en' },
        masthead: { version: this.mastheads.length, cid: rawCid(this.mastheads.at(-1)!).toString() },
        sequence,
        ...(sequence === 1 ? {} : { previous: this.newest.cid }),
        issued: now,
        expires: new Date(now.getTime() + (options.days ?? 30) * DAY),
        articles: { cid: root.find(({ name }) => name === 'articles')!.cid, count: this.articles.size },
        categories: {},
        entries: root,
        log,
        ...options.manifest,
      }),
      options.signers ?? [this.keys.edition.at(-1)!],
    );
    const signers = (options.logSigners ?? this.keys.log).map((signer) => this.noteSigner(signer));
    const edition = {
      sequence,
      cid: rawCid(manifest).toString(),
      mastheads: [...this.mastheads],
      manifest,
      checkpoint: this.head.size === 0 ? undefined : signCheckpoint(this.origin, this.head, signers),
      files: new Map(this.files),
      root: [
        ...root,
        { name: 'manifest.json', cid: rawCid(manifest).toString() },
        ...(this.head.size === 0 ? [] : [{ name: 'log', cid: directoryCid(`log ${this.head.size}`) }]),
      ],
      bundles: this.bundles(),
      size: this.head.size,
    };
    this.editions.push(edition);
    return edition;
  }

  /** Every bundle that an edition of now holds. */
  bundles(): OfferedBundle[] {
    return [...this.articles].flatMap(([id, revisions]) =>
      revisions.flatMap(({ cid, document }, at): OfferedBundle[] => {
        if (at === revisions.length - 1) return [{ id, cid, place: 'newest', document }];
        return this.withheld.get(id)?.has(at + 1) ? [] : [{ id, cid, place: at + 1, document }];
      }),
    );
  }

  noteSigner({ did, privateKey }: Signer): NoteSigner {
    return { verifier: verifierOf(this.origin, rawKeyOf(did), 'ed25519'), privateKey };
  }

  #root(): { name: string; cid: string }[] {
    const state = [...this.articles].map(([id, revisions]) => `${id} ${revisions.at(-1)!.cid}`).join('\n');
    return [
      { name: 'articles', cid: directoryCid(state) },
      { name: 'index.html', cid: fileCid(state) },
    ];
  }

  #recordEdition(): void {
    if (this.editions.length === 0 || this.recorded >= this.editions.length) return;
    // Editions from before the log are recorded with the first that follows.
    for (const { sequence, cid } of this.editions.slice(this.recorded)) {
      this.due.push({ format: ENTRY_FORMAT, kind: 'edition', sequence, cid });
    }
    this.recorded = this.editions.length;
  }

  async #log(choose: (due: LogEntry[]) => LogEntry[]): Promise<void> {
    const before = this.due;
    this.due = before.filter(({ kind }) => kind === 'masthead' || kind === 'edition');
    this.#recordEdition();
    const due = [...this.due, ...before.filter(({ kind }) => kind !== 'masthead' && kind !== 'edition')];
    this.due = [];
    await this.append(choose(due).map(encodeEntry));
  }

  /** Puts entries into the log, whatever they say. */
  async append(entries: readonly Uint8Array[]): Promise<void> {
    const read = async (path: readonly string[]) => this.files.get(path.join('/'));
    const { head, files, removed } = await appendEntries(this.head, entries, read);
    for (const path of removed) this.files.delete(path.join('/'));
    for (const { path, bytes } of files) this.files.set(path.join('/'), Uint8Array.from(bytes));
    this.head = head;
  }

  #addMasthead(signers: readonly Signer[]): void {
    const keysOf = (role: RoleName): RoleKey[] =>
      this.keys[role].map(({ did }) => {
        const categories = this.deskLimits.get(did);
        return categories === undefined ? { id: did } : { id: did, categories };
      });
    const version = this.mastheads.length + 1;
    const bytes = signMasthead(
      buildMasthead({
        version,
        expires: new Date('2030-01-01T00:00:00Z'),
        origin: this.origin,
        keys: {
          masthead: keysOf('masthead'),
          edition: keysOf('edition'),
          desk: keysOf('desk'),
          log: keysOf('log'),
          name: keysOf('name'),
        },
        ...(this.revoked.length === 0 ? {} : { revoked: this.revoked }),
      }),
      [...new Map(signers.map((signer) => [signer.did, signer])).values()],
    );
    this.mastheads.push(bytes);
    const cid = rawCid(bytes).toString();
    const time = formatInstant(PAPER_TIME);
    this.due.push({ format: ENTRY_FORMAT, kind: 'masthead', version, cid, time });
  }
}

/** An edition as it is handed to a reader who looks at all of it; tests overlay what they forge. */
export function offer(edition: PaperEdition, over: Partial<Offered> = {}): Offered {
  const { mastheads, manifest, checkpoint, files, root, bundles } = edition;
  return {
    mastheads,
    manifest,
    checkpoint,
    readTile: async (path) => files.get(path.join('/')),
    name: undefined,
    looked: { kind: 'edition', root, bundles },
    ...over,
  };
}
