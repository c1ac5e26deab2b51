import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { openCheckpoint, parseCheckpoint } from '../log/checkpoint.ts';
import { NOTE_LIMIT, parseNote } from '../log/note.ts';
import { requireNotBehind } from '../log/require-not-behind.ts';
import { decodeHash, encodeBase64 } from '../log/text.ts';
import { TileTree } from '../log/tile-tree.ts';
import { isSameHash } from '../log/tree-hash.ts';
import { emptyHead, headOf, type TreeHead } from '../log/tree-head.ts';
import type { Repository } from '../repo/repository.ts';
import { formatInstant } from '../trust/instant.ts';
import { logIdentity } from '../trust/log-identity.ts';
import { readMastheads } from '../trust/masthead-chain.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { resolvePath } from '../unixfs/directory.ts';
import { readFile } from '../unixfs/file.ts';
import { Tree } from '../unixfs/tree.ts';
import { tileReader } from './log-of-edition.ts';
import type { PreviousEdition } from './publishing/next-edition.ts';

const PASSED_OVER: readonly string[] = ['malformed', 'limit', 'not-found', 'refused'];

/**
 * Remembers a checkpoint of this publication's log that came from outside: a witness, an imported edition, a mirror. What
 * others have seen, {@link requireNewest} demands of us.
 *
 * @param source where it came from, in words for people.
 * @returns false for the checkpoint of another log, of which nothing is kept.
 * @throws {OvnError} `malformed` or `limit` for bytes that are none; `refused` when the log's key did not sign it.
 */
export function noteCheckpoint(
  repository: Repository,
  bytes: Uint8Array,
  source: string,
  now: Date,
): boolean {
  const identity = logIdentity(
    readMastheads(repository.mastheads().map((masthead) => masthead.bytes)).newest.masthead,
  );
  if (parseCheckpoint(parseNote(bytes).text).origin !== identity.origin) return false;
  const { origin, size, root } = openCheckpoint(bytes, identity);
  const note = Buffer.from(bytes).toString('utf8');
  const seen = formatInstant(now);
  repository.transaction(() =>
    repository.seenCheckpoints.note({ origin, size, root: encodeBase64(root), note, source, seen }),
  );
  return true;
}

/**
 * Remembers the checkpoint of an edition that was taken in, if it is one of this publication's. What is no such edition, or
 * has a checkpoint that the log did not sign, is passed over: it says nothing of us.
 *
 * @returns whether there was one.
 */
export async function noteEdition(
  repository: Repository,
  root: CID,
  source: string,
  { read, now }: { read: BlockReader; now: Date },
): Promise<boolean> {
  try {
    const link = await resolvePath(root, ['log', 'checkpoint'], read);
    if (link === undefined) return false;
    return noteCheckpoint(repository, await readFile(link.cid, read, { limit: NOTE_LIMIT }), source, now);
  } catch (error) {
    if (error instanceof OvnError && PASSED_OVER.includes(error.code)) return false;
    throw error;
  }
}

/**
 * Remembers the checkpoints that mirrors show of this publication's log, where they are of a longer log than ours or of another one: what
 * we had ourselves tells nothing. What is no checkpoint of ours is passed over, whoever shows it.
 */
export async function noteShown(
  repository: Repository,
  shown: readonly { from: string; note: Uint8Array }[],
  { previous, read, now }: { previous: PreviousEdition | undefined; read: BlockReader; now: Date },
): Promise<void> {
  const own = ownHead(previous);
  const rootAt = rootsOf(previous, read);
  for (const { from, note } of shown) {
    try {
      const { size, root } = parseCheckpoint(parseNote(note).text);
      if (size > own.size || !isSameHash(await rootAt(size), root))
        noteCheckpoint(repository, note, from, now);
    } catch (error) {
      if (!(error instanceof OvnError) || !PASSED_OVER.includes(error.code)) throw error;
    }
  }
}

/**
 * Refuses to publish behind, or beside, what others have seen of this publication.
 *
 * @param previous the head; nothing where nothing was published.
 * @throws {OvnError} `damaged`, naming what was seen where.
 */
export async function requireNewest(
  repository: Repository,
  previous: PreviousEdition | undefined,
  read: BlockReader,
): Promise<void> {
  const stored = repository.seenCheckpoints.list();
  if (stored.length === 0) return;
  const seen = stored.flatMap(({ size, root, source }) => {
    const bytes = decodeHash(root);
    return bytes === undefined ? [] : [{ size, root: bytes, source }];
  });
  await requireNotBehind(ownHead(previous), rootsOf(previous, read), seen);
}

function ownHead(previous: PreviousEdition | undefined): TreeHead {
  return previous === undefined ? emptyHead() : headOf(previous.manifest.log);
}

/** The roots that the log of an edition had, by its sizes so far. */
function rootsOf(
  previous: PreviousEdition | undefined,
  read: BlockReader,
): (size: number) => Promise<Uint8Array> {
  const own = ownHead(previous);
  return async (size) => {
    if (previous === undefined || size === own.size) return own.root;
    const folder = await previous.tree.get(['log']);
    const log = folder === undefined ? Tree.empty(read) : Tree.open(folder, read);
    return (await TileTree.open(own, tileReader(log, read))).rootAt(size);
  };
}
