import type { ListenAddress } from '../../node/gateway/server.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { LookUpTxt } from '../../node/names/resolve-name.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import type { LookFor } from '../mirroring/keep-synced.ts';
import type { NodeOptions } from './open-network.ts';

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
  /** Hosts that have a subdomain for each publication. */
  gatewayHosts: readonly string[];
  /** Bytes a second that are given out at most, over HTTP and bitswap together. */
  maxRate?: number | undefined;
  /** Milliseconds between two looks at one publication that is followed. */
  syncEvery?: number | undefined;
}

/** Where everything is. */
export interface ServeReport {
  http: string;
  peerId: string | null;
  multiaddrs: string[];
  /** The name of the publication whose site is at `/`; on a machine without a paper that of the only one that is followed. */
  ipns: string | null;
  /** Root of its current edition; null where there is none. */
  edition: string | null;
  /** What is followed, and where the site of each is below `http`; null where nothing of it is held. */
  followed: { publication: string; edition: string | null; site: string | null }[];
  metrics: string;
}

export interface ServeEffects {
  repository: Repository;
  read: BlockReader;
  now(): Date;
  /** Ends it. */
  signal: AbortSignal;
  /** Who is asked for names and told of ours, besides the DHT. */
  routers: readonly NameRouter[];
  /** Absent: no domain is looked up. */
  lookUpTxt: LookUpTxt | undefined;
  /** The same anew, from what ovn.json says by then; those that there are stay where it is absent. */
  reopenRouters?(): Promise<readonly NameRouter[]>;
  /** Of the keyring, where it is at hand: without it, names whose key is locked are not renewed. */
  passphrase(): Promise<string | undefined>;
  lock(): Promise<AsyncDisposable>;
  /** Looks for a newer edition of what is followed; absent: that is done elsewhere. */
  sync?: LookFor | undefined;
  onListen(report: ServeReport, missing: readonly string[]): void;
  /** Told of what goes wrong while a request is answered. */
  onDefect(error: unknown): void;
  /** Told of what goes wrong in the background: it goes on. */
  onTrouble(part: string, message: string, code: string): void;
  /** Told when that is well again. */
  onSettled?(part: string): void;
  /** Told of each other edition that is given from now on: of our own publication (null), or of one that is followed. */
  onEdition?(publication: string | null, edition: string | undefined): void;
  /** Is given what reloads, and says what of it failed: to be called whenever that is asked for, as long as it is served. */
  onReloadable?(reload: () => Promise<readonly string[]>): Disposable;
}
