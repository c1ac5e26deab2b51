import type { ArticleDocument } from '../article/document.ts';
import { canonicalBytes } from '../bundle/canonical-json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Proposal, ProposedArticle, ProposedCall } from '../manifest/proposal.ts';
import { namedSource } from '../repo/source-files.ts';
import { countersign, type PartlySigned } from '../trust/countersign.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Proof, Signer } from '../trust/proof.ts';
import { chooseSigners } from '../trust/select-key.ts';
import { lockPaper } from './lock-paper.ts';
import { type PublishEffects, type PublishOptions, publishAs } from './publish.ts';
import { makeRevision } from './publishing/bundles.ts';
import { decodePictures } from './publishing/decode-pictures.ts';
import { articleKey, canSign, partlySign } from './publishing/desk.ts';
import { bundleContext } from './publishing/due-revisions.ts';
import type { Ending } from './publishing/ending.ts';
import { planReleased } from './publishing/plan-released.ts';
import type { PublishReport } from './publishing/report.ts';
import { addShared } from './publishing/shared.ts';

/** Articles that were signed elsewhere. */
export type GivenArticles = readonly PartlySigned<ProposedArticle>[];

/** What a proposed publication comes to. */
export interface ProposedPublication {
  /** Nothing: there is nothing to publish. */
  proposal: Proposal | undefined;
  /** What would be published; nothing while articles wait for signatures, because the edition holds those. */
  report: PublishReport | undefined;
}

/**
 * Makes a publication as `publish` does, and stores it, but for the signatures that are not to be had here: the head
 * stays. Where desk keys elsewhere must sign articles first, those are proposed, else the manifest.
 *
 * @param given articles that were signed elsewhere before.
 */
export async function proposePublication(
  options: PublishOptions,
  given: GivenArticles,
  effects: PublishEffects,
): Promise<ProposedPublication> {
  const call = callOf(options, effects);
  const articles = await findUnsigned(options, given, effects);
  if (articles.documents.length > 0) {
    const { mastheads, documents } = articles;
    return { proposal: { kind: 'articles', mastheads, articles: documents, call }, report: undefined };
  }
  let proposal: Proposal | undefined;
  const ending: Ending = {
    always: false,
    commits: false,
    proofs: proofsOf(given),
    expect: () => {},
    sign: (manifest, mastheads, held) => {
      const signed = addOwn(manifest, mastheads, held);
      proposal = { kind: 'manifest', mastheads, manifest: signed, articles: [...given], call };
      return canonicalBytes(signed);
    },
  };
  const report = await publishAs(ending, options, effects);
  return { proposal, report };
}

/** Adds edition keys that are here, as many as the threshold still needs. */
export function addOwn(
  manifest: PartlySigned<Manifest>,
  { newest }: VerifiedMastheads,
  held: readonly Signer[],
): PartlySigned<Manifest> {
  const role = newest.masthead.roles.edition;
  const there = new Set(manifest.proof?.map(({ verificationMethod }) => verificationMethod.split('#')[0]));
  const others = { ...role, keys: role.keys.filter(({ id }) => !there.has(id)) };
  return countersign(
    manifest,
    chooseSigners(others, held).slice(0, Math.max(0, role.threshold - there.size)),
  );
}

/** Signatures from elsewhere, as the desk looks them up. */
export function proofsOf(given: GivenArticles): Record<string, Proof[]> {
  return Object.fromEntries(given.map((article) => [articleKey(article), article.proof ?? []]));
}

/** The due articles that the desk keys here and the signatures given are not enough for. */
async function findUnsigned(
  options: PublishOptions,
  given: GivenArticles,
  effects: PublishEffects,
): Promise<{ mastheads: VerifiedMastheads; documents: PartlySigned<ProposedArticle>[] }> {
  const { repository, now, signal } = effects;
  const { paths, allowFuture } = options;
  await using _lock = await lockPaper(effects);
  const { plan } = await planReleased(effects, {
    paths: paths.length === 0 ? [repository.articlesDir] : paths,
    whole: paths.length === 0,
    allowFuture,
    now,
    signal,
  });
  const { due } = plan;
  const shared = await addShared(repository, () => {});
  const { mastheads } = shared;
  const documents: PartlySigned<ProposedArticle>[] = [];
  if (due.length === 0) return { mastheads, documents };
  await decodePictures(plan, options, effects);
  const context = await bundleContext(shared, { proofs: proofsOf(given), elsewhere: true }, effects);
  const { role } = context.desk;
  for (const article of due) {
    const slugs = article.article.categories.map(({ slug }) => slug);
    if (canSign(context.desk, slugs)) continue;
    await makeRevision(article, context, (document) => {
      const signed = partlySign(document, context.desk);
      if ((signed.proof?.length ?? 0) < role.threshold) documents.push(proposed(signed));
      return { document: signed, bytes: canonicalBytes(signed) };
    });
  }
  return { mastheads, documents };
}

function proposed(document: PartlySigned<ArticleDocument>): PartlySigned<ProposedArticle> {
  return document;
}

/** The call in a form that finishing it in the same repository understands. */
function callOf({ paths, allowFuture }: PublishOptions, { repository }: PublishEffects): ProposedCall {
  return { paths: paths.map((path) => namedSource(repository, path)), future: allowFuture };
}
