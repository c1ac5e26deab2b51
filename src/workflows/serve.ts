import { once } from 'node:events';
import { type GatewayServer, type ListenAddress, listen } from '../node/gateway/server.ts';
import { type Metrics, openMetrics } from '../node/monitoring/metrics.ts';
import { listenToMonitors } from '../node/monitoring/monitor-server.ts';
import { observeRequests } from '../node/monitoring/observe-requests.ts';
import type { NameRouter } from '../node/names/name-router.ts';
import type { LookUpTxt } from '../node/names/resolve-name.ts';
import type { NetworkNode } from '../node/network/network-options.ts';
import { DenyFiles } from '../node/served/deny-files.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { catchStrays } from './serving/catch-strays.ts';
import { countingDenials, countingRefusals } from './serving/count-refusals.ts';
import { every } from './serving/every.ts';
import { gatewayEffects } from './serving/gateway-effects.ts';
import { checkHealth } from './serving/health.ts';
import { type NodeOptions, openNetwork } from './serving/open-network.ts';
import { publicationName } from './serving/publication-name.ts';
import { publishOurNames } from './serving/publish-our-names.ts';
import { type Measured, readingsOf } from './serving/readings.ts';
import { ServedView } from './serving/served-view.ts';
import { type PublishName, startUpkeep, type Upkeep } from './serving/start-upkeep.ts';
import { Troubles } from './serving/troubles.ts';

export interface ServeOptions {
  http: ListenAddress;
  /** Of `/healthz` and `/metrics`. */
  metrics: ListenAddress;
  /** Absent: no node, only the web site. */
  node: NodeOptions | undefined;
  /** Everything that is held is given, not only what is current or pinned. */
  any: boolean;
  /** Denylists, in files. */
  deny: readonly string[];
  /** Hosts that have a subdomain for each publication. */
  gatewayHosts: readonly string[];
}

/** Where everything is. */
export interface ServeReport {
  http: string;
  peerId: string | null;
  multiaddrs: string[];
  /** The name of the publication. */
  ipns: string | null;
  /** Root of the current edition; null where nothing is published. */
  edition: string | null;
  metrics: string;
}

export interface ServeEffects {
  repository: Repository;
  read: BlockReader;
  now(): Date;
  /** Ends it. */
  signal: AbortSignal;
  /** Who is asked for names and told of ours, besides the DHT. */
  routers: readonly NameRouter[];
  /** Absent: no domain is looked up. */
  lookUpTxt: LookUpTxt | undefined;
  /** Of the keyring, where it is at hand: without it, names whose key is locked are not renewed. */
  passphrase(): Promise<string | undefined>;
  lock(): Promise<AsyncDisposable>;
  onListen(report: ServeReport, missing: readonly string[]): void;
  /** Told of what goes wrong while a request is answered. */
  onDefect(error: unknown): void;
  /** Told of what goes wrong in the background: it goes on. */
  onTrouble(part: string, message: string): void;
}

/** How often it is looked for what another process published, pinned or withheld, and whether a denylist has changed; ms. */
const LOOK_MS = 200;
const DENY_MS = 400;

/**
 * Serves the site of the current edition, and what it and the pins reach to whoever names it by its CID, over HTTP and to peers, until
 * the signal comes. What another process publishes meanwhile is seen at once. What fails in the background never ends it.
 *
 * @throws {OvnError} `busy`, `usage` and `io` where it cannot listen; `malformed`, `not-found` and `limit` for a denylist.
 */
export async function serve(options: ServeOptions, effects: ServeEffects): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { repository, now, signal } = effects;
  const measured: Measured = { repository, now };
  const metrics = await openMetrics(readingsOf(measured));
  const troubles = new Troubles({ onTrouble: effects.onTrouble, countFailure: metrics.countFailure });
  stack.use(catchStrays((error) => troubles.report('unexpected', error)));
  const parts = { metrics, troubles, stack };
  const view = await openView(options, effects, parts);
  const network = await openNode(options, effects, { ...parts, view });
  const dht = network?.nameRouter;
  const named = { ...effects, routers: dht === undefined ? effects.routers : [...effects.routers, dht] };
  const gateway = await openGateway(options, named, { ...parts, view });
  const health = () => checkHealth({ repository, network });
  const monitor = stack.use(await listenToMonitors(options.metrics, { health, metrics }));
  const publishName: PublishName = (how) => publishOurNames(how, named);
  const upkeep = stack.use(startUpkeep({ repository, view, network, troubles, publishName }));
  stack.use(watch(view, upkeep, troubles));
  const { providing, naming } = upkeep;
  Object.assign(measured, { view, gateway, network, providing, naming });
  effects.onListen(
    reportOf(effects, { view, network, http: gateway.url, metrics: monitor.url }),
    network?.missing ?? [],
  );
  if (!signal.aborted) await once(signal, 'abort');
}

function reportOf(
  { repository }: ServeEffects,
  {
    view,
    network,
    ...urls
  }: { view: ServedView; network: NetworkNode | undefined; http: string; metrics: string },
): ServeReport {
  return {
    ...urls,
    peerId: network?.peerId ?? null,
    multiaddrs: network?.multiaddrs().map(String) ?? [],
    ipns: publicationName(repository) ?? null,
    edition: view.edition() ?? null,
  };
}

/** What the parts of the server share. */
interface Parts {
  metrics: Metrics;
  troubles: Troubles;
  /** Ends what was opened, the last first. */
  stack: AsyncDisposableStack;
}

async function openGateway(
  options: ServeOptions,
  effects: ServeEffects,
  { view, metrics, stack }: Parts & { view: ServedView },
): Promise<GatewayServer> {
  const served = countingRefusals(view, (reason) => metrics.countRefusal('http', reason));
  const edition = () => view.edition();
  const answering = gatewayEffects({ ...effects, ...options, served, edition });
  const gateway = stack.use(await listen(options.http, answering));
  observeRequests(gateway.server, metrics.countRequest);
  return gateway;
}

/** Looks for what other processes have changed also while nobody asks for anything. */
function watch(view: ServedView, upkeep: Upkeep, troubles: Troubles): AsyncDisposable {
  let last = `${view.generation} ${view.edition()}`;
  const look = (): void => {
    view.look();
    upkeep.look();
    const now = `${view.generation} ${view.edition()}`;
    if (now !== last) upkeep.onChange();
    last = now;
  };
  return every(LOOK_MS, look, (error) => troubles.report('look', error));
}

async function openView(
  { any, deny }: ServeOptions,
  { repository }: ServeEffects,
  { troubles, stack }: Parts,
): Promise<ServedView> {
  const files = await DenyFiles.open(deny);
  const onDefect = (error: unknown): void => troubles.report('served', error);
  const denials = {
    deniesBlock: (cid) => files.list.deniesBlock(cid),
    deniesPath: (path) => files.list.deniesPath(path),
    deniedRoots: () => files.list.deniedRoots(),
  } satisfies Parameters<typeof ServedView.open>[1]['denials'];
  const view = stack.use(await ServedView.open(repository, { any, denials, onDefect }));
  const refresh = async (): Promise<void> => {
    if (await files.refresh((error) => troubles.report('deny', error))) view.renew();
  };
  if (deny.length > 0) stack.use(every(DENY_MS, refresh, onDefect));
  return view;
}

async function openNode(
  { node }: ServeOptions,
  { repository }: ServeEffects,
  { view, metrics, stack }: Parts & { view: ServedView },
) {
  if (node === undefined) return undefined;
  const served = countingDenials(view, (reason) => metrics.countRefusal('bitswap', reason));
  return stack.use(await openNetwork(node, repository, served));
}
