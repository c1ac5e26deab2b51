import { OvnError } from '../../errors.ts';
import { isPublicationId } from '../../node/mirrors/document.ts';
import type { NamedPlaces } from '../../node/mirrors/mirrors-of.ts';
import { parsePlace } from '../../node/mirrors/place.ts';
import { looksLikeDomain, parseHost } from '../../node/names/host.ts';
import { formatName, parseName } from '../../node/names/name.ts';
import { splitPath } from '../../node/names/split-path.ts';

/** A publication as somebody names it, and where it may be asked for. */
export interface FollowTarget {
  /** Its id. */
  publication?: string;
  /** Its IPNS name, `k51…`. */
  name?: string;
  /** A domain that leads to it (DNSLink). */
  domain?: string;
  /** Mirrors and gateways over HTTP. */
  urls: string[];
  /** Multiaddrs with `/p2p/<peer id>`. */
  peers: string[];
  /** Mirrors that its manifest names. */
  mirrors?: NamedPlaces | undefined;
  /** Root CID of one of its editions. */
  edition?: string;
}

/** What a path of IPFS says of a target. */
type Named = Pick<FollowTarget, 'publication' | 'name' | 'domain' | 'edition'>;

/** `/ipfs/…` or `/ipns/…` behind the address of a gateway. */
const BEHIND_GATEWAY = /^(.*?)(\/ip[fn]s\/.+)$/s;

/**
 * Reads how somebody names a publication: by its id (`bafkrei…`), an IPNS name or `ipns://…`, the address of a mirror or gateway (with
 * `?publication=<id>` where it shows several, or with a path of IPFS behind it), the multiaddr of one, or an edition's CID or `ipfs://…`.
 *
 * @throws {OvnError} `usage` for anything else.
 */
export function parseFollowTarget(text: string): FollowTarget {
  const what = text.trim();
  if (/^https?:\/\//i.test(what)) return atUrl(what);
  if (/^\/ip[fn]s\//.test(what)) return { ...named(what, text), urls: [], peers: [] };
  if (what.startsWith('/')) return atPlace(what);
  const [, space, below] = /^(ip[fn]s):\/\/(.+)$/is.exec(what) ?? [];
  const path = space === undefined ? pathOf(what) : `/${space.toLowerCase()}/${below}`;
  return { ...named(path, text), urls: [], peers: [] };
}

/** A mirror, or a path of IPFS at a gateway. */
function atUrl(what: string): FollowTarget {
  const url = URL.parse(what);
  if (url === null) throw noTarget(what);
  const about = url.searchParams.get('publication');
  if (about !== null && !isPublicationId(about)) throw noTarget(what);
  url.search = '';
  url.hash = '';
  const [, before = url.pathname, path] = BEHIND_GATEWAY.exec(url.pathname) ?? [];
  url.pathname = before;
  const target = atPlace(url.href);
  return {
    ...target,
    ...(path === undefined ? {} : named(path, what)),
    ...(about === null ? {} : { publication: about }),
  };
}

function atPlace(what: string): FollowTarget {
  const place = parsePlace(what);
  return place.kind === 'url' ? { urls: [place.url], peers: [] } : { urls: [], peers: [place.peer] };
}

/** The path that a text without a scheme stands for: a name, a CID or a domain. */
function pathOf(what: string): string {
  const root = what.replace(/\/$/, '');
  const isNamed = parseName(root) !== undefined || looksLikeDomain(root);
  return isNamed ? `/ipns/${root}` : `/ipfs/${root}`;
}

/** Whole publications are followed: a path below one is refused. */
function named(path: string, text: string): Named {
  const split = splitOrRefuse(path, text);
  if (split.rest.replace('/', '') !== '') throw noTarget(text);
  if (split.kind === 'name') return { name: formatName(split.name) };
  if (split.kind === 'host') {
    const domain = parseHost(split.host);
    if (domain === undefined || !looksLikeDomain(domain)) throw noTarget(text);
    return { domain };
  }
  const cid = split.cid.version === 1 ? split.cid.toString() : '';
  if (isPublicationId(cid)) return { publication: cid };
  if (cid.startsWith('bafybei')) return { edition: cid };
  throw noTarget(text);
}

function splitOrRefuse(path: string, text: string): ReturnType<typeof splitPath> {
  try {
    return splitPath(path);
  } catch (cause) {
    throw noTarget(text, cause);
  }
}

function noTarget(text: string, cause?: unknown): OvnError {
  return new OvnError('usage', `${text} names no publication`, {
    hint: 'It is named by its id (bafkrei…), its IPNS name (k51…), the address of a mirror, or the CID of an edition.',
    cause,
  });
}
