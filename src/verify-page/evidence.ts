import type { Fold } from './fold.ts';
import type { Mastheads } from './masthead.ts';
import type { Store } from './store.ts';

/** Where a bundle stands in an edition: what it must say of itself. Nothing of it is known of a bundle alone. */
export interface Place {
  path: readonly string[];
  id?: string;
  revision?: number;
}

/** What bundles are judged by. */
export interface Evidence {
  store: Store;
  mastheads: Mastheads;
  fold: Fold | undefined;
  now: Date;
  /** Where many things are judged: those that the publication disowns, which refuse nothing but themselves. */
  disowned?: string[];
  /** Files that were read already, by CID: their length. */
  lengths: Map<string, Promise<number>>;
}
