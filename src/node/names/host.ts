import { domainToASCII } from 'node:url';

/** Labels of letters, digits, hyphens and underscores (RFC 1035, and `_dnslink`). */
const HOST =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The one spelling of a host's name: lower case, punycode, no dot at its end; `undefined` for what is none. */
export function parseHost(text: string): string | undefined {
  const ascii = /^[\x21-\x7e]*$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  const host = ascii.replace(/\.$/, '');
  return HOST.test(host) ? host : undefined;
}

/** Whether a text can be meant as a domain: a host's name with a dot in it, that does not end as an address of IPv4 does. */
export function looksLikeDomain(text: string): boolean {
  const host = parseHost(text);
  return host !== undefined && /\.[a-z][a-z0-9-]*$/.test(host);
}
