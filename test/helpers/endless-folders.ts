import type { BlockSink, Link } from '../../src/unixfs/block.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';

/**
 * Folders of which each holds the one below it under all names of its level: a handful of blocks, and as many paths as the
 * product of the levels.
 */
export async function endlessFolders(
  levels: readonly (readonly string[])[],
  below: Link,
  sink: BlockSink,
): Promise<Link> {
  let link = below;
  for (const names of levels.toReversed()) {
    const { cid } = link;
    link = await addDirectory(
      names.map((name) => ({ name, cid, size: 0 })),
      sink,
    );
  }
  return link;
}

/** `count` names, numbered with so many digits. */
export function numbered(count: number, digits: number, prefix = ''): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${String(at).padStart(digits, '0')}`);
}
