import type { NetworkNode } from '../../node/network/network-options.ts';
import type { Providing } from '../../node/network/providing.ts';
import type { Repository } from '../../repo/repository.ts';
import { rootsToProvide } from '../mirroring/roots-to-provide.ts';
import { keepNamed, type NameEffects, type Naming } from './keep-named.ts';
import type { ServedView } from './served-view.ts';
import type { Troubles } from './troubles.ts';

export interface UpkeepEffects {
  repository: Pick<Repository, 'head' | 'pins' | 'categories' | 'followed' | 'blockstore'>;
  view: ServedView;
  network: NetworkNode | undefined;
  /** See {@link keepNamed}. */
  publishName: PublishName;
  /** The same with the records of those that are followed. */
  giveRecords: PublishName;
  troubles: Troubles;
}

export type PublishName = NameEffects['publish'];

/** What goes on in the background as long as it is served. */
export interface Upkeep extends AsyncDisposable {
  providing: Providing | undefined;
  naming: Naming;
  /** Of those that are followed. */
  followedNaming: Naming;
  /** There is another edition, or other pins. */
  onChange(): void;
  /** Looks how it stands with others. */
  look(): void;
}

/** Starts what others need to find us: provider records and the name. */
export function startUpkeep({
  repository,
  view,
  network,
  publishName,
  giveRecords,
  troubles,
}: UpkeepEffects): Upkeep {
  const ending = new AbortController();
  const { signal } = ending;
  const roots = () => rootsToProvide(repository, view);
  const providing = network?.nameRouter && network.keepProviding(roots, { signal });
  const common = { troubles, signal, clock: () => performance.now() };
  const naming = keepNamed({ ...common, publish: publishName });
  const followedNaming = keepNamed({ ...common, publish: giveRecords, part: 'followed-name' });
  let hadPeers = false;
  let failed = 0;
  return {
    providing,
    naming,
    followedNaming,
    onChange: () => {
      providing?.changed();
      naming.look();
      followedNaming.look();
    },
    look: () => {
      const hasPeers = (network?.stats().dhtPeers ?? 0) > 0;
      if (hasPeers && !hadPeers) for (const each of [naming, followedNaming]) each.tellAgain();
      hadPeers = hasPeers;
      failed = tellFailed(failed, providing?.stats().failed ?? 0, troubles);
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await Promise.all([providing?.ended, naming.ended, followedNaming.ended]);
    },
  };
}

function tellFailed(before: number, failed: number, troubles: Troubles): number {
  if (failed === 0) troubles.settle('provide');
  else if (failed !== before)
    troubles.report('provide', `${failed} roots could not be made known to the DHT; they are tried again`);
  return failed;
}
