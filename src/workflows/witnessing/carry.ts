import { formatNote, type NoteSignature, withSignatures } from '../../log/note.ts';
import { parseVerifierKey } from '../../log/verifier.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { addFile } from '../../unixfs/file.ts';
import { type LogOfHead, openLogOfHead } from '../log-of-head.ts';

export interface CarryEffects {
  repository: Repository;
  node: { read: BlockReader; put(blocks: Iterable<Block>): Promise<void> };
  /** That of publications: the head must not move meanwhile. */
  lock(): Promise<AsyncDisposable>;
}

/**
 * Replaces `log/checkpoint` of the head by the same text with the cosignatures that are stored: another root, the same
 * manifest, the same sequence. A crash before the transaction leaves the former root and some blocks that nothing points
 * at; the next run carries them again.
 */
export async function carryCosignatures(effects: CarryEffects): Promise<void> {
  const { repository, node } = effects;
  if ((await cosignedNote(repository, node.read)) === undefined) return;
  await using _lock = await effects.lock();
  const cosigned = await cosignedNote(repository, node.read);
  if (cosigned === undefined) return;
  const { head, edition } = cosigned.log;
  const blocks: Block[] = [];
  const sink = (block: Block): void => void blocks.push(block);
  await edition.set(['log', 'checkpoint'], await addFile(cosigned.bytes, sink));
  const root = (await edition.write(sink)).cid.toString();
  await node.put(blocks);
  repository.transaction(() => {
    repository.replaceEdition(head, root);
    repository.pins.markComplete([root]);
  });
}

/** The head's checkpoint with all that is stored; nothing where it bears that already. */
async function cosignedNote(
  repository: Repository,
  read: BlockReader,
): Promise<{ log: LogOfHead; bytes: Uint8Array } | undefined> {
  const stored = repository.witnesses.cosignatures(repository.head()?.sequence ?? 0);
  if (stored.length === 0) return undefined;
  const log = await openLogOfHead(repository, read);
  if (log === undefined) return undefined;
  const lines = repository.witnesses.cosignatures(log.head.sequence).map(lineOf);
  const bytes = formatNote(withSignatures(log.checkpoint.note, lines));
  return Buffer.compare(bytes, formatNote(log.checkpoint.note)) === 0 ? undefined : { log, bytes };
}

function lineOf({ key, signature }: { key: string; signature: Uint8Array }): NoteSignature {
  const { name, keyId } = parseVerifierKey(key);
  return { name, keyId, signature };
}
