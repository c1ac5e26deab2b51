import { appendEntries } from '../../log/append.ts';
import { signCheckpoint } from '../../log/checkpoint.ts';
import { emptyLog, type LogState } from '../../log/empty-tree.ts';
import { ENTRY_FORMAT, encodeEntry, type LogEntry } from '../../log/entry.ts';
import type { NoteSigner } from '../../log/note-signature.ts';
import type { TileReader } from '../../log/tile-reader.ts';
import { headOf, stateOf, type TreeHead } from '../../log/tree-head.ts';
import { verifierOf } from '../../log/verifier.ts';
import type { PublicationEvent } from '../../repo/events.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import { rawKeyOf } from '../../trust/did-key.ts';
import type { Signer } from '../../trust/proof.ts';
import type { BlockReader, BlockSink, Link } from '../../unixfs/block.ts';
import { addFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import type { EditionContext } from './next-edition.ts';

/** The log that goes into the next edition. */
export interface NextLog {
  /** `log/` */
  link: Link;
  state: LogState;
  /** What its new entries tell that is not recorded yet, in their order; recorded when the edition is committed. */
  events: PublicationEvent[];
}

/**
 * Adds to the log what the next edition tells: what was recorded since the head, that the head was published, and its own
 * revisions in the order of their articles. A head from before there was a log has none of what is recorded.
 *
 * @param signers of the checkpoint: the keys of the role `log`.
 * @param time of the edition, UTC, whole seconds.
 */
export async function growLog(
  context: EditionContext,
  staged: readonly StagedRevision[],
  signers: readonly Signer[],
  time: string,
): Promise<NextLog> {
  const { repository, previous, shared, read, sink } = context;
  const { origin } = shared.mastheads;
  const before = previous?.manifest.log ?? emptyLog(origin);
  const folder = before.size === 0 ? undefined : await previous?.tree.get(['log']);
  const tree = folder === undefined ? Tree.empty(read) : Tree.open(folder, read);
  const growing = new GrowingLog(tree, headOf(before), read, sink);
  const versions = new Map(repository.mastheads().map(({ cid, version }) => [cid, version]));
  const append = (events: readonly PublicationEvent[]): Promise<void> =>
    growing.append(events.map((event) => encodeEntry(entryOf(event, versions))));
  for (let from = before.size + 1; from <= repository.events.count(); from += BATCH) {
    await append(repository.events.list({ from, limit: BATCH }));
  }
  const events = newEvents(context, staged, time);
  await append(events);
  const note = signCheckpoint(
    origin,
    growing.head,
    signers.map((signer) => noteSigner(origin, signer)),
  );
  await tree.set(['checkpoint'], await addFile(note, sink));
  return { link: await tree.write(sink), state: stateOf(origin, growing.head), events };
}

/** Entries that are in memory at a time, where many were recorded and are in no log yet. */
const BATCH = 65_536;

/** A log's folder that grows. What it wrote last may not be in the store yet, so it is kept at hand. */
class GrowingLog {
  head: TreeHead;
  readonly #tree: Tree;
  readonly #sink: BlockSink;
  readonly #stored: TileReader;
  /** The partial tiles and bundles of the right edge. */
  #edge = new Map<string, Uint8Array>();

  constructor(tree: Tree, head: TreeHead, read: BlockReader, sink: BlockSink) {
    this.#tree = tree;
    this.head = head;
    this.#sink = sink;
    this.#stored = tileReader(tree, read);
  }

  async append(entries: readonly Uint8Array[]): Promise<void> {
    const { head, files, removed } = await appendEntries(this.head, entries, async (path, limit) => {
      return this.#edge.get(path.join('/')) ?? this.#stored(path, limit);
    });
    for (const path of removed) {
      this.#edge.delete(path.join('/'));
      await this.#tree.remove(path);
    }
    for (const { path, bytes } of files) {
      if (path.at(-2)?.endsWith('.p')) this.#edge.set(path.join('/'), bytes);
      await this.#tree.set(path, await addFile(bytes, this.#sink));
    }
    this.head = head;
  }
}

function newEvents(
  { repository, head }: EditionContext,
  staged: readonly StagedRevision[],
  time: string,
): PublicationEvent[] {
  const sequence = (head?.sequence ?? 0) + 1;
  const edition = repository.headEdition();
  const revisions = staged.map(
    ({ entry: { id, revision, cid }, kind, withheld }): PublicationEvent => ({
      kind,
      article: id,
      revision,
      cid,
      time,
      sequence,
      ...(withheld === undefined ? {} : { withheld }),
    }),
  );
  return [...(edition === undefined ? [] : [edition]), ...revisions.sort(byArticle)];
}

function byArticle(a: PublicationEvent, b: PublicationEvent): number {
  return (a.article ?? '') < (b.article ?? '') ? -1 : 1;
}

/**
 * What was recorded, as an entry of the log.
 *
 * @param versions of the mastheads, by CID.
 */
export function entryOf(event: PublicationEvent, versions: ReadonlyMap<string, number>): LogEntry {
  const { kind, cid, time, sequence, article = '', revision = 0, withheld } = event;
  const format = ENTRY_FORMAT;
  if (kind === 'edition') return { format, kind, sequence, cid };
  if (kind === 'masthead') return { format, kind, version: versions.get(cid) ?? 0, cid, time };
  return { format, kind, article, revision, cid, time, ...(withheld === undefined ? {} : { withheld }) };
}

function noteSigner(origin: string, { did, privateKey }: Signer): NoteSigner {
  return { verifier: verifierOf(origin, rawKeyOf(did), 'ed25519'), privateKey };
}
