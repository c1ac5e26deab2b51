import { CID } from 'multiformats/cid';
import type { NetworkNode } from '../../node/network/network-options.ts';
import type { Repository } from '../../repo/repository.ts';
import { Bell } from './bell.ts';
import { keepNamed, type NameEffects, type Naming } from './keep-named.ts';
import { keepProvided, type Providing } from './keep-provided.ts';
import type { ServedView } from './served-view.ts';
import type { Troubles } from './troubles.ts';

export interface UpkeepEffects {
  repository: Pick<Repository, 'head' | 'pins' | 'categories'>;
  view: ServedView;
  network: NetworkNode | undefined;
  /** See {@link keepNamed}; absent where names are not looked after. */
  publishName?: PublishName | undefined;
  troubles: Troubles;
}

export type PublishName = NameEffects['publish'];

/** What goes on in the background as long as it is served. */
export interface Upkeep extends AsyncDisposable {
  providing: Providing | undefined;
  naming: Naming | undefined;
  /** There is another edition, or other pins. */
  onChange(): void;
}

/** Starts what others need to find us: provider records and the name. */
export function startUpkeep({ repository, view, network, publishName, troubles }: UpkeepEffects): Upkeep {
  const ending = new AbortController();
  const { signal } = ending;
  const clock = () => performance.now();
  const [bells, common] = [[new Bell(), new Bell()] as const, { troubles, signal, clock }];
  const roots = () => rootsToProvide(repository, view);
  const hasDht = network?.nameRouter !== undefined;
  const providing =
    network !== undefined && hasDht
      ? keepProvided({
          ...common,
          roots,
          provide: (cid, options) => network.provide(cid, options),
          bell: bells[0],
        })
      : undefined;
  const naming =
    publishName === undefined ? undefined : keepNamed({ ...common, publish: publishName, bell: bells[1] });
  return {
    providing,
    naming,
    onChange: () => {
      for (const bell of bells) bell.ring();
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await Promise.all([providing?.ended, naming?.ended]);
    },
  };
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
