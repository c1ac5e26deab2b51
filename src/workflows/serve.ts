import { once } from 'node:events';
import { openMetrics } from '../node/monitoring/metrics.ts';
import { listenToMonitors } from '../node/monitoring/monitor-server.ts';
import type { NetworkNode } from '../node/network/network-options.ts';
import { catchStrays } from './serving/catch-strays.ts';
import { every } from './serving/every.ts';
import { checkHealth } from './serving/health.ts';
import { openGateway, openNode, openView } from './serving/open-parts.ts';
import { publicationName } from './serving/publication-name.ts';
import { publishOurNames } from './serving/publish-our-names.ts';
import { type Measured, readingsOf } from './serving/readings.ts';
import type { ServeEffects, ServeOptions, ServeReport } from './serving/serve-options.ts';
import type { ServedView } from './serving/served-view.ts';
import { type PublishName, startUpkeep, type Upkeep } from './serving/start-upkeep.ts';
import { Troubles } from './serving/troubles.ts';

export type { ServeEffects, ServeOptions, ServeReport } from './serving/serve-options.ts';

/** How often it is looked for what another process published, pinned or withheld; ms. */
const LOOK_MS = 200;

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
  const gateway = await openGateway(options, named, { ...parts, view, network });
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
