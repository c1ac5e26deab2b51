import { showPage } from './explain.ts';
import type { Format } from './format.ts';
import { type Namespace, readScheme } from './host.ts';
import {
  canonicalName,
  inlineHost,
  isHostName,
  labelOfCid,
  MAX_LABEL,
  outlineHost,
  parseCid,
} from './labels.ts';
import { type GatewayEffects, type GatewayRequest, type GatewayResponse, Refusal } from './messages.ts';
import { type Destination, type Mount, type Place, redirect } from './place.ts';
import { asciiAddress, type Target } from './target.ts';
import type { Visited } from './visited.ts';

/** What a place is looked for with. */
export interface Search {
  request: GatewayRequest;
  target: Target;
  format: Format;
  effects: Pick<GatewayEffects, 'head' | 'frontPage'>;
}

/** Where a request leads, or the answer that sends it elsewhere. */
export type Found = { place: Place } | { elsewhere: GatewayResponse };

type Subdomain = Extract<Visited, { kind: 'subdomain' }>;

/**
 * Finds out where a request leads: by its host (Subdomain and DNSLink Gateway Specifications), else by its path.
 * @throws Refusal 400 for what is no address, 404 where nothing is published
 */
export function findPlace(visited: Visited, search: Search): Found {
  if (visited.kind === 'subdomain') return bySubdomain(visited, search);
  if (visited.kind !== 'dnslink')
    return byPath(visited.kind === 'gateway' ? visited.base : undefined, search);
  const { name, host, site } = visited;
  const leadsTo = { dnslink: name, site };
  return at({ kind: 'dnslink', namespace: 'ipns', id: name, host, leadsTo }, 0, search.target);
}

/** `base`: the host, where it has subdomains. */
function byPath(base: string | undefined, search: Search): Found {
  const { segments, query } = search.target;
  const [namespace, id] = segments;
  if (namespace !== 'ipfs' && namespace !== 'ipns') return ownSite(search);
  const uri = query.get('uri');
  if (id === undefined && uri !== null) return { elsewhere: redirect(301, pathOfUri(uri)) };
  const { leadsTo, label, canonical } = read(namespace, id ?? '', false);
  if (base !== undefined && leavesPath(search))
    return { elsewhere: toSubdomain(label, namespace, base, 2, search) };
  if (namespace === 'ipns' && canonical !== id)
    return { elsewhere: redirect(302, `/ipns/${canonical}${tailOf(search.target, 2)}`) };
  return at({ kind: 'path', namespace, id: id ?? '', host: '', leadsTo }, 2, search.target);
}

function bySubdomain({ namespace, label: id, base }: Subdomain, search: Search): Found {
  const { leadsTo, label, canonical } = read(namespace, id, true);
  if (!('dnslink' in leadsTo) && label !== id)
    return { elsewhere: toSubdomain(label, namespace, base, 0, search) };
  return at({ kind: 'subdomain', namespace, id: canonical, host: base, leadsTo }, 0, search.target);
}

function ownSite({ effects, target, format }: Search): Found {
  const edition = effects.head() ?? '';
  const cid = parseCid(edition);
  if (cid !== undefined)
    return at(
      { kind: 'site', namespace: 'ipfs', id: edition, host: '', leadsTo: { cid, ttl: 0 } },
      0,
      target,
    );
  if (effects.frontPage !== undefined) {
    if (target.segments.length === 0 && format === 'site')
      return { elsewhere: showPage(200, effects.frontPage()) };
    throw new Refusal(404, 'There is no such page here. What is kept here is listed at "/".');
  }
  throw new Refusal(
    404,
    'Nothing is published here yet. Once "ovn publish" has run, the paper appears at this address.',
  );
}

function at(mount: Mount, skip: number, { segments, folder }: Target): Found {
  return { place: { mount, names: segments.slice(skip), folder } };
}

/** What a CID, a name or a host in an address leads to, its one form there, and its label where it has one. */
function read(
  namespace: Namespace,
  id: string,
  isLabel: boolean,
): { leadsTo: Destination; canonical: string; label: string | undefined } {
  if (namespace === 'ipfs') {
    const cid = parseCid(id);
    if (cid === undefined) throw invalid(namespace, id);
    const label = labelOfCid(cid);
    return { leadsTo: { cid, ttl: undefined }, canonical: label ?? id, label };
  }
  const name = canonicalName(id);
  if (name !== undefined)
    return { leadsTo: { name }, canonical: name, label: name.length > MAX_LABEL ? undefined : name };
  const dnslink = (isLabel ? outlineHost(id) : id).toLowerCase();
  if (!isHostName(dnslink)) throw invalid(namespace, id);
  const label = inlineHost(dnslink);
  return { leadsTo: { dnslink }, canonical: dnslink, label: label.length > MAX_LABEL ? dnslink : label };
}

/** Pages leave the origin that all share; blocks, CARs and records run nothing, and programs that ask for them look up no subdomains. */
function leavesPath({ format }: Search): boolean {
  return format === 'site';
}

function toSubdomain(
  label: string | undefined,
  namespace: Namespace,
  base: string,
  skip: number,
  { request, target }: Search,
): GatewayResponse {
  if (label === undefined)
    throw new Refusal(
      400,
      `CID incompatible with DNS label length limit of ${MAX_LABEL}: ask for it below /${namespace}/ on another host.`,
    );
  const tail = tailOf(target, skip);
  const path = tail.startsWith('/') ? tail : `/${tail}`;
  return redirect(301, `${readScheme(request.headers)}://${label}.${namespace}.${base}${path}`);
}

/** What of an address, as it was sent, follows so many of its names. */
function tailOf({ path, search }: Target, skip: number): string {
  const names = path.split('/').slice(skip + 1);
  return `${names.length === 0 ? '' : '/'}${names.join('/')}${search}`;
}

const URI = /^(ipfs|ipns):\/\/([^/?#]+)([^?#]*)/;

/** `ipfs://<cid>/…` as a path, for browsers that hand such addresses over. */
function pathOfUri(uri: string): string {
  const [, namespace, id = '', path = ''] = URI.exec(uri) ?? [];
  if (namespace === undefined)
    throw new Refusal(400, 'What follows "uri=" is no ipfs:// or ipns:// address.');
  return asciiAddress(`/${namespace}/${id}${path}`);
}

function invalid(namespace: Namespace, id: string): Refusal {
  const what = namespace === 'ipfs' ? 'CID' : 'name';
  return new Refusal(400, `There is no ${what} in the invalid path "/${namespace}/${id}".`);
}
