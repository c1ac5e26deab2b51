import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { OvnError } from '../../errors.ts';
import { gatewayUrl } from '../retrieve/gateway-address.ts';
import { parseGateway } from '../retrieve/gateway-source.ts';
import { withoutPassword } from '../retrieve/passwords.ts';

/** Where a publication can be had: over HTTP, or of a peer. */
export type Place = { kind: 'url'; url: string } | { kind: 'peer'; peer: string };

/**
 * Reads one of `mirrors` of a manifest, or what stands for one on the command line: an http or https address, or a multiaddr, of a gateway or
 * of a peer. It is kept and shown to others, so that no user or password may be in it.
 *
 * @throws {OvnError} `usage` for anything else.
 */
export function parsePlace(text: string): Place {
  if (!text.startsWith('/')) return { kind: 'url', url: requireNoPassword(parseGateway(text)).href };
  const address = parseAddress(text);
  const url = gatewayUrl(address);
  if (url !== undefined) return { kind: 'url', url: parseGateway(url).href };
  if (address.getComponents().at(-1)?.name === 'p2p') return { kind: 'peer', peer: text };
  throw noPlace(text);
}

/** Places by how they are asked, each once. @throws {OvnError} as {@link parsePlace} does. */
export function sortPlaces(texts: readonly string[]): { urls: string[]; peers: string[] } {
  const places = texts.map(parsePlace);
  const urls = places.flatMap((place) => (place.kind === 'url' ? [place.url] : []));
  const peers = places.flatMap((place) => (place.kind === 'peer' ? [place.peer] : []));
  return { urls: [...new Set(urls)], peers: [...new Set(peers)] };
}

/** Those of several places that are asked over HTTP, each once and without users and passwords; what is none is passed over. */
export function urlsOf(places: readonly string[]): string[] {
  const urls = places.flatMap((text) => {
    try {
      const place = parsePlace(withoutPassword(text));
      return place.kind === 'url' ? [place.url] : [];
    } catch {
      return [];
    }
  });
  return [...new Set(urls)];
}

function requireNoPassword(url: URL): URL {
  if (url.username === '' && url.password === '') return url;
  throw new OvnError(
    'usage',
    'the address of a mirror holds a user or a password, which would be kept and shown',
    {
      hint: 'A gateway that asks for one can be named with it by --gateway of get and verify, or in "network" of ovn.json.',
    },
  );
}

function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (cause) {
    throw noPlace(text, cause);
  }
}

function noPlace(text: string, cause?: unknown): OvnError {
  return new OvnError('usage', `${text} is no address of a mirror`, {
    hint: 'It is http or https, or a multiaddr, such as /dns4/mirror.example/tcp/443/https or /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo….',
    cause,
  });
}
