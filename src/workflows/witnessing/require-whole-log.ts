import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { nameOfWitness } from './report.ts';
import { logSizeOfHead } from './size-of-log.ts';

/**
 * Demands that no configured witness has seen a longer log than there is here: what were published now would be another
 * history of the same log, and the witnesses would prove it.
 *
 * @throws {OvnError} `damaged`.
 */
export function requireWholeLog(repository: Repository): void {
  const list = repository.settings.witnesses?.list ?? [];
  if (list.length === 0) return;
  const size = logSizeOfHead(repository);
  for (const witness of list) {
    const { seen } = repository.witnesses.state(witness.key);
    if (seen <= size) continue;
    const name = nameOfWitness(witness);
    throw new OvnError(
      'damaged',
      `the witness ${name} has seen ${seen} entries of the log, and ${size} are here: nothing is published until the others are back`,
      {
        hint: 'Was this repository restored from a backup? ovn log recover fetches what is missing. If it is the witness that errs, take it out of ovn.json.',
      },
    );
  }
}
