/**
 * OpenVoiceNews as a library: what the `ovn` command is made of. Formats are in docs/format.md.
 *
 * @example
 * ```ts
 * import { NO_WITNESSES, openNode, openRepository, ReaderMemories, verify } from 'openvoicenews';
 *
 * using repository = openRepository('mypaper');
 * await using node = await openNode(repository);
 * const { report } = await verify(
 *   { what: '2025/07/07/first-light', publication: undefined, requireCurrent: false },
 *   {
 *     local: { repository, read: node.read },
 *     memories: new ReaderMemories(repository.stateDir),
 *     policy: NO_WITNESSES,
 *     now: new Date(),
 *     signal: AbortSignal.timeout(60_000),
 *   },
 * );
 * console.log(report.verdict);
 * ```
 */
export type { Article, ParsedSource, SourceInput } from './article/article.ts';
export { renderChanges } from './article/changes-page.ts';
export { compareArticles, type Differences } from './article/differences.ts';
export type { ArticleDocument, BundleFile, Category, Citation, Correction } from './article/document.ts';
export { PAGE_TEMPLATE, renderPage } from './article/page.ts';
export { parseSource } from './article/parse-source.ts';
export { parseArticle, type SignedArticle } from './bundle/article-json.ts';
export { canonicalBytes, canonicalize, parseCanonical } from './bundle/canonical-json.ts';
export { toMarkdown } from './bundle/to-markdown.ts';
export { type ErrorCode, EXIT, exitCodeOf, type Finding, OvnError } from './errors.ts';
export { NO_WITNESSES, parsePolicy, type WitnessPolicy } from './log/witness-policy.ts';
export type { Manifest } from './manifest/manifest.ts';
export { formatProposal, type Proposal, parseProposal } from './manifest/proposal.ts';
export { judgeManifest, readManifest, type VerifiedManifest } from './manifest/read-manifest.ts';
export { missingSignatures, signProposal } from './manifest/sign-proposal.ts';
export { type CarItem, readCar, writeCar } from './node/car.ts';
export { type Node, openNode } from './node/node.ts';
export { type OtherAddresses, Others } from './node/retrieve/others.ts';
export { type Acceptance, accept } from './reader/accept.ts';
export { type Evidence, formatEvidence, parseEvidence } from './reader/evidence.ts';
export { formatMemory, parseMemory, type ReaderMemory } from './reader/memory.ts';
export type { AcceptOptions, Looked, Offered, OfferedBundle } from './reader/offered.ts';
export { type EvidenceJudgement, verifyEvidence } from './reader/verify-evidence.ts';
export { loadKey, loadKeys } from './repo/keyring.ts';
export type { ClockReading } from './repo/last-clock.ts';
export { findRepository, openRepository } from './repo/open-repository.ts';
export { acquirePublishLock } from './repo/publish-lock.ts';
export { readClock } from './repo/read-clock.ts';
export { ReaderMemories } from './repo/reader-memory.ts';
export type { Repository } from './repo/repository.ts';
export type { Check } from './trust/check.ts';
export { didKeyOf, publicKeyOf } from './trust/did-key.ts';
export { type Authority, authorityAt, type KeyHistory, readKeyHistory } from './trust/key-history.ts';
export type { Masthead } from './trust/masthead.ts';
export { readMastheads, type VerifiedMastheads } from './trust/masthead-chain.ts';
export type { Signer } from './trust/proof.ts';
export { signDocument, signerOf } from './trust/sign-document.ts';
export { verifyProofs } from './trust/verify-proofs.ts';
export type { Block, BlockReader, BlockSink, Link } from './unixfs/block.ts';
export { readDirectory, resolvePath } from './unixfs/directory.ts';
export { readFile, streamFile } from './unixfs/file.ts';
export { type AuditReport, audit } from './workflows/audit.ts';
export { collectGarbage, type GarbageReport } from './workflows/collect-garbage.ts';
export { type CorrectReport, correct } from './workflows/correct.ts';
export { type DiffReport, diffRevisions } from './workflows/diff.ts';
export { finishPublication } from './workflows/finish.ts';
export { getBytes } from './workflows/get.ts';
export { type HistoryReport, listHistory } from './workflows/history.ts';
export { importCar } from './workflows/import-car.ts';
export { type InitReport, initialise } from './workflows/initialise.ts';
export {
  addKey,
  extendMasthead,
  limitKey,
  retireKey,
  revokeKey,
  rotateKey,
  setThreshold,
} from './workflows/keys/change-keys.ts';
export type { MastheadEffects, MastheadReport } from './workflows/keys/change-masthead.ts';
export { finishMasthead } from './workflows/keys/finish-masthead.ts';
export { listHeldKeys } from './workflows/keys/list-keys.ts';
export { showMastheads } from './workflows/keys/show-mastheads.ts';
export { addPin, listPins, type PinReport, removePin } from './workflows/pin.ts';
export { proposePublication } from './workflows/propose.ts';
export { type PublishEffects, type PublishOptions, publish } from './workflows/publish.ts';
export { makeHere, type RevisionMaker } from './workflows/publishing/make-revisions.ts';
export { type PictureMaker, picturesHere } from './workflows/publishing/picture-maker.ts';
export type { ClockDoubt, ReleaseClock } from './workflows/publishing/release-clock.ts';
export type { PublishReport } from './workflows/publishing/report.ts';
export { resolveTarget } from './workflows/resolve-target.ts';
export { importDag } from './workflows/retrieving/import-dag.ts';
export { type ReachedTarget, reachTarget } from './workflows/retrieving/reach-target.ts';
export { Retrieval, type RetrievalOptions } from './workflows/retrieving/retrieval.ts';
export { type Verdict, type VerifyReport, verify } from './workflows/verify.ts';
export { type WitnessEffects, type WitnessedHead, witnessHead } from './workflows/witness-head.ts';
export { postOverHttp } from './workflows/witnessing/post-over-http.ts';
