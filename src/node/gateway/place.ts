import type { CID } from 'multiformats/cid';
import type { Namespace } from './host.ts';
import type { GatewayResponse } from './messages.ts';
import { pathTo } from './target.ts';

/** What stands at the front of an address: from there on, its path is one in what was published. */
export interface Mount {
  /** `site`: the paper itself at `/`; `path`: below `/ipfs/…` or `/ipns/…`, on an origin that all share; `subdomain` and `dnslink`: an origin of its own. */
  kind: 'site' | 'path' | 'subdomain' | 'dnslink';
  namespace: Namespace;
  /** CID, name or host, as it stands in addresses. */
  id: string;
  /** Of `subdomain`: the gateway's part of the host; of `dnslink`: the host; with its port. */
  host: string;
  leadsTo: Destination;
}

/** A root; an IPNS name in base36; a host with a DNSLink, and the content path that is known of it. */
export type Destination =
  | { cid: CID; ttl: number | undefined }
  | { name: string }
  | { dnslink: string; site?: string | undefined };

/** A mount, and the names of the request from there on. */
export interface Place {
  mount: Mount;
  names: string[];
  /** Whether its path ends with `/`. */
  folder: boolean;
}

/** Seconds for which what a name led to may be shown while it is asked for anew. */
const STALE = 2_678_400;

/** What a CID names never changes (`undefined`); what a name of so many seconds leads to does, and at 0 may have changed a moment ago. */
export function cacheControlOf(ttl: number | undefined): string {
  if (ttl === undefined) return 'public, max-age=29030400, immutable';
  if (ttl < 1) return 'no-cache';
  return `public, max-age=${Math.floor(ttl)}, stale-while-revalidate=${STALE}`;
}

/** The address of names below a mount, on its host. */
export function addressOf({ kind, namespace, id }: Mount, names: readonly string[]): string {
  return pathTo(kind === 'path' ? [namespace, id, ...names] : names);
}

/** What `X-Ipfs-Path` says: the address as it is on a gateway where all share one origin. */
export function contentPathOf({ mount, names, folder }: Place): string {
  return `${pathTo([mount.namespace, mount.id, ...names])}${folder ? '/' : ''}`;
}

export function redirect(status: number, location: string): GatewayResponse {
  return { status, headers: { location }, body: new Uint8Array(0) };
}
