import { OvnError } from '../../errors.ts';
import { type Proposal, unsignedText } from '../../manifest/proposal.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { type MastheadEffects, type MastheadReport, settleMasthead } from './change-masthead.ts';
import { chainOf } from './record-masthead.ts';

type MastheadProposal = Extract<Proposal, { kind: 'masthead' }>;

/**
 * Takes in a proposed masthead: adds the signatures of the keys that are here, and records it once the thresholds are
 * reached. Until then the file is written anew with what was signed.
 *
 * @throws {OvnError} `exists` when it does not follow the newest masthead here, or is recorded already; `refused` when a signature is wrong.
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

function requireFollows({ mastheads, masthead: proposed }: MastheadProposal, here: VerifiedMastheads): void {
  if (mastheads.publicationId !== here.publicationId) {
    throw new OvnError(
      'refused',
      `the proposal is of publication ${mastheads.publicationId}, not of this one`,
    );
  }
  const { masthead, cid } = here.newest;
  if (mastheads.newest.cid === cid) return;
  const stale = `the proposal does not follow masthead ${masthead.version}, the newest here`;
  const text = unsignedText(proposed);
  const recorded = here.versions.find((version) => unsignedText(version.masthead) === text);
  if (recorded !== undefined) {
    throw new OvnError(
      'exists',
      `${stale}: it is recorded already, as masthead ${recorded.masthead.version}`,
      {
        hint: 'Nothing is left to be done; ovn masthead show shows it.',
      },
    );
  }
  throw new OvnError('exists', stale, {
    hint: 'Another masthead was recorded since: run the command that proposed it again.',
  });
}
