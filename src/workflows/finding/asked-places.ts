import type { Reach } from '../../node/network/reach.ts';
import type { FollowTarget } from './follow-target.ts';

/** A place that is asked: anywhere where the user named it, else no farther in than `within`. */
export interface AskedPlace {
  place: string;
  within: Reach | undefined;
}

/** All who are asked about a target, each once; those that the user named first. */
export function placesAsked({ urls, peers, mirrors }: FollowTarget): AskedPlace[] {
  const named = new Set([...urls, ...peers]);
  const others = (mirrors?.places ?? []).filter((place) => !named.has(place));
  return [
    ...[...named].map((place) => ({ place, within: undefined })),
    ...others.map((place) => ({ place, within: mirrors?.within })),
  ];
}

/** Those that are asked over HTTP. */
export function urlsAsked(target: FollowTarget): AskedPlace[] {
  return placesAsked(target).filter(({ place }) => !place.startsWith('/'));
}
