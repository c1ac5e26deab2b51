import type { RequestHeaders } from './messages.ts';

/** What a host stands for. `base` is the gateway's own part with its port, as it stands in an address. */
export type HostKind =
  | { kind: 'subdomain'; namespace: Namespace; label: string; base: string }
  | { kind: 'gateway'; base: string }
  | { kind: 'other'; name: string; host: string };

export type Namespace = 'ipfs' | 'ipns';

const HOST = /^(\[[0-9a-f:.]+\]|[^:]+)(:\d+)?$/;
const SUBDOMAIN = /^(.+)\.(ipfs|ipns)$/;

/** Tells the hosts with subdomains, their subdomains and all others apart. */
export function readHost(host: string | undefined, gatewayHosts: readonly string[]): HostKind {
  const text = (host ?? '').toLowerCase();
  const [, name = '', port = ''] = HOST.exec(text) ?? [];
  for (const gateway of gatewayHosts) {
    if (name === gateway) return { kind: 'gateway', base: text };
    if (!name.endsWith(`.${gateway}`)) continue;
    const [, label = '', namespace] = SUBDOMAIN.exec(name.slice(0, -gateway.length - 1)) ?? [];
    if (namespace === 'ipfs' || namespace === 'ipns')
      return { kind: 'subdomain', namespace, label, base: `${gateway}${port}` };
  }
  return { kind: 'other', name, host: text };
}

/** The host that a proxy says the client asked for. */
export function forwardedHost(headers: RequestHeaders): string | undefined {
  return first(headers['x-forwarded-host']);
}

/** The scheme that the client used, as far as a proxy tells. */
export function readScheme(headers: RequestHeaders): 'http' | 'https' {
  return first(headers['x-forwarded-proto'])?.toLowerCase() === 'https' ? 'https' : 'http';
}

function first(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',')[0]?.trim();
}
