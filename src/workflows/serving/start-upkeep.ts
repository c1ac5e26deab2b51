import { CID } from 'multiformats/cid';
import type { NetworkNode } from '../../node/network/network-options.ts';
import type { Providing } from '../../node/network/providing.ts';
import type { Repository } from '../../repo/repository.ts';
import { keepNamed, type NameEffects, type Naming } from './keep-named.ts';
import type { ServedView } from './served-view.ts';
import type { Troubles } from './troubles.ts';

export interface UpkeepEffects {
  repository: Pick<Repository, 'head' | 'pins' | 'categories'>;
  view: ServedView;
  network: NetworkNode | undefined;
  /** See {@link keepNamed}. */
  publishName: PublishName;
  troubles: Troubles;
}

export type PublishName = NameEffects['publish'];

/** What goes on in the background as long as it is served. */
export interface Upkeep extends AsyncDisposable {
  providing: Providing | undefined;
  naming: Naming;
  /** There is another edition, or other pins. */
  onChange(): void;
  /** Looks how it stands with others. */
  look(): void;
}

/** Starts what others need to find us: provider records and the name. */
export function startUpkeep({ repository, view, network, publishName, troubles }: UpkeepEffects): Upkeep {
  const ending = new AbortController();
  const { signal } = ending;
  const roots = () => rootsToProvide(repository, view);
  const providing = network?.nameRouter && network.keepProviding(roots, { signal });
  const naming = keepNamed({ publish: publishName, troubles, signal, clock: () => performance.now() });
  let hadPeers = false;
  let failed = 0;
  return {
    providing,
    naming,
    onChange: () => {
      providing?.changed();
      naming.look();
    },
    look: () => {
      const hasPeers = (network?.stats().dhtPeers ?? 0) > 0;
      if (hasPeers && !hadPeers) naming.tellAgain();
      hadPeers = hasPeers;
      failed = tellFailed(failed, providing?.stats().failed ?? 0, troubles);
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await Promise.all([providing?.ended, naming.ended]);
    },
  };
}

function tellFailed(before: number, failed: number, troubles: Troubles): number {
  if (failed === 0) troubles.settle('provide');
  else if (failed !== before)
    troubles.report('provide', `${failed} roots could not be made known to the DHT; they are tried again`);
  return failed;
}

/** The edition, its categories and what is pinned: whoever looks for less finds it below one of them. Nothing that is not given. */
function rootsToProvide(
  repository: Pick<Repository, 'head' | 'pins' | 'categories'>,
  view: ServedView,
): CID[] {
  const edition = view.edition();
  const categories =
    edition === undefined ? [] : Object.values(repository.categories()).map(({ cid }) => cid);
  const pins = repository.pins.list().map(({ cid }) => cid);
  const all = new Set([...(edition === undefined ? [] : [edition]), ...categories, ...pins]);
  return Array.from(all, (cid) => CID.parse(cid)).filter((cid) => view.allows(cid));
}
