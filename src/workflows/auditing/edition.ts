import { CID } from 'multiformats/cid';
import type { Head } from '../../repo/head.ts';
import { firstFailed } from '../../trust/check.ts';
import { judgeEdition } from '../verification/edition.ts';
import { Evidence, refusal } from '../verification/judging.ts';
import { listBundles } from '../verification/placed-bundles.ts';
import type { AuditEffects, AuditRule } from './rule.ts';

/** Invariant 4: `sequence` grows by one, and every manifest is kept. */
export const sequenceIsUnbroken: AuditRule = async ({ repository, read }) => {
  const manifests = repository.manifests();
  for (const [at, { sequence, manifest }] of manifests.entries()) {
    const expected = manifests.length - at;
    if (sequence !== expected) throw refusal(`manifest ${expected} is not recorded`);
    if ((await read(CID.parse(manifest))) === undefined) {
      throw refusal(`manifest ${sequence} is not in the store`);
    }
  }
  return `${manifests.length} manifests without a gap`;
};

/** Invariants 2 and 4: the head as a stranger would judge it. */
export const headIsGenuine: AuditRule = async (effects) => {
  const head = effects.repository.head();
  if (head === undefined) return 'nothing is published yet';
  const { read, now, signal, onProgress } = effects;
  const evidence = new Evidence(read, { now, signal });
  const { checks, manifest } = await judgeEdition(CID.parse(head.edition), evidence, (done) =>
    onProgress?.('head', done),
  );
  const failed = firstFailed(checks);
  if (failed !== undefined) throw refusal(`edition ${head.sequence}: ${failed.name}: ${failed.detail}`);
  if (manifest?.cid !== head.manifest || manifest.manifest.sequence !== head.sequence) {
    throw refusal(`the manifest of edition ${head.sequence} is not the one that is recorded`);
  }
  if (manifest.manifest.publication.id !== effects.repository.publicationId) {
    throw refusal('the head edition is of another publication');
  }
  return `edition ${head.sequence} is genuine and whole`;
};

/** The index says of every article what the head edition holds. */
export const indexAgrees: AuditRule = async (effects) => {
  const { articles, head } = {
    articles: effects.repository.articles.list(),
    head: effects.repository.head(),
  };
  const placed = head === undefined ? new Map<string, string>() : await listPlaced(head, effects);
  for (const { id, cid } of articles) {
    const there = placed.get(id);
    if (there !== cid)
      throw refusal(`${id} is indexed as ${cid}; the edition has ${there ?? 'no such article'}`);
    placed.delete(id);
  }
  for (const id of placed.keys()) throw refusal(`${id} is in the edition and not in the index`);
  return `${articles.length} articles, indexed as the edition has them`;
};

async function listPlaced(
  { edition }: Head,
  { read, now, signal }: AuditEffects,
): Promise<Map<string, string>> {
  const evidence = new Evidence(read, { now, signal });
  const root = await evidence.directory(CID.parse(edition));
  const articles = root.find(({ name }) => name === 'articles');
  if (articles === undefined) throw refusal('the head edition has no articles/');
  const bundles = await listBundles(articles.cid, evidence, []);
  return new Map(bundles.map(({ id, cid }) => [id, cid.toString()]));
}
