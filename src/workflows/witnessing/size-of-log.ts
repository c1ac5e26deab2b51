import type { Repository } from '../../repo/repository.ts';

/** How many entries the log of the head has; 0 before there is one. */
export function logSizeOfHead(repository: Repository): number {
  const head = repository.head();
  return head === undefined ? 0 : repository.manifestOf(head).log.size;
}
