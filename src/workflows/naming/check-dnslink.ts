import { OvnError } from '../../errors.ts';
import { dnslinkLine, lookUpDnslink } from '../../node/names/dnslink.ts';
import { parseHost } from '../../node/names/host.ts';
import { formatName, type Name } from '../../node/names/name.ts';
import type { LookUpTxt } from '../../node/names/resolve-name.ts';
import { splitPath } from '../../node/names/split-path.ts';

/** What `ovn name dnslink --json` prints. */
export interface DnslinkReport {
  domain: string;
  name: string;
  /** The line for the zone of the domain. */
  line: string;
  /** `not-checked` where no resolver was given. */
  status: 'not-checked' | 'confirmed' | 'missing' | 'elsewhere';
  /** Where the domain leads; nothing where it was not looked up, or leads nowhere. */
  found: string | null;
}

/**
 * The line by which a domain leads to a name, and whether it does already.
 *
 * @throws {OvnError} `usage` for what is no domain; `io` where the resolver does not answer.
 */
export async function checkDnslink(
  domain: string,
  name: Name,
  { lookUpTxt, signal }: { lookUpTxt: LookUpTxt | undefined; signal: AbortSignal },
): Promise<DnslinkReport> {
  const host = parseHost(domain)?.replace(/^_dnslink\./, '');
  if (host === undefined) throw new OvnError('usage', `${domain} is no domain`);
  const text = formatName(name);
  const report = { domain: host, name: text, line: dnslinkLine(host, `/ipns/${text}`) };
  if (lookUpTxt === undefined) return { ...report, status: 'not-checked', found: null };
  const { value: found } = (await lookUpDnslink(host, lookUpTxt, { signal })) ?? {};
  if (found === undefined) return { ...report, status: 'missing', found: null };
  return { ...report, status: leadsTo(found, name) ? 'confirmed' : 'elsewhere', found };
}

/** In whatever form the name is written; not to a place below it. */
function leadsTo(value: string, name: Name): boolean {
  try {
    const path = splitPath(value);
    return path.kind === 'name' && path.name.equals(name) && path.rest.replace('/', '') === '';
  } catch {
    return false;
  }
}
