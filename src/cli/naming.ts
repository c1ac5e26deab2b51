import { Option } from 'commander';
import { EXIT } from '../errors.ts';
import type { NameRouter } from '../node/names/name-router.ts';
import type { LookUpTxt, ResolvedName, ResolveName } from '../node/names/resolve-name.ts';
import type { Repository } from '../repo/repository.ts';
import type { CommandContext } from './run.ts';

/** Who is asked for names and domains. Nobody is unless named here. */
export interface NamingFlags {
  router?: string[];
  dns?: string;
  dnsMap?: string;
  offline?: boolean;
}

/** `--offline`, for what tells routers of names. */
export function offlineOption(): Option {
  return new Option('--offline', 'ask and tell nobody, whatever ovn.json says');
}

/** `--router`, which may be given several times. */
export function routerOption(): Option {
  return new Option('--router <url>', 'ask, and tell, this HTTP router for names; may be repeated').argParser(
    (url: string, before: string[] | undefined) => [...(before ?? []), url],
  );
}

export function dnsOption(): Option {
  return new Option('--dns <address>', 'ask this resolver for domains, 192.0.2.1 or 192.0.2.1:5353');
}

export function dnsMapOption(): Option {
  return new Option('--dns-map <file>', 'where domains lead, in JSON, instead of DNS');
}

/** @throws {OvnError} `usage` for what is no address. */
export async function openRouters({ router = [] }: NamingFlags): Promise<NameRouter[]> {
  if (router.length === 0) return [];
  const { httpRouter } = await import('../node/names/http-router.ts');
  return [...new Set(router)].map(httpRouter);
}

/**
 * How a command follows names and domains; an expired record leads on, and the command says so. `others`: who is asked for names besides
 * HTTP routers.
 */
export function openNames(
  flags: NamingFlags,
  repository: Repository | undefined,
  now: Date,
  others: readonly NameRouter[] = [],
): ResolveName {
  let opened: Promise<ResolveName> | undefined;
  const open = async () => {
    const [{ nameResolver }, { memoryRecords }, { keptRecords }, routers, lookUpTxt] = await Promise.all([
      import('../node/names/resolver.ts'),
      import('../node/names/memory-records.ts'),
      import('../workflows/naming/kept-records.ts'),
      openRouters(flags),
      openTxt(flags),
    ]);
    const records = repository === undefined ? memoryRecords() : keptRecords(repository);
    return nameResolver({
      records,
      routers: [...others, ...routers],
      lookUpTxt,
      now: () => now,
      allowExpired: true,
    });
  };
  return async (path, options) => {
    opened ??= open();
    return (await opened)(path, options);
  };
}

/** Says of a name that it is not confirmed as current; the exit code for that. */
export function tellStaleName(
  { led }: { led?: ResolvedName },
  { terminal, now }: Pick<CommandContext, 'terminal' | 'now'>,
): number {
  const expired = led?.records.find(({ validUntil }) => validUntil < now);
  if (expired === undefined && led?.unconfirmed === undefined) return EXIT.done;
  const { by, since } = led?.unconfirmed ?? {};
  const why =
    expired === undefined
      ? `${by} shows it as the newest, and no record of its name does`
      : `the record of the name expired ${expired.validUntil.toISOString()}`;
  const last = since === undefined ? '' : `; last confirmed ${since}`;
  terminal.error(`ovn: ${why}: this is not confirmed as current${last}`);
  return EXIT.incomplete;
}

/** The routers that the command line and ovn.json name together; none under `--offline`. */
export async function openConfiguredRouters(
  { router = [], offline = false }: NamingFlags,
  { settings }: Pick<Repository, 'settings'>,
): Promise<NameRouter[]> {
  return offline ? [] : openRouters({ router: [...router, ...(settings.network?.routers ?? [])] });
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
