import type { LookupFunction } from 'node:net';
import { OvnError } from '../../errors.ts';
import { type NameLookups, SYSTEM_LOOKUPS } from './addresses-within.ts';
import { FARTHER, type Reach, reachOfHost } from './reach.ts';

/**
 * Looks a name up when a connection is opened, for `lookup` of Node's sockets: of what it leads to only what lies no farther in than `reach`
 * is dialled. An address in place of a name is not looked up: see {@link requireWithin}.
 */
export function lookupWithin(reach: Reach, { host }: NameLookups = SYSTEM_LOOKUPS): LookupFunction {
  return (name, { family, all }, give) => {
    const found = host(name, family === 4 || family === 6 ? family : 0).then((addresses) => {
      const [first, ...others] = addresses.filter(({ address }) => isWithin(address, reach));
      if (first === undefined) throw tooNear(name);
      return [first, ...others] as const;
    });
    found.then(
      (near) => (all ? give(null, [...near]) : give(null, near[0].address, near[0].family)),
      (error: unknown) => give(error instanceof Error ? error : new Error(String(error)), ''),
    );
  };
}

/** @throws {OvnError} `refused` for a host of a URL that by itself says that it lies farther in. */
export function requireWithin(host: string, reach: Reach): void {
  if (!isWithin(host, reach)) throw tooNear(host);
}

function isWithin(host: string, reach: Reach): boolean {
  return FARTHER[reach].includes(reachOfHost(host));
}

function tooNear(host: string): OvnError {
  return new OvnError('refused', `${host} leads to nowhere that may be asked`);
}
