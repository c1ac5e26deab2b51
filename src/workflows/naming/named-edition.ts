import { OvnError } from '../../errors.ts';
import { formatName } from '../../node/names/name.ts';
import { splitPath } from '../../node/names/split-path.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';

type Editions = Pick<Repository, 'editionOf'>;

/** The edition of this repository that a record leads to. */
export function editionAt({ value }: { value: string }, repository: Editions): Head | undefined {
  const root = rootOf(value);
  return root === undefined ? undefined : repository.editionOf(root);
}

/** The editions of this repository that our own names lead to, by their roots: they stay, as long as a name leads there (invariant 2). */
export function namedEditions(
  repository: Editions & Pick<Repository, 'names'>,
): { root: string; name: string }[] {
  return repository.names.own().flatMap((record) => {
    const root = rootOf(record.value);
    const isHere = root !== undefined && repository.editionOf(root) !== undefined;
    return isHere ? [{ root, name: formatName(record.name) }] : [];
  });
}

/** The CID that a path consists of. */
function rootOf(value: string): string | undefined {
  try {
    const path = splitPath(value);
    return path.kind === 'cid' && path.rest.replace('/', '') === '' ? path.cid.toString() : undefined;
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}
