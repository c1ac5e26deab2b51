import { lookUp } from './follow.ts';
import { type HostKind, readHost } from './host.ts';
import { isHostName } from './labels.ts';
import { inTime, type RequestLimits } from './limits.ts';
import { type GatewayEffects, type GatewayRequest, Refusal } from './messages.ts';

/** The host that a request is for: one with subdomains, one of these, the site of a DNSLink, or any other that is answered. */
export type Visited =
  | Exclude<HostKind, { kind: 'other' }>
  | { kind: 'dnslink'; name: string; host: string; site: string }
  | { kind: 'shared' };

/** What tells hosts apart. */
export interface Hosts {
  effects: Pick<GatewayEffects, 'lookUpSite'>;
  gatewayHosts: readonly string[];
  /** Whether a host is answered whose name says nothing. */
  admits(host: string | undefined): boolean;
  limits: Pick<RequestLimits, 'resolve'>;
}

/**
 * Finds out which host is visited (Subdomain and DNSLink Gateway Specifications).
 * @throws Refusal 403 for a host that is not answered
 */
export async function visitedHost({ headers, signal }: GatewayRequest, hosts: Hosts): Promise<Visited> {
  const host = readHost(headers, hosts.gatewayHosts);
  if (host.kind !== 'other') return host;
  const { name } = host;
  const site = isHostName(name) ? await lookUp(name, hosts.effects, inTime(signal, hosts.limits)) : undefined;
  if (site !== undefined) return { kind: 'dnslink', name, host: host.host, site };
  if (hosts.admits(headers.host)) return { kind: 'shared' };
  throw new Refusal(403, 'This address is answered under the names of this machine only, such as localhost.');
}
