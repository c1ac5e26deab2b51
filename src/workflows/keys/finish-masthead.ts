import { canonicalBytes } from '../../bundle/canonical-json.ts';
import { OvnError } from '../../errors.ts';
import type { Proposal } from '../../manifest/proposal.ts';
import { formatProposal } from '../../manifest/proposal.ts';
import { missingSignatures } from '../../manifest/sign-proposal.ts';
import { countersign } from '../../trust/countersign.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import {
  loadMastheadSigners,
  type MastheadEffects,
  type MastheadReport,
  reportOf,
} from './change-masthead.ts';
import { chainOf, recordMasthead } from './record-masthead.ts';

/**
 * Takes in a proposed masthead: adds the signatures of the keys that are here, and records it once the thresholds are
 * reached. Until then the file is written anew with what was signed.
 *
 * @throws {OvnError} `exists` when it does not follow the newest masthead here; `refused` when a signature is wrong.
 */
export async function finishMasthead(
  proposal: Proposal,
  effects: MastheadEffects,
  { dryRun }: { dryRun: boolean },
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
  const { repository, now } = effects;
  await using _lock = await effects.lock();
  requireFollows(proposal, chainOf(repository));
  const masthead = countersign(proposal.masthead, await loadMastheadSigners(proposal, effects));
  const signed = { ...proposal, masthead };
  const missing = missingSignatures(signed);
  const report = reportOf(proposal.mastheads.newest.masthead, masthead);
  if (dryRun) return { ...report, status: 'planned', missing };
  if (missing.length > 0) {
    const path = effects.writeProposal('', formatProposal(signed));
    return { ...report, status: 'proposed', proposal: path, missing };
  }
  return { ...report, masthead: recordMasthead(repository, canonicalBytes(masthead), now).cid };
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
