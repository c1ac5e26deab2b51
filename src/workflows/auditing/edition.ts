import { CID } from 'multiformats/cid';
import { firstFailed } from '../../trust/check.ts';
import { judgeEdition } from '../verification/edition.ts';
import { Evidence, refusal } from '../verification/judging.ts';
import type { AuditRule } from './rule.ts';

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
