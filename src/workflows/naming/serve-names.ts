import type { GatewayEffects } from '../../node/gateway/messages.ts';
import { lookUpDnslink } from '../../node/names/dnslink.ts';
import { recordFinder } from '../../node/names/find-record.ts';
import { formatName, type Name, parseName } from '../../node/names/name.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import { putNameRecord } from '../../node/names/put-record.ts';
import type { LookUpTxt } from '../../node/names/resolve-name.ts';
import { nameResolver } from '../../node/names/resolver.ts';
import type { Repository } from '../../repo/repository.ts';
import { type HeldNamesEffects, heldNames } from '../mirroring/held-names.ts';
import { keptRecords } from './kept-records.ts';

/** What a gateway does with names. */
export type GatewayNames = Required<
  Pick<GatewayEffects, 'resolveName' | 'nameRecord' | 'putNameRecord' | 'lookUpSite'>
>;

export interface ServeNamesEffects {
  repository: Repository;
  /** Asked where a record is not kept here, or its time has passed: HTTP routers, the DHT. */
  routers: readonly NameRouter[];
  /** Absent where no DNS was given. */
  lookUpTxt: LookUpTxt | undefined;
  /** Whether records of every name are taken, not only of our own and of those that are followed. */
  any: boolean;
  /** Of those that are followed. */
  editions: HeldNamesEffects['editions'];
  now(): Date;
}

/** Names for the gateway: records that are kept here, with those of the routers, and DNSLink where DNS was given. */
export function serveNames(effects: ServeNamesEffects): GatewayNames {
  const { repository, routers, lookUpTxt, any, now } = effects;
  const records = keptRecords(repository);
  const find = recordFinder(records, routers);
  const isKnown = (name: Name): boolean => records.isOwn(name) || isFollowed(name, repository);
  return {
    resolveName: heldNames(nameResolver({ records, routers, find, lookUpTxt, now }), effects),
    async nameRecord(text, { signal }) {
      const name = parseName(text);
      const { record } = name === undefined ? {} : await find(name, signal);
      return record !== undefined && record.validUntil >= now() ? record : undefined;
    },
    putNameRecord: (text, bytes) => putNameRecord(text, bytes, { records, isKnown, any, now }),
    async lookUpSite(host, options) {
      return lookUpTxt === undefined ? undefined : (await lookUpDnslink(host, lookUpTxt, options))?.value;
    },
  };
}

function isFollowed(name: Name, { followed }: Pick<Repository, 'followed'>): boolean {
  const text = formatName(name);
  return followed.list().some((each) => each.name === text);
}
