import { multiaddr } from '@multiformats/multiaddr';
import { type Reach, reachOf } from './dial-policy.ts';

/** How far somebody's word leads: no farther in than where he is himself. `undefined` is nowhere that can be told. */
export const FARTHER: Record<Reach, readonly (Reach | undefined)[]> = {
  public: ['public'],
  private: ['public', 'private'],
  loopback: ['public', 'private', 'loopback'],
};

/** Where a host of a URL lies. A name counts as public, but for those of this machine. */
export function reachOfHost(host: string): Reach | undefined {
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
  const plain = host.replace(/^\[|\]$/g, '');
  try {
    return reachOf(multiaddr(`/${plain.includes(':') ? 'ip6' : 'ip4'}/${plain}`));
  } catch {
    return 'public';
  }
}
