import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { parseCid } from './labels.ts';
import { type GatewayEffects, Refusal } from './messages.ts';
import type { Destination } from './place.ts';

/** A root, the names from there to what was asked for, and for how many seconds that holds: `undefined` for ever. */
export interface Followed {
  root: CID;
  prefix: string[];
  ttl: number | undefined;
}

type Effects = Pick<GatewayEffects, 'resolveName' | 'lookUpSite'>;

/** What a name is answered with that cannot be followed: nobody may be asked, or others were asked and did not give it. */
const NOT_IMPLEMENTED = 501;
const BAD_GATEWAY = 502;

/**
 * The root that a destination is now.
 * @throws Refusal 501 where names are not resolved, 502 where this one cannot be; the signal's reason
 */
export async function follow(to: Destination, effects: Effects, signal: AbortSignal): Promise<Followed> {
  if ('cid' in to) return { root: to.cid, prefix: [], ttl: to.ttl };
  if ('name' in to) return resolve(`/ipns/${to.name}`, effects, signal);
  const site = to.site ?? (await lookUp(to.dnslink, effects, signal));
  // What a DNSLink says may change at any time.
  if (site?.startsWith('/ipfs/')) return { ...parseContentPath(site), ttl: 0 };
  return resolve(site ?? `/ipns/${to.dnslink}`, effects, signal);
}

/**
 * The content path that a host's DNSLink says; `undefined` where it has none, or nobody may be asked.
 * @throws Refusal 502 where whoever is asked gives no answer that can be read; the signal's reason
 */
export async function lookUp(
  host: string,
  { lookUpSite }: Pick<GatewayEffects, 'lookUpSite'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await lookUpSite?.(host, { signal });
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    throw new Refusal(BAD_GATEWAY, `The DNSLink of ${host} cannot be read: ${error.message}.`);
  }
}

async function resolve(path: string, { resolveName }: Effects, signal: AbortSignal): Promise<Followed> {
  if (resolveName === undefined) throw new Refusal(NOT_IMPLEMENTED, 'Names are not resolved here.');
  try {
    const resolved = await resolveName(path, { signal });
    return { ...parseContentPath(resolved.path), ttl: resolved.ttl };
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    const status = error.code === 'usage' ? NOT_IMPLEMENTED : BAD_GATEWAY;
    throw new Refusal(status, `The name cannot be resolved: ${error.message}.`);
  }
}

function parseContentPath(path: string): { root: CID; prefix: string[] } {
  const [namespace, id = '', ...prefix] = path.split('/').filter((name) => name !== '');
  const root = namespace === 'ipfs' ? parseCid(id) : undefined;
  if (root !== undefined) return { root, prefix };
  throw new Refusal(BAD_GATEWAY, `The name leads to "${path}", which is no path of anything published.`);
}
