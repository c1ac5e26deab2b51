const HOST = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d+)?$/i;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Which Host headers are answered at an address. On loopback only the names of this machine: a site from elsewhere whose name was
 * made to point here (DNS rebinding) must not read what is not public. An address that others reach has names that nobody here knows.
 */
export function hostGuard(address: string): (host: string | undefined) => boolean {
  if (!LOOPBACK.test(address)) return () => true;
  const own = new Set(['localhost', '127.0.0.1', '[::1]', hostOf(address)]);
  return (host) => {
    const name = HOST.exec(host ?? '')?.[1]?.toLowerCase();
    return name !== undefined && (own.has(name) || name.endsWith('.localhost'));
  };
}

/** An address as it stands in a URL. */
export function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
