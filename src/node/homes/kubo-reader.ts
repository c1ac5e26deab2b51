import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block } from '../../unixfs/block.ts';
import { verifyBlock } from '../../unixfs/hash.ts';
import { MAX_BLOCK } from '../../unixfs/profile.ts';
import { readCar } from '../car-reader.ts';
import { readLimited } from '../retrieve/read-limited.ts';
import type { AskOptions, BlockSource, DagOptions } from '../retrieve/source.ts';
import type { HomeClient } from './ask-home.ts';
import { askKubo, isAbsence, OFFLINE } from './kubo-rpc.ts';

/** Blocks that are asked for at once. */
const WINDOW = 6;

/** What a Kubo holds itself, read back through its RPC: `block/get` and `dag/export`. */
export function kuboReader(id: string, client: HomeClient): BlockSource {
  return {
    id,
    window: WINDOW,
    block: (cid, options) => readBlock(client, cid, options),
    dag: (root, path, options) => readDag(client, root, path, options),
  };
}

async function readBlock(
  client: HomeClient,
  cid: CID,
  { signal }: AskOptions,
): Promise<Uint8Array | undefined> {
  const query = { arg: `${cid}`, ...OFFLINE };
  try {
    const answer = await askKubo(client, { method: 'POST', path: 'block/get', query, signal });
    const bytes = await readLimited(answer.body, MAX_BLOCK);
    if (verifyBlock(cid, bytes)) return bytes;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  throw new OvnError('malformed', `its bytes of ${cid} do not match the CID`);
}

async function* readDag(
  client: HomeClient,
  root: CID,
  path: readonly string[],
  { signal, scope }: DagOptions,
): AsyncGenerator<Block> {
  if (path.length > 0 || scope !== 'all') throw new OvnError('not-found', 'Kubo exports whole DAGs only');
  const query = { arg: `${root}`, progress: 'false', ...OFFLINE };
  const answer = await askKubo(client, { method: 'POST', path: 'dag/export', query, signal, isStream: true });
  for await (const item of readCar(answer.body)) if (!('roots' in item)) yield item;
  // A DAG that is not whole ends like one that is.
  const failure = answer.streamError();
  if (failure !== undefined) throw new OvnError('io', `its CAR breaks off: ${client.quote(failure)}`);
}
