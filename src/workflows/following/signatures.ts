import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { NOTE_LIMIT, parseNote } from '../../log/note.ts';
import type { Followed } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';

/** Lines of signatures on a signed note; whose they are is not looked at. */
export function countSignatures(note: string | undefined): number {
  try {
    return note === undefined ? 0 : parseNote(Buffer.from(note)).signatures.length;
  } catch (error) {
    if (error instanceof OvnError) return 0;
    throw error;
  }
}

/** Those on the checkpoint of the edition that is held. */
export async function heldSignatures({ edition }: Followed, { blockstore }: Repository): Promise<number> {
  const read = async (cid: CID) => blockstore.getBytes(cid);
  const link =
    edition === null ? undefined : await resolvePath(CID.parse(edition), ['log', 'checkpoint'], read);
  if (link === undefined) return 0;
  return countSignatures(Buffer.from(await readFile(link.cid, read, { limit: NOTE_LIMIT })).toString('utf8'));
}
