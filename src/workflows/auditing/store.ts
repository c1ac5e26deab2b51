import { CID } from 'multiformats/cid';
import { code as RAW } from 'multiformats/codecs/raw';
import { decode as decodeMultihash } from 'multiformats/hashes/digest';
import { checkBlocks } from '../../repo/check-blocks.ts';
import { checkDatabase } from '../../repo/database.ts';
import type { Repository } from '../../repo/repository.ts';
import { walkDag } from '../../unixfs/walk.ts';
import { KEPT_EDITIONS } from '../collect-garbage.ts';
import { namedEditions } from '../naming/named-edition.ts';
import { refusal } from '../verification/judging.ts';
import type { AuditRule } from './rule.ts';

const YIELD_EVERY = 1024;

/** The file itself, as SQLite sees it. */
export const databaseIsSound: AuditRule = async ({ repository }) => {
  const [problem] = checkDatabase(repository.db);
  if (problem !== undefined) throw refusal(`the database file is damaged: ${problem}`);
  return 'the database file is sound';
};

/** Invariant 1: every block is what its CID says. */
export const blocksAreTrue: AuditRule = async ({ repository, signal, onProgress }) => {
  let count = 0;
  for (const damaged of checkBlocks(repository.blockstore)) {
    if (damaged !== undefined)
      throw refusal(`the bytes of block ${damaged} are not those that its CID names`);
    count += 1;
    if (count % YIELD_EVERY !== 0) continue;
    onProgress?.('blocks', count);
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  return `${count} blocks, each with the bytes that its CID names`;
};

/** Invariant 8: what is promised to be kept is whole. */
export const keptIsWhole: AuditRule = async ({ repository, read, signal }) => {
  const editions = repository.editions(KEPT_EDITIONS + 1);
  const pins = repository.pins.list();
  const named = namedEditions(repository);
  const followed = repository.followed.roots();
  const roots = [
    ...editions.map(({ edition, sequence }) => ({ cid: edition, what: `edition ${sequence}` })),
    ...pins.map(({ cid, name }) => ({ cid, what: `pin ${name}` })),
    ...named.map(({ root, name }) => ({ cid: root, what: `the edition that ${name} leads to` })),
    ...followed.map((cid) => ({ cid, what: `what is followed (${cid})` })),
  ];
  const walked = new Set<string>();
  const skip = (cid: CID): boolean => walked.has(cid.toString());
  for (const { cid: root, what } of roots) {
    for await (const { cid, bytes } of walkDag(CID.parse(root), read, { signal, skip })) {
      if (bytes === undefined) throw refusal(`${what} is not whole: block ${cid} is missing`);
      walked.add(cid.toString());
    }
  }
  requireHeldBlocks(repository);
  const count = repository.followed.list().length;
  const more =
    count === 0 ? '' : `; so is what is held of ${count} that ${count === 1 ? 'is' : 'are'} followed`;
  return `${editions.length} editions and ${pins.length} pins are whole${more}`;
};

/** What is kept of a publication in part: its single blocks, which lead to nothing that must be here. */
function requireHeldBlocks({ followed, blockstore }: Repository): void {
  for (const multihash of followed.blocks()) {
    const cid = CID.createV1(RAW, decodeMultihash(multihash));
    if (!blockstore.has(cid)) throw refusal(`a block that is kept of what is followed is missing: ${cid}`);
  }
}
