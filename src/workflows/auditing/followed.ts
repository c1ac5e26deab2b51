import { CID } from 'multiformats/cid';
import type { HeldEdition } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { judgeDocuments } from '../verification/edition.ts';
import { Evidence, refusal } from '../verification/judging.ts';
import type { AuditRule } from './rule.ts';

/** Every edition that is held of a publication is signed by it, and the one that is recorded. What it leads to is another rule's. */
export const followedIsGenuine: AuditRule = async ({ repository, read, now, signal }) => {
  const held = await requireGenuineFollowed(repository, read, { now, signal });
  const count = repository.followed.list().length;
  return `${count} publication${count === 1 ? '' : 's'} followed, ${held} edition${held === 1 ? '' : 's'} held, each as it was signed`;
};

/**
 * Judges what is recorded of the publications that are followed by the documents that are held of them.
 *
 * @returns how many editions are held.
 * @throws {OvnError} `refused`, naming the edition.
 */
export async function requireGenuineFollowed(
  { followed }: Pick<Repository, 'followed'>,
  read: BlockReader,
  options: { now: Date; signal: AbortSignal },
): Promise<number> {
  const evidence = new Evidence(read, options);
  const editions = followed.list().flatMap(({ publication }) => followed.editions(publication));
  for (const edition of editions) await requireGenuine(edition, evidence);
  for (const part of followed.roots()) CID.parse(part);
  return editions.length;
}

async function requireGenuine(
  { edition, manifest, sequence, publication }: HeldEdition,
  evidence: Evidence,
): Promise<void> {
  const checks: Check[] = [];
  const documents = await judgeDocuments(checks, CID.parse(edition), evidence);
  const failed = firstFailed(checks);
  if (failed !== undefined) throw refusal(`edition ${edition}: ${failed.name}: ${failed.detail}`);
  const is = documents?.manifest;
  const isRecorded = is?.cid === manifest && is.manifest.sequence === sequence;
  if (isRecorded && is.manifest.publication.id === publication) return;
  throw refusal(`edition ${edition} is not edition ${sequence} of ${publication}, as is recorded`);
}
