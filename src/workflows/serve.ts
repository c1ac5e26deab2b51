import { once } from 'node:events';
import { openMetrics } from '../node/monitoring/metrics.ts';
import { listenToMonitors } from '../node/monitoring/monitor-server.ts';
import type { NameRouter } from '../node/names/name-router.ts';
import type { NetworkNode } from '../node/network/network-options.ts';
import { RateLimit } from '../node/served/rate-limit.ts';
import type { Repository } from '../repo/repository.ts';
import { siteOf } from './mirroring/front-page.ts';
import { followedRecords } from './mirroring/give-followed.ts';
import { keepSynced, type Syncing } from './mirroring/keep-synced.ts';
import { onlyFollowed, shownEdition } from './mirroring/shown-edition.ts';
import { catchStrays } from './serving/catch-strays.ts';
import { every } from './serving/every.ts';
import { checkHealth } from './serving/health.ts';
import { noteServing } from './serving/note-serving.ts';
import { openGateway, openNode, openView, type Parts } from './serving/open-parts.ts';
import { publicationName } from './serving/publication-name.ts';
import { publishOurNames } from './serving/publish-our-names.ts';
import { type Measured, readingsOf } from './serving/readings.ts';
import { Reloads } from './serving/reloads.ts';
import type { ServeEffects, ServeOptions, ServeReport } from './serving/serve-options.ts';
import type { ServedView } from './serving/served-view.ts';
import { type PublishName, startUpkeep, type Upkeep } from './serving/start-upkeep.ts';
import { Troubles } from './serving/troubles.ts';

export type { ServeEffects, ServeOptions, ServeReport } from './serving/serve-options.ts';

/** Stands for our own publication beside those that are followed. */
const OWN = '';
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
  const troubles = new Troubles({
    onTrouble: effects.onTrouble,
    onSettled: effects.onSettled,
    // What is behind the first word tells publications and names apart.
    countFailure: (part) => metrics.countFailure(part.split(' ', 1).join()),
  });
  const reloads = new Reloads(repository, troubles);
  stack.use(catchStrays((error) => troubles.report('unexpected', error)));
  const view = await openView(options, effects, { troubles, reloads, stack });
  const rate = options.maxRate === undefined ? undefined : new RateLimit(options.maxRate);
  const parts = { metrics, troubles, reloads, stack, rate };
  const network = await openNode(options, effects, { ...parts, view });
  const named = { ...effects, routers: liveRouters(effects, network, reloads) };
  const syncing = startSyncing(options, effects, {
    troubles,
    stack,
    names: network?.nameRouter === undefined ? [] : [network.nameRouter],
  });
  const look = (publication: string) => syncing?.tell(publication) ?? false;
  const gateway = await openGateway(options, { ...named, look }, { ...parts, view, network });
  const health = () => checkHealth({ repository, network });
  const monitor = stack.use(await listenToMonitors(options.metrics, { health, metrics }));
  const publishName: PublishName = (how) => publishOurNames(how, named);
  const giveRecords = followedRecords({
    ...named,
    troubles,
    refuses: (path) => view.refusesPath(path) !== undefined,
  });
  const upkeep = stack.use(startUpkeep({ repository, view, network, troubles, publishName, giveRecords }));
  stack.use(watch(view, { upkeep, syncing }, { troubles, onEdition: effects.onEdition }));
  const { providing, naming } = upkeep;
  Object.assign(measured, { view, gateway, network, providing, naming, syncing });
  reloads.add('look', () => {
    view.look();
    upkeep.onChange();
    for (const { publication } of repository.followed.list()) syncing?.tell(publication);
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

function startSyncing(
  { syncEvery }: ServeOptions,
  { repository, sync, now, signal }: ServeEffects,
  { troubles, stack, names }: Pick<Parts, 'troubles' | 'stack'> & { names: readonly NameRouter[] },
): Syncing | undefined {
  if (sync === undefined) return undefined;
  const ending = new AbortController();
  const effects = {
    followed: () => repository.followed.list(),
    sync: (publication: string, { signal: ends }: { signal: AbortSignal }) =>
      sync(publication, { names, signal: ends }),
    troubles,
    signal: AbortSignal.any([signal, ending.signal]),
    now: () => now().getTime(),
    random: Math.random,
  };
  const syncing = keepSynced(effects, syncEvery === undefined ? {} : { interval: syncEvery });
  stack.defer(() => {
    ending.abort();
    return syncing.ended;
  });
  return syncing;
}

function reportOf(
  { repository, now }: ServeEffects,
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
    ipns: nameOf(repository, view) ?? null,
    edition: shownEdition(repository, view) ?? null,
    followed: repository.followed.list().map((followed) => ({
      publication: followed.publication,
      edition: followed.edition,
      site: siteOf(followed, repository, now()) ?? null,
    })),
  };
}

/** Of the publication whose site is at `/`. */
function nameOf(repository: Repository, view: ServedView): string | null | undefined {
  if (!repository.isMirror) return publicationName(repository);
  const only = onlyFollowed(view);
  return only && repository.followed.get(only.publication)?.name;
}

/** Looks for what other processes have changed also while nobody asks for anything. */
function watch(
  view: ServedView,
  { upkeep, syncing }: { upkeep: Upkeep; syncing: Syncing | undefined },
  { troubles, onEdition }: { troubles: Troubles; onEdition: ServeEffects['onEdition'] },
): AsyncDisposable {
  const shown = () => new Map([[OWN, view.edition()], ...view.followed()]);
  const state = (): string => `${view.generation} ${[...shown()]}`;
  let editions = shown();
  let last = state();
  const look = (): void => {
    view.look();
    upkeep.look();
    const now = state();
    if (now === last) return;
    last = now;
    upkeep.onChange();
    syncing?.look();
    const before = editions;
    editions = shown();
    for (const [publication, edition] of editions) {
      if (before.get(publication) !== edition) onEdition?.(publication === OWN ? null : publication, edition);
    }
  };
  return every(LOOK_MS, look, (error) => troubles.report('look', error));
}
