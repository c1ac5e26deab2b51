import { fetchRecord } from '../../node/mirrors/ask-mirror.ts';
import { askRouters } from '../../node/names/ask-routers.ts';
import { lookUpDnslink } from '../../node/names/dnslink.ts';
import { formatName, type Name, parseName } from '../../node/names/name.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { NameRecord } from '../../node/names/record.ts';
import { splitPath } from '../../node/names/split-path.ts';
import type { AskedPlace } from './asked-places.ts';
import type { FollowTarget } from './follow-target.ts';
import type { FindEffects } from './offers.ts';

/** An edition that a name or a domain leads to. */
export interface Led {
  edition: string;
  /** Who gave the record, or the domain. */
  from: string;
  /** Checked; it may have expired. */
  record: NameRecord | undefined;
}

/** Names and domains that are followed for one target. */
const MOST_NAMES = 8;

/** Where names lead, as all say who are asked: routers and the DHT, gateways, the records that are here. */
export class NameWays {
  readonly found: Led[] = [];
  readonly failures: { from: string; why: string }[] = [];
  /** The first name that a genuine record came with. */
  name: string | undefined;
  readonly #gateways: readonly Pick<NameRouter, 'id' | 'get'>[];
  readonly #effects: FindEffects;
  readonly #followed = new Set<string>();

  /** @param gateways asked for records too. */
  constructor(gateways: readonly AskedPlace[], effects: FindEffects) {
    this.#effects = effects;
    this.#gateways = gateways.map((gateway) => recordsAt(gateway, effects));
  }

  /** Follows what a target names. It throws the signal's reason only. */
  async follow({ name, domain }: FollowTarget): Promise<void> {
    if (domain !== undefined) await this.#followPath(`/ipns/${domain}`, domain);
    if (name !== undefined) await this.#followPath(`/ipns/${name}`, name);
  }

  /** Asks routers for names that mirrors claim: the mirrors gave what they have of them. */
  async followNames(names: readonly string[]): Promise<void> {
    if (this.#effects.routers.length === 0) return;
    const parsed = [...new Set(names)].flatMap((name) => parseName(name) ?? []);
    await Promise.all(parsed.map((name) => this.#followName(name, [])));
  }

  async #followPath(path: string, from: string, record?: NameRecord): Promise<void> {
    const split = splitOrNothing(path);
    const isWhole = split !== undefined && split.rest.replace('/', '') === '';
    if (!isWhole) this.#fail(from, `it leads to ${path.slice(0, 200)}, which is no edition`);
    else if (split.kind === 'cid') this.found.push({ edition: split.cid.toString(), from, record });
    else if (split.kind === 'host') await this.#followDomain(split.host);
    else await this.#followName(split.name, this.#gateways);
  }

  async #followName(name: Name, gateways: readonly Pick<NameRouter, 'id' | 'get'>[]): Promise<void> {
    const text = formatName(name);
    if (!this.#admits(text)) return;
    const { routers, records, signal } = this.#effects;
    const kept = records?.get(name);
    const answers = await askRouters(name, [...routers, ...gateways], signal);
    const given = answers.flatMap(({ router, record }) =>
      record === undefined ? [] : [{ from: router, record }],
    );
    const all = [...(kept === undefined ? [] : [{ from: 'kept', record: kept }]), ...given];
    for (const { router, problem } of answers) if (problem !== undefined) this.#fail(router, problem);
    if (all.length === 0) this.#fail(text, 'nobody who was asked has a record of it');
    else this.name ??= text;
    await Promise.all(all.map(({ from, record }) => this.#followPath(record.value, from, record)));
  }

  async #followDomain(domain: string): Promise<void> {
    const { lookUpTxt, signal } = this.#effects;
    if (!this.#admits(domain)) return;
    if (lookUpTxt === undefined)
      return this.#fail(domain, 'it is a domain, and no DNS is asked unless it is named');
    try {
      const link = await lookUpDnslink(domain, lookUpTxt, { signal });
      if (link === undefined) this.#fail(domain, 'it has no DNSLink');
      else await this.#followPath(link.value, domain);
    } catch (error) {
      signal.throwIfAborted();
      this.#fail(domain, error instanceof Error ? error.message : String(error));
    }
  }

  /** Each name once: ways may lead in circles. */
  #admits(text: string): boolean {
    if (this.#followed.has(text) || this.#followed.size >= MOST_NAMES) return false;
    this.#followed.add(text);
    return true;
  }

  #fail(from: string, why: string): void {
    this.failures.push({ from, why });
  }
}

/** The records of a gateway. */
function recordsAt({ place, within }: AskedPlace, effects: FindEffects): Pick<NameRouter, 'id' | 'get'> {
  const url = new URL(place);
  return { id: place, get: (name, { signal }) => fetchRecord(url, name, { ...effects, signal, within }) };
}

function splitOrNothing(path: string): ReturnType<typeof splitPath> | undefined {
  try {
    return splitPath(path);
  } catch {
    return undefined;
  }
}
