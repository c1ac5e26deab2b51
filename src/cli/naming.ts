import { type Command, Option } from 'commander';
import type { NameRouter } from '../node/names/name-router.ts';
import type { LookUpTxt } from '../node/names/resolve-name.ts';

/** Who is asked for names and domains. Nobody is unless named here. */
export interface NamingFlags {
  router?: string[];
  dns?: string;
  dnsMap?: string;
}

/** `--router`, which may be given several times. */
export function routerOption(): Option {
  return new Option('--router <url>', 'ask, and tell, this HTTP router for names; may be repeated').argParser(
    (url: string, before: string[] | undefined) => [...(before ?? []), url],
  );
}

/** `--dns` and `--dns-map`. */
export function dnsOptions(): Option[] {
  return [
    new Option('--dns <address>', 'ask this resolver for domains, 192.0.2.1 or 192.0.2.1:5353'),
    new Option('--dns-map <file>', 'where domains lead, in JSON, instead of DNS'),
  ];
}

/** For commands that take a name or a domain where they take an address. */
export function addNamingOptions(command: Command): Command {
  for (const option of [routerOption(), ...dnsOptions()]) command.addOption(option);
  return command;
}

/** @throws {OvnError} `usage` for what is no address. */
export async function openRouters({ router = [] }: NamingFlags): Promise<NameRouter[]> {
  if (router.length === 0) return [];
  const { httpRouter } = await import('../node/names/http-router.ts');
  return [...new Set(router)].map(httpRouter);
}

/** What is asked for domains: the map first, then the resolver; nothing where neither is given. */
export async function openTxt({ dns, dnsMap }: NamingFlags): Promise<LookUpTxt | undefined> {
  if (dns === undefined && dnsMap === undefined) return undefined;
  const [{ txtFromDns }, { readDnsMap, txtFromMap }] = await Promise.all([
    import('../node/names/look-up-txt.ts'),
    import('../node/names/dns-map.ts'),
  ]);
  const asked = [
    ...(dnsMap === undefined ? [] : [txtFromMap(readDnsMap(dnsMap))]),
    ...(dns === undefined ? [] : [txtFromDns(dns)]),
  ];
  return async (host, options) => {
    for (const lookUp of asked) {
      const found = await lookUp(host, options);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
