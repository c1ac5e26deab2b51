import { OvnError } from '../../errors.ts';
import { checkpointKeys } from '../../trust/checkpoint-keys.ts';
import type { Signer } from '../../trust/proof.ts';
import { chooseSigners } from '../../trust/select-key.ts';
import type { EditionContext } from './next-edition.ts';

/**
 * The keys that sign the next checkpoint: those of the role `log`, and once, after that was changed, the ones before.
 *
 * @param held the log keys that are here, former ones too.
 * @throws {OvnError} `key` when they are not enough.
 */
export function checkpointSigners(
  { shared, previous }: Pick<EditionContext, 'shared' | 'previous'>,
  held: readonly Signer[],
): Signer[] {
  const last = previous === undefined || previous.manifest.log.size === 0 ? undefined : previous.manifest;
  const signers = new Map<string, Signer>();
  for (const role of checkpointKeys(shared.mastheads, last?.masthead.version).must) {
    const chosen = chooseSigners(role, held);
    for (const signer of chosen) signers.set(signer.did, signer);
    if (chosen.length === role.threshold) continue;
    const wanted = role.keys.map(({ id }) => id).join(', ');
    throw new OvnError('key', `the log’s checkpoint needs ${role.threshold} of the log keys ${wanted}`, {
      hint: 'ovn key import log FILE takes one in; one that was replaced and is lost is to be revoked: ovn key revoke.',
    });
  }
  return [...signers.values()];
}
