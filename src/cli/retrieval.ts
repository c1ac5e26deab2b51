import { join } from 'node:path';
import { OvnError } from '../errors.ts';
import type { OtherAddresses } from '../node/retrieve/others.ts';
import { readerStateDir } from '../repo/reader-state.ts';
import type { Repository } from '../repo/repository.ts';
import { namedPath } from '../workflows/naming/named-address.ts';
import { parseAddress } from '../workflows/resolve-target.ts';
import type { Retrieval } from '../workflows/retrieving/retrieval.ts';
import type { NetworkFlags } from './options.ts';
import type { Progress } from './progress.ts';

/** What of ovn.json and the command line counts together; under `--offline` nobody. */
export function withConfigured<F extends NetworkFlags & { dns?: string }>(
  flags: F,
  repository: Repository | undefined,
): F {
  const { dns, peer, gateway, router, ...rest } = flags;
  if (flags.offline) return rest as F;
  const { peers = [], gateways = [], routers = [] } = repository?.settings.network ?? {};
  const both = (a: string[] = [], b: string[]) => [...new Set([...a, ...b])];
  const named = { peer: both(peer, peers), gateway: both(gateway, gateways), router: both(router, routers) };
  return { ...flags, ...named };
}

/**
 * How others are reached, as the command line and ovn.json say together; nothing where they name nobody, or under `--offline`.
 * Nobody is contacted before something is missing.
 */
export async function openRetrieval(
  flags: NetworkFlags,
  repository: Repository | undefined,
  progress: Progress,
): Promise<Retrieval | undefined> {
  const { peer = [], gateway = [], router = [] } = withConfigured(flags, repository);
  const dht = await dhtOf(flags, repository);
  if (peer.length + gateway.length + router.length === 0 && dht === undefined) return undefined;
  const [{ Others }, { Retrieval }] = await Promise.all([
    import('../node/retrieve/others.ts'),
    import('../workflows/retrieving/retrieval.ts'),
  ]);
  return new Retrieval({
    others: new Others({ peers: peer, gateways: gateway, mirrors: flags.mirrors, routers: router, dht }),
    dir: join(readerStateDir(repository?.stateDir, process.env), 'fetched'),
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
    onProgress: ({ blocks, known, bytes }) =>
      progress.update(`${megabytes(bytes)} MB, blocks`, blocks, known),
  });
}

/** Which DHT is asked, and who leads into it; nothing where none is to be. */
export async function dhtOf(
  { dht = false, public: isPublic = false, offline = false }: NetworkFlags,
  repository: Repository | undefined,
): Promise<OtherAddresses['dht']> {
  if (offline || !(dht || isPublic)) return undefined;
  const { bootstrap = [] } = repository?.settings.network ?? {};
  if (!isPublic || bootstrap.length > 0) return { bootstrap, public: isPublic };
  const { PUBLIC_BOOTSTRAP } = await import('../workflows/serving/public-bootstrap.ts');
  return { bootstrap: PUBLIC_BOOTSTRAP, public: true };
}

/** What is said where nobody is asked: how to name somebody. */
export function nobodyAsked(what: string, { offline }: NetworkFlags): OvnError {
  if (!isAddress(what))
    return new OvnError('not-found', `there is no such file: ${what}, which is no CID and no address either`);
  const hint = offline
    ? 'Without --offline, whom ovn.json or the command line names is asked.'
    : 'Name who has it: --gateway URL, --peer MULTIADDR, --router URL, or "network" in ovn.json.';
  return new OvnError('not-found', `${what} is not here, and nobody else was asked`, { hint });
}

/** Whether it names something whatever is here: a CID, an address or a name. A domain looks like a file: it needs `ipns://`. */
export function isAddress(what: string): boolean {
  return parseAddress(what) !== undefined || namedPath(what) !== undefined;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
