import { lookUp } from './follow.ts';
import { forwardedHost, type HostKind, readHost } from './host.ts';
import { inTime } from './in-time.ts';
import { isHostName } from './labels.ts';
import type { RequestLimits } from './limits.ts';
import { type GatewayEffects, type GatewayRequest, Refusal, type RequestHeaders } from './messages.ts';

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
export async function visitedHost(request: GatewayRequest, hosts: Hosts): Promise<Visited> {
  const { headers, signal } = request;
  const host = hostOfRequest(headers, hosts);
  if (host.kind !== 'other') return host;
  const { name } = host;
  const site =
    mayHaveSite(name) && hosts.effects.lookUpSite !== undefined
      ? await inTime(signal, hosts.limits, (ending) => lookUp(name, hosts.effects, ending))
      : undefined;
  if (site !== undefined) return { kind: 'dnslink', name, host: host.host, site };
  if (hosts.admits(headers.host)) return { kind: 'shared' };
  throw new Refusal(403, 'This address is answered under the names of this machine only, such as localhost.');
}

/** Nobody is asked for the names of this machine (RFC 6761, 6.3). */
function mayHaveSite(name: string): boolean {
  return isHostName(name) && !name.endsWith('.localhost');
}

/**
 * A proxy may choose a gateway with `X-Forwarded-Host`, and no other host: and only where its own one is answered, since a script of a
 * site whose name was made to point here (DNS rebinding) can send that header too.
 */
function hostOfRequest(headers: RequestHeaders, { gatewayHosts, admits }: Hosts): HostKind {
  const direct = readHost(headers.host, gatewayHosts);
  const forwarded = forwardedHost(headers);
  if (forwarded === undefined || (direct.kind === 'other' && !admits(headers.host))) return direct;
  const chosen = readHost(forwarded, gatewayHosts);
  return chosen.kind === 'other' ? direct : chosen;
}
