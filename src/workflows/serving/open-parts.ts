import { type GatewayServer, listen, SERVER_LIMITS } from '../../node/gateway/server.ts';
import type { Metrics } from '../../node/monitoring/metrics.ts';
import { observeRequests } from '../../node/monitoring/observe-requests.ts';
import type { NetworkNode } from '../../node/network/network-options.ts';
import { DenyFiles } from '../../node/served/deny-files.ts';
import type { RateLimit } from '../../node/served/rate-limit.ts';
import { countingDenials, countingRefusals } from './count-refusals.ts';
import { every } from './every.ts';
import { gatewayEffects, type SiteEffects } from './gateway-effects.ts';
import { bootstrapPeers, openNetwork } from './open-network.ts';
import type { Reloads } from './reloads.ts';
import type { ServeEffects, ServeOptions } from './serve-options.ts';
import { ServedView } from './served-view.ts';
import type { Troubles } from './troubles.ts';

/** How often it is looked whether a denylist has changed; ms. */
const DENY_MS = 400;

/** What the parts of the server share. */
export interface Parts {
  metrics: Metrics;
  troubles: Troubles;
  reloads: Reloads;
  /** What all that is given out shares. */
  rate: RateLimit | undefined;
  /** Ends what was opened, the last first. */
  stack: AsyncDisposableStack;
}

/** Listens for HTTP. @throws {OvnError} `busy`, `usage`, `io` */
export async function openGateway(
  options: ServeOptions,
  effects: ServeEffects & Pick<SiteEffects, 'look'>,
  { view, network, metrics, stack, rate }: Parts & { view: ServedView; network: NetworkNode | undefined },
): Promise<GatewayServer> {
  const served = countingRefusals(view, (reason) => metrics.countRefusal('http', reason));
  const multiaddrs = () => network?.multiaddrs().map(String) ?? [];
  const answering = gatewayEffects({ ...effects, ...options, served, view, multiaddrs });
  const gateway = stack.use(await listen(options.http, answering, SERVER_LIMITS, rate));
  observeRequests(gateway.server, metrics.countRequest);
  return gateway;
}

/** Finds what is to be served, and what is denied. @throws {OvnError} `malformed`, `not-found`, `limit` for a denylist */
export async function openView(
  { any, deny }: ServeOptions,
  { repository }: ServeEffects,
  { troubles, reloads, stack }: Pick<Parts, 'troubles' | 'reloads' | 'stack'>,
): Promise<ServedView> {
  const files = await DenyFiles.open(deny);
  const onDefect = (error: unknown): void => troubles.report('served', error);
  const denials = {
    deniesBlock: (cid) => files.list.deniesBlock(cid),
    deniesPath: (path) => files.list.deniesPath(path),
    deniedRoots: () => files.list.deniedRoots(),
  } satisfies Parameters<typeof ServedView.open>[1]['denials'];
  const view = stack.use(await ServedView.open(repository, { any, denials, onDefect }));
  const refresh = async (how?: { atOnce: boolean }): Promise<void> => {
    if (await files.refresh((error) => troubles.report('deny', error), how)) view.renew();
  };
  if (deny.length > 0) stack.use(every(DENY_MS, () => refresh(), onDefect));
  reloads.add('deny', () => refresh({ atOnce: true }));
  return view;
}

/** Starts the node, where one is wanted. @throws {OvnError} as {@link openNetwork} */
export async function openNode(
  { node }: ServeOptions,
  { repository }: ServeEffects,
  { view, metrics, reloads, stack, rate }: Parts & { view: ServedView },
): Promise<NetworkNode | undefined> {
  if (node === undefined) return undefined;
  const served = countingDenials(view, (reason) => metrics.countRefusal('bitswap', reason));
  const network = stack.use(await openNetwork(node, repository, { served, rate }));
  reloads.add('bootstrap', async () => {
    const { bootstrap = [] } = repository.settings.network ?? {};
    network.meet(await bootstrapPeers({ ...node, bootstrap }));
  });
  return network;
}
