import type { Multiaddr } from '@multiformats/multiaddr';

const HOSTS = ['ip4', 'ip6', 'dns', 'dns4', 'dns6'];

/**
 * The address of a gateway as a multiaddr says it, such as `/dns4/gateway.example/tcp/443/https`, `/ip4/127.0.0.1/tcp/8080/http` or with
 * `/tls/http`; `undefined` where it says something else.
 */
export function gatewayUrl(address: Multiaddr): string | undefined {
  const [host, tcp, ...rest] = address.getComponents();
  if (host?.value === undefined || !HOSTS.includes(host.name)) return undefined;
  const layers = (tcp?.name === 'tcp' ? rest : [tcp, ...rest]).map((component) => component?.name);
  const scheme = schemeOf(layers.filter((name) => name !== 'p2p').join('/'));
  if (scheme === undefined) return undefined;
  const name = host.name === 'ip6' ? `[${host.value}]` : host.value;
  const port = tcp?.name === 'tcp' ? `:${tcp.value}` : '';
  return URL.parse(`${scheme}://${name}${port}`)?.href.replace(/\/$/, '');
}

function schemeOf(layers: string): string | undefined {
  if (layers === 'http') return 'http';
  return layers === 'https' || layers === 'tls/http' ? 'https' : undefined;
}
