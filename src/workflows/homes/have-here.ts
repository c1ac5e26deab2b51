import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { retrieveDag } from '../../node/retrieve/retrieve-dag.ts';
import { openFetchStore } from '../../repo/fetch-store.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { verifyBlock } from '../../unixfs/hash.ts';
import { countDag } from '../measure-dag.ts';
import type { HomeEffects } from './home-effects.ts';
import type { OpenHome } from './keep-at-home.ts';

/** A DAG all of which can be read, as long as this lasts. */
export interface Here extends Disposable {
  read: BlockReader;
}

/**
 * A reader of all of a DAG: of what is held here, or fetched for the time being from the home that has it.
 *
 * @param effects `dir` is a folder for what is fetched.
 * @throws {OvnError} `incomplete` where it can be had of nobody, and as `retrieveDag` does.
 */
export async function haveHere(
  cid: string,
  from: OpenHome,
  effects: HomeEffects & { dir: string },
): Promise<Here> {
  const root = CID.parse(cid);
  const { read, signal } = effects;
  if ((await countDag(root, read, signal)).missing === 0) return { read, [Symbol.dispose]: () => undefined };
  const { reader } = from.home;
  const sources = [...(reader === undefined ? [] : [reader]), ...effects.readers(from.stored)];
  if (sources.length === 0) {
    throw new OvnError(
      'incomplete',
      `${root} is not whole here, and ${from.stored.name} cannot be read from`,
      {
        hint: 'Name a gateway that has it with --gateway.',
      },
    );
  }
  const store = openFetchStore(effects.dir, root);
  const both: BlockReader = async (cid) => {
    const bytes = store.get(cid);
    return bytes !== undefined && verifyBlock(cid, bytes) ? bytes : read(cid);
  };
  try {
    const put = store.put.bind(store);
    const has = (cid: CID): boolean => store.has(cid) || effects.repository.blockstore.has(cid);
    await retrieveDag(root, { sources, store: { has, read: both, put }, signal });
    return { read: both, [Symbol.dispose]: () => store.discard() };
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
}
