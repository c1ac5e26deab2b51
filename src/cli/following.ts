import { join } from 'node:path';
import { Option } from 'commander';
import { NO_WITNESSES } from '../log/witness-policy.ts';
import type { NameRouter } from '../node/names/name-router.ts';
import { withPasswords } from '../node/retrieve/passwords.ts';
import { readerStateDir } from '../repo/reader-state.ts';
import type { FollowTarget } from '../workflows/finding/offers.ts';
import type { SyncEffects, SyncReport } from '../workflows/following/effects.ts';
import { syncFollowed } from '../workflows/following/sync.ts';
import { threadStarter } from './helper-threads.ts';
import { type NamingFlags, openRouters, openTxt } from './naming.ts';
import type { NetworkFlags } from './options.ts';
import type { Progress } from './progress.ts';
import { openMemories } from './reader-memories.ts';
import type { RepositoryContext } from './repository-context.ts';
import { dhtOf, withConfigured } from './retrieval.ts';
import { parseSize, tellSize } from './size.ts';

/** What all that sync have. */
export interface SyncFlags extends NetworkFlags, NamingFlags {
  maxGrowth?: number;
  dryRun?: boolean;
}

export function maxGrowthOption(): Option {
  return new Option(
    '--max-growth <size>',
    'most that one sync may fetch of a publication (default: 10GiB)',
  ).argParser(parseSize);
}

/** Where it syncs; `names`: who is asked for names besides the routers. */
export type SyncContext = RepositoryContext & { names?: readonly NameRouter[] };

/** Opens what a sync needs, runs `work`, and closes it whatever happens. Nobody is contacted before something is looked for. */
export async function withSync<T>(
  flags: SyncFlags,
  { repository, lock, now, signal, names = [] }: SyncContext,
  progress: Progress,
  work: (effects: SyncEffects) => Promise<T>,
): Promise<T> {
  const [{ Others }, { openHttp }, { findOffers }, { MAX_GROWTH }, { keptRecords }, { urlsOf }] =
    await Promise.all([
      import('../node/retrieve/others.ts'),
      import('../node/retrieve/http-client.ts'),
      import('../workflows/finding/offers.ts'),
      import('../workflows/following/effects.ts'),
      import('../workflows/naming/kept-records.ts'),
      import('../node/mirrors/place.ts'),
    ]);
  const { peer = [], gateway = [], router = [] } = withConfigured(flags, repository);
  const dht = await dhtOf(flags, repository);
  await using others = new Others({ peers: peer, gateways: gateway, routers: router, dht });
  const client = withPasswords(openHttp(), gateway);
  // Who serves asks the DHT by the node that is there anyway.
  const ofDht = names.length > 0 ? undefined : others.nameRouter();
  const routers = [...names, ...(ofDht === undefined ? [] : [ofDht]), ...(await openRouters({ router }))];
  const lookUpTxt = flags.offline ? undefined : await openTxt(flags);
  try {
    return await work({
      repository,
      find: (target, { signal: ends }) =>
        findOffers(flags.offline ? { ...target, urls: [], peers: [] } : withUrls(target, urlsOf(gateway)), {
          routers,
          records: keptRecords(repository),
          lookUpTxt,
          client,
          sourceOf: (place) => others.source(place),
          signal: ends,
        }),
      others: (root) => others.find(root),
      memories: openMemories(repository),
      policy: NO_WITNESSES,
      lock,
      dir: join(readerStateDir(repository.stateDir, process.env), 'fetched'),
      maxGrowth: flags.maxGrowth ?? MAX_GROWTH,
      dryRun: flags.dryRun ?? false,
      now,
      signal,
      times: flags.timeout === undefined ? undefined : { total: flags.timeout * 1000 },
      startJudge: threadStarter('judging-thread'),
      onProgress: (what, done, total, bytes) =>
        progress.update(what === 'blocks' ? `${tellSize(bytes)}, blocks` : what, done, total),
    });
  } finally {
    client.close();
  }
}

/** Syncs a publication that is followed, with whoever is kept with it. Throws as `syncFollowed` does. */
export function syncOne(
  publication: string,
  flags: SyncFlags,
  context: SyncContext,
  progress: Progress,
): Promise<SyncReport> {
  const { routers = [] } = context.repository.followed.get(publication) ?? {};
  const router = [...(flags.router ?? []), ...routers];
  return withSync({ ...flags, router }, context, progress, (effects) => syncFollowed(publication, effects));
}

/** The mirrors and gateways that are asked for everything are asked for what they show, too. */
function withUrls(target: FollowTarget, urls: readonly string[]): FollowTarget {
  return { ...target, urls: [...new Set([...target.urls, ...urls])] };
}
