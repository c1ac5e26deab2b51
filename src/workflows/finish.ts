import { canonicalBytes, canonicalize } from '../bundle/canonical-json.ts';
import { OvnError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Proposal, unsignedText } from '../manifest/proposal.ts';
import { missingSignatures } from '../manifest/sign-proposal.ts';
import { locate } from '../repo/source-files.ts';
import type { PartlySigned } from '../trust/countersign.ts';
import { isExpired } from '../trust/instant.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Signer } from '../trust/proof.ts';
import {
  addOwn,
  type GivenArticles,
  type ProposedPublication,
  proofsOf,
  proposePublication,
} from './propose.ts';
import { type PublishEffects, type PublishOptions, publishAs } from './publish.ts';
import { type Ending, SIGNED_HERE } from './publishing/ending.ts';
import type { PublishReport } from './publishing/report.ts';

type ManifestProposal = Proposal & { kind: 'manifest' };
type FinishOptions = Pick<PublishOptions, 'dryRun' | 'listUnchanged'>;

/**
 * Finishes a proposed publication. Everything is made anew from the sources, at the moment that the proposal names, and
 * must come to the same manifest byte for byte; then it is committed as `publish` does. Of proposed articles only the
 * signatures are taken, and the publication is one of now.
 *
 * @throws {OvnError} `exists` when the head has moved on; `source` when the sources have; `incomplete` when signatures are
 * missing; `refused` when one is wrong.
 */
export async function finishPublication(
  proposal: Proposal,
  options: FinishOptions,
  effects: PublishEffects,
): Promise<PublishReport> {
  const { call, articles } = requirePublication(proposal, effects);
  const full = { ...options, ...callOptions(call, effects) };
  const proofs = proofsOf(articles);
  if (proposal.kind === 'articles') return await publishAs({ ...SIGNED_HERE, proofs }, full, effects);
  const { manifest } = proposal as ManifestProposal;
  const ending: Ending = {
    always: true,
    commits: true,
    proofs,
    expect: (mastheads, held) => {
      requireFollows(manifest, effects);
      complete(proposal as ManifestProposal, mastheads, held);
    },
    sign: (made, mastheads, held) => {
      requireSame(made, manifest);
      return canonicalBytes(complete(proposal as ManifestProposal, mastheads, held));
    },
  };
  const now = new Date(manifest.issued);
  const clock = { ...effects.clock, upTo: now.getTime() };
  return await publishAs(ending, full, { ...effects, now, clock });
}

/** Proposes the manifest of a publication whose articles were signed elsewhere. */
export async function proposeWithArticles(
  proposal: Proposal,
  options: FinishOptions,
  effects: PublishEffects,
): Promise<ProposedPublication> {
  const { call, articles } = requirePublication(proposal, effects);
  return await proposePublication({ ...options, ...callOptions(call, effects) }, articles, effects);
}

function callOptions(
  { paths, future }: { paths: readonly string[]; future: boolean },
  { repository }: PublishEffects,
): Pick<PublishOptions, 'paths' | 'allowFuture'> {
  return { paths: paths.map((path) => locate(repository.dir, path)), allowFuture: future };
}

function requirePublication(
  proposal: Proposal,
  { repository, now }: PublishEffects,
): { call: { paths: string[]; future: boolean }; articles: GivenArticles } {
  if (proposal.kind === 'masthead') {
    throw new OvnError('usage', 'the file proposes a masthead', {
      hint: 'ovn masthead sign FILE takes it in.',
    });
  }
  if (proposal.mastheads.publicationId !== repository.publicationId) {
    throw new OvnError(
      'refused',
      `the proposal is of publication ${proposal.mastheads.publicationId}, not of this`,
    );
  }
  if (proposal.mastheads.newest.cid !== repository.mastheads().at(-1)?.cid) {
    throw stale('another masthead was recorded since the proposal');
  }
  missingSignatures(proposal); // refuses wrong ones
  if (proposal.kind === 'articles') return proposal;
  requireFollows(proposal.manifest, { repository });
  if (isExpired(proposal.manifest.expires, now)) {
    throw stale(`the proposed manifest expired ${proposal.manifest.expires}`);
  }
  return proposal;
}

/** The head must be where it was when this was proposed: nobody's edition is lost. */
function requireFollows(
  { sequence, previous }: PartlySigned<Manifest>,
  { repository }: Pick<PublishEffects, 'repository'>,
): void {
  const head = repository.head();
  if ((head?.sequence ?? 0) + 1 === sequence && head?.manifest === previous) return;
  throw stale(`the proposal is of edition ${sequence}; edition ${head?.sequence ?? 0} is the head now`);
}

/** The proposed manifest with the signatures of the keys here, if they are enough now. */
function complete(
  proposal: ManifestProposal,
  mastheads: VerifiedMastheads,
  held: readonly Signer[],
): PartlySigned<Manifest> {
  const manifest = addOwn(proposal.manifest, mastheads, held);
  const [missing] = missingSignatures({ ...proposal, manifest });
  if (missing === undefined) return manifest;
  const { threshold, signed, waiting } = missing;
  throw new OvnError('incomplete', `${signed} of ${threshold} edition keys have signed; the head stays`, {
    hint: `Still to sign, with ovn sign FILE: ${waiting.join(', ')}`,
  });
}

function requireSame(made: Manifest, proposed: PartlySigned<Manifest>): void {
  if (unsignedText(made) === unsignedText(proposed)) return;
  const { proof: _proof, ...expected } = proposed;
  const names = new Set([...Object.keys(made), ...Object.keys(expected)]);
  const differing = [...names].filter((name) => memberText(made, name) !== memberText(expected, name));
  throw new OvnError(
    'source',
    `what would be published is not what was proposed and signed: ${differing.join(', ')} differ`,
    { hint: 'Sources or ovn.json changed since: undo that, or propose it again.' },
  );
}

function memberText(document: object, name: string): string {
  const found = Object.entries(document).find(([member]) => member === name);
  return canonicalize(found ?? []);
}

function stale(why: string): OvnError {
  return new OvnError('exists', `${why}: it can no longer be finished`, {
    hint: 'ovn publish --propose FILE proposes what there is now.',
  });
}
