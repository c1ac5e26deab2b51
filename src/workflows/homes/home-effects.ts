import type { Home } from '../../node/homes/home.ts';
import type { BlockSource } from '../../node/retrieve/source.ts';
import type { StoredHome } from '../../repo/homes.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';

/** What the stories of homes need from outside. */
export interface HomeEffects {
  repository: Repository;
  /** Of what is held here. */
  read: BlockReader;
  /** Opens a home with its credentials, which are read now. */
  open(home: StoredHome): Promise<Home>;
  /** What a home can be read back through beside its own reader: its gateways first, then those that are named for everybody. */
  readers(home: StoredHome): readonly BlockSource[];
  /** Multiaddrs with `/p2p/` where homes can fetch from. */
  origins: readonly string[];
  /** Connects to multiaddrs that a home at an address names, so that it can fetch from here; absent where that is not wanted. */
  connect?: ((addresses: readonly string[], home: string) => void) | undefined;
  now(): Date;
  signal: AbortSignal;
  /** A whole number from 0, below `below`. */
  random(below: number): number;
  onProgress?: ((home: string, what: string) => void) | undefined;
}

/** Bytes of a name that every kind of home keeps, and that is repeated as a whole. Only the name of a pin can be longer. */
const MOST_OF_NAME = 200;

/** The name of a pin of ours. The id of the publication is in it, by which it is known again. */
export function pinName(publication: string, subject: string, sequence: number | null): string {
  const name = `${pinPrefix(publication)}${subject}${sequence === null ? '' : `/${sequence}`}`;
  if (Buffer.byteLength(name) <= MOST_OF_NAME) return name;
  return Buffer.from(name)
    .toString('utf8', 0, MOST_OF_NAME)
    .replace(/\ufffd+$/, '');
}

/** What the names of all our pins of a publication begin with. */
export function pinPrefix(publication: string): string {
  return `ovn/${publication}/`;
}

/** The publications of which something is pushed from here: our own, or in a mirror those that it follows. */
export function pushedPublications(repository: Repository): string[] {
  if (!repository.isMirror) return [repository.publicationId];
  return repository.followed.list().map(({ publication }) => publication);
}
