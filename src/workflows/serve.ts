import { once } from 'node:events';
import { VERIFY_HTML, VERIFY_JS } from '../edition/verify-page.generated.ts';
import type { GatewayEffects } from '../node/gateway/messages.ts';
import { type ListenAddress, listen } from '../node/gateway/server.ts';
import { type Metrics, openMetrics } from '../node/monitoring/metrics.ts';
import { listenToMonitors } from '../node/monitoring/monitor-server.ts';
import { observeRequests } from '../node/monitoring/observe-requests.ts';
import { DenyFiles } from '../node/served/deny-files.ts';
import { servedReader } from '../node/served/served.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { rawCid } from '../unixfs/hash.ts';
import { countingDenials, countingRefusals } from './serving/count-refusals.ts';
import { every } from './serving/every.ts';
import { checkHealth } from './serving/health.ts';
import { type NodeOptions, openNetwork } from './serving/open-network.ts';
import { type Measured, readingsOf } from './serving/readings.ts';
import { ServedView } from './serving/served-view.ts';
import { type PublishName, startUpkeep } from './serving/start-upkeep.ts';
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
  /** The publication's name, in the form that is shown. */
  ipns: string | undefined;
  /** Keeps the names; absent where nothing is to be signed or put. */
  publishName?: PublishName | undefined;
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
  const { repository, signal } = effects;
  await using stack = new AsyncDisposableStack();
  const measured: Measured = { repository, now: effects.now };
  const metrics = await openMetrics(readingsOf(measured));
  const troubles = new Troubles({ onTrouble: effects.onTrouble, countFailure: metrics.countFailure });
  const view = await openView(options, { ...effects, troubles, stack });
  const network = await openNode(options, effects, { view, metrics, stack });
  const gateway = await listen(options.http, gatewayEffects(effects, view, metrics));
  stack.use(gateway);
  observeRequests(gateway.server, metrics.countRequest);
  const health = () => checkHealth({ repository, network });
  const monitor = stack.use(await listenToMonitors(options.metrics, { health, metrics }));
  const upkeep = stack.use(
    startUpkeep({ repository, view, network, publishName: effects.publishName, troubles }),
  );
  Object.assign(measured, { view, gateway, network, ...upkeep });
  let edition = view.edition();
  stack.use(
    every(
      LOOK_MS,
      () => {
        if (edition === view.edition()) return;
        edition = view.edition();
        upkeep.onChange();
      },
      (error) => troubles.report('look', error),
    ),
  );
  const { url: http } = gateway;
  const report = { http, ipns: effects.ipns ?? null, edition: edition ?? null, metrics: monitor.url };
  const peer = { peerId: network?.peerId ?? null, multiaddrs: network?.multiaddrs().map(String) ?? [] };
  effects.onListen({ ...report, ...peer }, network?.missing ?? []);
  if (!signal.aborted) await once(signal, 'abort');
}

async function openView(
  { any, deny }: ServeOptions,
  { repository, troubles, stack }: ServeEffects & { troubles: Troubles; stack: AsyncDisposableStack },
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
  { view, metrics, stack }: { view: ServedView; metrics: Metrics; stack: AsyncDisposableStack },
) {
  if (node === undefined) return undefined;
  const served = countingDenials(view, (reason) => metrics.countRefusal('bitswap', reason));
  return stack.use(await openNetwork(node, repository, served));
}

function gatewayEffects(effects: ServeEffects, view: ServedView, metrics: Metrics): GatewayEffects {
  const served = countingRefusals(view, (reason) => metrics.countRefusal('http', reason));
  return {
    read: servedReader(effects.read, served),
    head: () => view.edition(),
    checksPage: checksPage(),
    onDefect: effects.onDefect,
  };
}

/** verify.html as this program publishes it, which is the one page that may run its script. */
function checksPage() {
  const cidOf = (text: string) => rawCid(Buffer.from(text, 'utf8')).toString();
  return { page: cidOf(VERIFY_HTML), script: cidOf(VERIFY_JS), scriptName: 'verify.js' };
}
