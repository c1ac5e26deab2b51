import { OvnError } from '../../errors.ts';
import type { Proposal } from '../../manifest/proposal.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { type MastheadEffects, type MastheadReport, settleMasthead } from './change-masthead.ts';
import { chainOf } from './record-masthead.ts';

/**
 * Takes in a proposed masthead: adds the signatures of the keys that are here, and records it once the thresholds are
 * reached. Until then the file is written anew with what was signed.
 *
 * @throws {OvnError} `exists` when it does not follow the newest masthead here; `refused` when a signature is wrong.
 */
export async function finishMasthead(
  proposal: Proposal,
  effects: MastheadEffects,
  options: { dryRun: boolean },
): Promise<MastheadReport> {
  if (proposal.kind !== 'masthead') {
    throw new OvnError(
      'usage',
      `the file proposes ${proposal.kind === 'manifest' ? 'a manifest' : 'articles'}`,
      {
        hint: 'ovn publish --finish FILE takes it in.',
      },
    );
  }
  await using _lock = await effects.lock();
  requireFollows(proposal, chainOf(effects.repository));
  return await settleMasthead(proposal, effects, options);
}

function requireFollows({ mastheads }: Proposal, here: VerifiedMastheads): void {
  if (mastheads.publicationId !== here.publicationId) {
    throw new OvnError(
      'refused',
      `the proposal is of publication ${mastheads.publicationId}, not of this one`,
    );
  }
  const { masthead, cid } = here.newest;
  if (mastheads.newest.cid === cid) return;
  throw new OvnError('exists', `the proposal does not follow masthead ${masthead.version}, the newest here`, {
    hint: 'Another masthead was recorded since: run the command that proposed it again.',
  });
}
