import type { RequestHeaders } from './messages.ts';

/** What a host stands for. `base` is the gateway's own part with its port, as it stands in an address. */
export type HostKind =
  | { kind: 'subdomain'; namespace: Namespace; label: string; base: string }
  | { kind: 'gateway'; base: string }
  | { kind: 'other'; name: string; host: string };

export type Namespace = 'ipfs' | 'ipns';

const HOST = /^(\[[0-9a-f:.]+\]|[^:]+)(:\d+)?$/;
const SUBDOMAIN = /^(.+)\.(ipfs|ipns)$/;

/**
 * Tells the hosts with subdomains, their subdomains and all others apart. A proxy's `X-Forwarded-Host` counts where it names one of
 * the former: it can choose between gateways, and cannot make a host of anything else.
 */
export function readHost(headers: RequestHeaders, gatewayHosts: readonly string[]): HostKind {
  const forwarded = first(headers['x-forwarded-host']);
  const kind = forwarded === undefined ? undefined : kindOf(forwarded, gatewayHosts);
  return kind === undefined || kind.kind === 'other' ? kindOf(headers.host ?? '', gatewayHosts) : kind;
}

/** The scheme that the client used, as far as a proxy tells. */
export function readScheme(headers: RequestHeaders): 'http' | 'https' {
  return first(headers['x-forwarded-proto'])?.toLowerCase() === 'https' ? 'https' : 'http';
}

function kindOf(text: string, gatewayHosts: readonly string[]): HostKind {
  const host = text.toLowerCase();
  const [, name = '', port = ''] = HOST.exec(host) ?? [];
  for (const gateway of gatewayHosts) {
    if (name === gateway) return { kind: 'gateway', base: host };
    if (!name.endsWith(`.${gateway}`)) continue;
    const [, label = '', namespace] = SUBDOMAIN.exec(name.slice(0, -gateway.length - 1)) ?? [];
    if (namespace === 'ipfs' || namespace === 'ipns')
      return { kind: 'subdomain', namespace, label, base: `${gateway}${port}` };
  }
  return { kind: 'other', name, host };
}

function first(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',')[0]?.trim();
}
