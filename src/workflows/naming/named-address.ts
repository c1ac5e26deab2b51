import { looksLikeDomain, parseHost } from '../../node/names/host.ts';
import { parseName } from '../../node/names/name.ts';
import type { NameRecords } from '../../node/names/name-router.ts';
import type { ResolveName } from '../../node/names/resolve-name.ts';

/**
 * The path that an address by name stands for: `ipns://<name or domain>/…`, `/ipns/…`, or a name on its own with what is below
 * it. `undefined` where it is none.
 */
export function namedPath(what: string): string | undefined {
  const [, below] = /^(?:ipns:\/\/|\/ipns\/)(.+)$/s.exec(what) ?? [];
  if (below !== undefined) return `/ipns/${decodePath(below)}`;
  const [root = ''] = what.split('/', 1);
  // What begins with Qm may be a file or a name: in an address without a scheme it is a file.
  return parseName(root) === undefined || root.startsWith('Qm') ? undefined : `/ipns/${decodePath(what)}`;
}

/** The path that a text stands for where it is a domain, with what is below it: to be asked when it is nothing else. */
export function domainPath(what: string): string | undefined {
  const [root = '', ...rest] = what.split('/');
  return looksLikeDomain(root) ? `/ipns/${[parseHost(root), ...rest.map(decodePath)].join('/')}` : undefined;
}

/** Follows names by the records that are kept, and asks nobody. */
export function keptNames(records: NameRecords): ResolveName {
  return async (path, options) => {
    const { nameResolver } = await import('../../node/names/resolver.ts');
    const effects = { records, routers: [], now: () => new Date(), allowExpired: true };
    return nameResolver(effects)(path, options);
  };
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
