import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { openHomeClient, quote } from './ask-home.ts';
import { eachOf } from './each-of.ts';
import type {
  AskHomeOptions,
  Home,
  HomeConfig,
  HomeLimits,
  HomeSecrets,
  Kept,
  PushOptions,
  ReleaseOptions,
} from './home.ts';
import { give, OursFailed } from './kubo-give.ts';
import { kuboReader } from './kubo-reader.ts';
import { KuboRefusal, type KuboRpc, openKuboRpc } from './kubo-rpc.ts';

/** Where the RPC lies below an address that names none. */
const RPC = '/api/v0';

/**
 * A Kubo behind its RPC (Kubo 0.42): what it is to keep is given to it as a CAR and pinned; through the RPC it is read back as well.
 *
 * @throws {OvnError} `key` for credentials that no header can hold
 */
export function openKubo(config: HomeConfig, secrets: HomeSecrets, limits: HomeLimits): Home {
  const client = openHomeClient({ ...config, url: rpcOf(config.url) }, secrets, limits);
  let opened: Promise<KuboRpc> | undefined;
  const rpc = (): Promise<KuboRpc> => {
    opened ??= openKuboRpc(client, limits);
    return opened;
  };
  return {
    id: config.name,
    kind: 'kubo',
    push: async (root, options) => push(await rpc(), root, options).catch(asOurs(options)),
    async status(roots, options) {
      const opened = await rpc();
      return eachOf(roots, (root) => look(opened, root, options)).catch(asOurs(options));
    },
    async *list(options) {
      try {
        yield* list(await rpc(), options);
      } catch (error) {
        asOurs(options)(error);
      }
    },
    release: async (root, options) => release(await rpc(), root, options).catch(asOurs(options)),
    reader: kuboReader(config.name, client),
    close: async () => client.close(),
  };
}

/** The client takes what Kubo answers as it is expected, and throws whatever comes of it where it is not. */
function asOurs({ signal }: AskHomeOptions): (error: unknown) => never {
  return (error) => {
    signal.throwIfAborted();
    if (error instanceof OursFailed) throw error.cause;
    if (error instanceof OvnError) throw error;
    throw new OvnError('malformed', 'it does not answer as Kubo does', { cause: error });
  };
}

function rpcOf(address: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = RPC;
  return url.href;
}

/**
 * Gives as little as it may need: nothing, then what it lacks beside the DAGs that it has, then all. So a rerun goes on from whatever blocks
 * it was left with, and a pin whose blocks are gone gets them again.
 */
async function push(rpc: KuboRpc, root: CID, options: PushOptions): Promise<Kept> {
  const { car, have } = options;
  const held = await pinIfWhole(rpc, root, options);
  if (held.state === 'pinned') return held;
  if (have.length > 0) {
    await give(rpc, () => car(have), { ...options, pinRoots: false });
    const completed = await pinIfWhole(rpc, root, options);
    if (completed.state === 'pinned') return completed;
  }
  const { said, pinned } = await give(rpc, () => car(), { ...options, pinRoots: true });
  if (said !== undefined) return failed(root, said);
  return pinned?.equals(root) ? pin(rpc, root, options) : pinIfWhole(rpc, root, options);
}

const failed = (root: CID, detail: string): Kept => ({ cid: `${root}`, state: 'failed', detail });

async function pinIfWhole(rpc: KuboRpc, root: CID, options: PushOptions): Promise<Kept> {
  const lacks = await rpc.missing(root, options.signal);
  return lacks === undefined ? pin(rpc, root, options) : failed(root, lacks);
}

/** Of what is all there. */
async function pin(rpc: KuboRpc, root: CID, { name, signal }: PushOptions): Promise<Kept> {
  const before = await look(rpc, root, { signal });
  // The name that somebody gave it stays.
  if (before.state === 'pinned' && before.name !== undefined) return before;
  try {
    await rpc.pin.add(root, { recursive: true, name, signal });
  } catch (error) {
    if (error instanceof KuboRefusal) return failed(root, error.said);
    throw error;
  }
  return look(rpc, root, { signal });
}

/** A pin with all below it: one of the block alone, or one that another pin brings about, is not ours. */
const PINS = { type: 'recursive', names: true } as const;

async function look({ pin }: KuboRpc, root: CID, { signal }: AskHomeOptions): Promise<Kept> {
  try {
    for await (const found of pin.ls({ ...PINS, paths: root, signal }))
      if (found.cid.equals(root)) return keptOf(found);
  } catch (error) {
    if (!isNotPinned(error)) throw error;
    return { cid: `${root}`, state: 'absent' };
  }
  throw new OvnError('malformed', `it answers with another pin than that of ${root}`);
}

async function* list(rpc: KuboRpc, { signal }: AskHomeOptions): AsyncGenerator<Kept> {
  for await (const found of rpc.pin.ls({ ...PINS, signal })) yield keptOf(found);
}

async function release(rpc: KuboRpc, root: CID, { name, signal }: ReleaseOptions): Promise<void> {
  const { state, name: given } = await look(rpc, root, { signal });
  if (state !== 'pinned' || (name !== undefined && name !== given)) return;
  await rpc.pin.rm(root, { recursive: true, signal }).catch((error: unknown) => {
    if (!isNotPinned(error)) throw error;
  });
}

const isNotPinned = (error: unknown): boolean =>
  error instanceof KuboRefusal && /\bnot pinned\b/.test(error.said);

function keptOf({ cid, name }: { cid: CID; name?: string }): Kept {
  return { cid: `${cid}`, state: 'pinned', ...(name ? { name: quote(name) } : {}) };
}
