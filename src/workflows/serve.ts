import { once } from 'node:events';
import { openMetrics } from '../node/monitoring/metrics.ts';
import { listenToMonitors } from '../node/monitoring/monitor-server.ts';
import type { NameRouter } from '../node/names/name-router.ts';
import type { NetworkNode } from '../node/network/network-options.ts';
import { catchStrays } from './serving/catch-strays.ts';
import { every } from './serving/every.ts';
import { checkHealth } from './serving/health.ts';
import { noteServing } from './serving/note-serving.ts';
import { openGateway, openNode, openView } from './serving/open-parts.ts';
import { publicationName } from './serving/publication-name.ts';
import { publishOurNames } from './serving/publish-our-names.ts';
import { type Measured, readingsOf } from './serving/readings.ts';
import { Reloads } from './serving/reloads.ts';
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
  const { onTrouble, onSettled = () => undefined } = effects;
  const troubles = new Troubles({ onTrouble, onSettled, countFailure: metrics.countFailure });
  const reloads = new Reloads(repository, troubles);
  stack.use(catchStrays((error) => troubles.report('unexpected', error)));
  const parts = { metrics, troubles, reloads, stack };
  const view = await openView(options, effects, parts);
  const network = await openNode(options, effects, { ...parts, view });
  const named = { ...effects, routers: liveRouters(effects, network, reloads) };
  const gateway = await openGateway(options, named, { ...parts, view });
  const health = () => checkHealth({ repository, network });
  const monitor = stack.use(await listenToMonitors(options.metrics, { health, metrics }));
  const publishName: PublishName = (how) => publishOurNames(how, named);
  const upkeep = stack.use(startUpkeep({ repository, view, network, troubles, publishName }));
  stack.use(watch(view, upkeep, { troubles, onEdition: effects.onEdition }));
  const { providing, naming } = upkeep;
  Object.assign(measured, { view, gateway, network, providing, naming });
  reloads.add('look', () => {
    view.look();
    upkeep.onChange();
  });
  const report = reportOf(effects, { view, network, http: gateway.url, metrics: monitor.url });
  const { stateDir } = repository;
  stack.use(
    noteServing({ stateDir, report, providing, now, onDefect: (error) => troubles.report('note', error) }),
  );
  if (effects.onReloadable !== undefined) stack.use(effects.onReloadable(() => reloads.run()));
  effects.onListen(report, network?.missing ?? []);
  if (!signal.aborted) await once(signal, 'abort');
}

/** Who is asked for names: the DHT, and routers, which a reload replaces in their place. */
function liveRouters(
  { routers, reopenRouters }: ServeEffects,
  network: NetworkNode | undefined,
  reloads: Reloads,
): readonly NameRouter[] {
  const dht = network?.nameRouter === undefined ? [] : [network.nameRouter];
  const live = [...routers, ...dht];
  if (reopenRouters !== undefined) {
    reloads.add('routers', async () => void live.splice(0, live.length, ...(await reopenRouters()), ...dht));
  }
  return live;
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
function watch(
  view: ServedView,
  upkeep: Upkeep,
  { troubles, onEdition }: { troubles: Troubles; onEdition: ServeEffects['onEdition'] },
): AsyncDisposable {
  let edition = view.edition();
  let last = `${view.generation} ${edition}`;
  const look = (): void => {
    view.look();
    upkeep.look();
    const shown = view.edition();
    const now = `${view.generation} ${shown}`;
    if (now !== last) upkeep.onChange();
    if (shown !== edition) onEdition?.(shown);
    [edition, last] = [shown, now];
  };
  return every(LOOK_MS, look, (error) => troubles.report('look', error));
}
