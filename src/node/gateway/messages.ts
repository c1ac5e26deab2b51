import type { CID } from 'multiformats/cid';
import type { BlockReader } from '../../unixfs/block.ts';
import type { PutAnswer } from '../names/put-record.ts';
import type { Served } from '../served/served.ts';

/** The header fields that the gateway looks at, by their lower-case names. */
export interface RequestHeaders {
  accept?: string | undefined;
  'cache-control'?: string | undefined;
  'content-type'?: string | undefined;
  host?: string | undefined;
  'if-none-match'?: string | undefined;
  'if-range'?: string | undefined;
  range?: string | undefined;
  'x-forwarded-host'?: string | string[] | undefined;
  'x-forwarded-proto'?: string | string[] | undefined;
}

/** One HTTP request, apart from how it came. */
export interface GatewayRequest {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: RequestHeaders;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  /** What came behind the head; nothing of it is read unless the request may have one. */
  body?: AsyncIterable<Uint8Array> | undefined;
}

/** What to send. A body that throws while it is read must reach the client as a broken connection, never as an end. */
export interface GatewayResponse {
  status: number;
  headers: Record<string, string>;
  body?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Where a path under a name leads: `/ipfs/<cid>[/…]`, and for how many seconds that may be kept. */
export interface ResolvedPath {
  path: string;
  ttl: number;
}

/** A signed record of a name, checked. `ttl` in seconds. */
export interface GivenRecord {
  bytes: Uint8Array;
  ttl: number;
  validUntil: Date;
}

/** A publication of which a part is kept, and who may have the rest. */
export interface Elsewhere {
  /** What it calls itself. */
  name: string;
  /** Its id. */
  publication: string;
  /** Other addresses that it names: http, https and multiaddrs. */
  mirrors: readonly string[];
  /** Where others have its site: `/ipns/<name>/` or `/ipfs/<edition>/`. */
  site: string;
}

export interface GatewayEffects {
  read: BlockReader;
  /** Root CID of the edition to show at `/`, asked for each request anew; `undefined` when nothing is published. */
  head(): string | undefined;
  /** What `/` shows where there is no edition to show, as a title in plain text and HTML; without it, that nothing is published. */
  frontPage?(): { title: string; main: string };
  /** Who may have what is not here, of a root of which a part is kept; nothing of any other. */
  elsewhere?(root: CID): Elsewhere | undefined;
  /** The page that may run a script, and its script in the same folder: CIDs and name. */
  checksPage?: { page: string; script: string; scriptName: string } | undefined;
  /**
   * The name of the page of search, which is in the outlet's words, and the hash of the one script that may run there (as in an
   * `integrity` attribute): whoever made the page, it runs nothing else.
   */
  searchPage?: { name: string; integrity: string } | undefined;
  /** Told of errors that are defects of the program; the client learns nothing of them. */
  onDefect?(error: unknown): void;
  /** What may be given out; without it, everything that is read. */
  served?: Served | undefined;
  /** Follows `/ipns/<name or host>` to `/ipfs/<cid>[/…]`. */
  resolveName?(path: string, options: { signal: AbortSignal }): Promise<ResolvedPath>;
  /** The newest record of a name, by its base36 form, among those that are kept or found. */
  nameRecord?(name: string, options: { signal: AbortSignal }): Promise<GivenRecord | undefined>;
  /** Decides on a record of a name, by its base36 form, that a client puts. */
  putNameRecord?(name: string, bytes: Uint8Array): Promise<PutAnswer>;
  /** The site of a host by DNSLink, `/ipfs/…` or `/ipns/…`; `undefined` where it is none. */
  lookUpSite?(host: string, options: { signal: AbortSignal }): Promise<string | undefined>;
  /** Hosts that have subdomains for publications, besides localhost. */
  gatewayHosts?: readonly string[] | undefined;
  /** The paper itself: its pages are not sandboxed where all share one origin. */
  trusted?(root: CID): boolean;
  /** Answers below `/routing/` and `/.well-known/` before anything else does. */
  extra?(request: GatewayRequest): Promise<GatewayResponse | undefined>;
}

/** A request that is answered with a status and one sentence for people. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
  }
}
