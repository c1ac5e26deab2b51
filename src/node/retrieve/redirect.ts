import { OvnError } from '../../errors.ts';

/** Characters of an origin that are quoted: a header has room for thousands. */
const LONGEST_ORIGIN = 200;

/**
 * Where a redirect leads, if it may be followed: who answers is who was named. So the host stays the same, or becomes one below it, as
 * gateways give each CID a host of its own; the port stays, but for one of the protocol's own; https does not become http.
 *
 * @param first what was asked for.
 * @param from what answered.
 * @throws OvnError `refused`
 */
export function followable(first: URL, from: URL, location: string | undefined): URL {
  const to = parse(location, from);
  if (to === undefined) throw new OvnError('refused', 'it redirects to no address');
  const isBelow = to.hostname === first.hostname || to.hostname.endsWith(`.${first.hostname}`);
  const isKept = to.port === first.port && to.protocol === first.protocol;
  const isRaised = first.protocol === 'http:' && to.protocol === 'https:';
  if (isBelow && (isKept || isRaised)) return to;
  throw new OvnError('refused', `it redirects elsewhere, to ${to.origin.slice(0, LONGEST_ORIGIN)}`);
}

function parse(location: string | undefined, from: URL): URL | undefined {
  return location === undefined ? undefined : (URL.parse(location, from.href) ?? undefined);
}
