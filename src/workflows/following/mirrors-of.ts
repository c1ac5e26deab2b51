import { multiaddr } from '@multiformats/multiaddr';
import { OvnError } from '../../errors.ts';
import { parsePlace } from '../../node/mirrors/place.ts';
import { FARTHER, type Reach, reachOf, reachOfHost } from '../../node/network/reach.ts';

/** Addresses that a manifest names that are kept. */
const MOST_MIRRORS = 32;

/** From the farthest to the nearest. */
const NEARER: readonly Reach[] = ['public', 'private', 'loopback'];

/** Mirrors of a manifest that are addresses. */
export function mirrorsOf(mirrors: readonly string[] = []): string[] {
  return mirrors.slice(0, MOST_MIRRORS).flatMap((text) => {
    const place = placeOf(text);
    return place === undefined ? [] : [place.kind === 'url' ? place.url : place.peer];
  });
}

/**
 * Those of a manifest's mirrors that may be asked.
 *
 * Threat: whoever signs a manifest may name any address. It must not make a mirror knock at hosts of its own network: mirrors may lie no
 * farther in than the places that were asked by the word of the user, and names behind plain http only where such a place is near.
 *
 * @param asked where the edition was looked for and found, as multiaddrs and URLs; what is neither does not count.
 */
export function mirrorsWithin(mirrors: readonly string[] | undefined, asked: readonly string[]): string[] {
  const nearest = Math.max(0, ...asked.map((place) => NEARER.indexOf(reachOfPlace(place) ?? 'public')));
  const reach = NEARER[nearest] ?? 'public';
  return mirrorsOf(mirrors).filter((mirror) => {
    const isPlainName = mirror.startsWith('http:') && isName(new URL(mirror).hostname);
    return FARTHER[reach].includes(reachOfPlace(mirror)) && (reach !== 'public' || !isPlainName);
  });
}

function reachOfPlace(text: string): Reach | undefined {
  const place = placeOf(text);
  if (place === undefined) return undefined;
  if (place.kind === 'url') return reachOfHost(new URL(place.url).hostname);
  const address = multiaddr(place.peer);
  const [host] = address.getComponents();
  return host?.name.startsWith('dns') ? reachOfHost(host.value ?? '') : reachOf(address);
}

function isName(host: string): boolean {
  return !/^[\d.]+$|^\[/.test(host);
}

function placeOf(text: string): ReturnType<typeof parsePlace> | undefined {
  try {
    return parsePlace(text);
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}
