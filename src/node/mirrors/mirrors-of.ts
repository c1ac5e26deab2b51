import { multiaddr } from '@multiformats/multiaddr';
import { OvnError } from '../../errors.ts';
import { FARTHER, type Reach, reachOf, reachOfHost } from '../network/reach.ts';
import { parsePlace } from './place.ts';

/** Places that somebody else named, and how far in they may lie when they are asked. */
export interface NamedPlaces {
  places: readonly string[];
  within: Reach;
}

/** Addresses that a manifest names that are kept. */
const MOST_MIRRORS = 32;

/** From the farthest to the nearest. */
const NEARER: readonly Reach[] = ['public', 'private', 'loopback'];

/** Mirrors of a manifest that are addresses. */
export function mirrorsOf(mirrors: readonly string[] = []): string[] {
  const places = mirrors.slice(0, MOST_MIRRORS).flatMap((text) => {
    const place = placeOf(text);
    return place === undefined ? [] : [place.kind === 'url' ? place.url : place.peer];
  });
  return [...new Set(places)];
}

/**
 * Those of a manifest's mirrors that may be asked.
 *
 * Threat: whoever signs a manifest may name any address. It must not make a mirror knock at hosts of its own network: mirrors may lie no
 * farther in than the places that the user named, and names behind plain http only where such a place is near. Where a name leads is not
 * known here: whoever asks the places looks that up, and stays `within`.
 *
 * @param mirrors those of {@link mirrorsOf}.
 * @param named by the user for this publication, as multiaddrs and URLs; what is neither does not count.
 */
export function mirrorsWithin(mirrors: readonly string[], named: readonly string[]): NamedPlaces {
  const nearest = Math.max(0, ...named.map((place) => NEARER.indexOf(reachOfPlace(place) ?? 'public')));
  const within = NEARER[nearest] ?? 'public';
  const places = mirrors.filter((mirror) => {
    const isPlainName = mirror.startsWith('http:') && isName(new URL(mirror).hostname);
    const isNear = FARTHER[within].includes(reachOfPlace(mirror)) && (within !== 'public' || !isPlainName);
    return isNear && !named.includes(mirror);
  });
  return { places, within };
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
