import { CID } from 'multiformats/cid';
import { decode as decodeMultihash } from 'multiformats/hashes/digest';
import { OvnError } from '../../errors.ts';
import type { Followed, Held } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import { RAW } from '../../unixfs/codecs.ts';
import type { Stock } from './stock.ts';
import { type Survey, surveyDag, surveyNext } from './survey.ts';
import type { TakenEdition } from './take.ts';

type Store = Pick<Repository, 'blockstore' | 'pins'>;

const NOTHING_LEFT = { articles: 0, bytes: 0, why: [] };

/**
 * Finds out that all that is to be held of an edition is in a store, and which blocks lead to others that are held with them. What came all
 * new, and was stored by whoever asks, need not be looked at, nor what is known to be whole.
 *
 * @param before what is held of the publication.
 * @throws {OvnError} `incomplete` when some of it was collected as garbage meanwhile.
 */
export async function surveyHeld(
  root: CID,
  { holding, allNew }: Pick<TakenEdition, 'holding'> & { allNew: Stock['allNew'] },
  before: Followed | undefined,
  store: Store,
  signal: AbortSignal,
): Promise<{ held: Held; inner: CID[] }> {
  if (holding === undefined) {
    const { bytes, missing, inner } = allNew ?? (await surveyWhole(root, before, store, signal));
    if (missing !== undefined) throw collected(missing, root);
    const parts = [{ cid: root.toString(), bytes }];
    return { held: { parts, blocks: [], bytes, whole: true, left: NOTHING_LEFT }, inner };
  }
  const inner: CID[] = [];
  for (const { cid } of holding.parts) {
    const survey = await surveyDag(CID.parse(cid), store.blockstore, signal, wholeIn(store));
    if (survey.missing !== undefined) throw collected(survey.missing, root);
    inner.push(...survey.inner);
  }
  for (const multihash of holding.blocks) {
    const cid = CID.createV1(RAW, decodeMultihash(multihash));
    if (!store.blockstore.has(cid)) throw collected(cid, root);
  }
  return { held: holding, inner };
}

/** Where the one before is held whole, and known to be, what it has is not looked at again. */
function surveyWhole(
  root: CID,
  before: Followed | undefined,
  store: Store,
  signal: AbortSignal,
): Promise<Survey> {
  const { blockstore, pins } = store;
  if (before === undefined || before.edition === null || !before.whole || !pins.isComplete(before.edition))
    return surveyDag(root, blockstore, signal);
  const known = { edition: CID.parse(before.edition), bytes: before.bytes };
  return surveyNext(root, known, blockstore, wholeIn(store), signal);
}

function wholeIn({ pins }: Store): (cid: CID) => boolean {
  return (cid) => cid.code !== RAW && pins.isComplete(cid);
}

function collected(missing: CID, root: CID): OvnError {
  return new OvnError('incomplete', `${missing} of ${root} was collected as garbage meanwhile`, {
    hint: 'Run it again: it goes on from what came in.',
  });
}
