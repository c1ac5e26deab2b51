import { OvnError } from '../errors.ts';
import { isSameHash } from './tree-hash.ts';
import type { TreeHead } from './tree-head.ts';

/** A state of our own log that somebody else showed us, signed by our key. */
export interface SeenHead extends TreeHead {
  /** Where it came from, in words for people. */
  source: string;
}

/**
 * Refuses to let a log grow when others have seen more of it, or something else: it would be a second history under the
 * same name, which every reader with a memory takes for a fraud. A restored backup is how an honest log gets there.
 *
 * @param rootAt the root that our log had at a size, up to its own.
 * @throws {OvnError} `damaged`.
 */
export async function requireNotBehind(
  own: TreeHead,
  rootAt: (size: number) => Promise<Uint8Array>,
  seen: readonly SeenHead[],
): Promise<void> {
  const [largest] = seen.filter(({ size }) => size > own.size).sort((a, b) => b.size - a.size);
  if (largest !== undefined) throw behind(own, largest);
  for (const head of seen) {
    if (!isSameHash(await rootAt(head.size), head.root)) throw forked(head);
  }
}

function behind({ size }: TreeHead, { size: more, source }: SeenHead): OvnError {
  return new OvnError(
    'damaged',
    `the log has ${size} entries here, and had ${more} in ${source}: this repository is not the newest`,
    {
      hint: 'ovn log recover <a newer edition as a CAR file or folder> fetches what is missing; nothing was published.',
    },
  );
}

function forked({ size, source }: SeenHead): OvnError {
  return new OvnError(
    'damaged',
    `the log of ${size} entries was another one in ${source}: there are two histories of this publication`,
    {
      hint: 'Restore a backup from before they parted, then ovn log recover takes in the one that readers have.',
    },
  );
}
