import type { Fields } from './foreign-front-matter.ts';

/** Where a site stood. */
export interface SiteAddress {
  /** Its root, which ends with `/`; absent where nobody says which host it was on. */
  base?: string;
  /** The path of its root on that host, without `/` at its end: empty where it had the host for itself. */
  root: string;
}

/** Characters of an address that is told: a longer one is none. */
const LONGEST = 2000;
const NOWHERE = 'https://nowhere.invalid/';

/** What the settings of Hugo, Zola (`base_url`) and Jekyll (a host in `url` and a path in `baseurl`) say. */
export function siteAddress(settings: Fields): SiteAddress {
  const told = (name: string): string => {
    const value = settings.get(name);
    return typeof value === 'string' && value.length <= LONGEST ? value : '';
  };
  const path = told('baseurl');
  return addressOf(['base_url', 'baseurl', 'url'].map(told).find(isWhole), isWhole(path) ? '' : path);
}

/** @param path of the site's root, below the address. */
export function addressOf(url: string | undefined, path = ''): SiteAddress {
  const host = URL.parse(url ?? NOWHERE);
  if (host === null) return { root: '' };
  const below = `${withoutSlashes(host.pathname)}/${withoutSlashes(path)}`;
  const site = new URL(`/${withoutSlashes(below)}`, host.origin);
  const root = site.pathname === '/' ? '' : site.pathname;
  return { root, ...(url === undefined ? {} : { base: `${site.origin}${root}/` }) };
}

function withoutSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

function isWhole(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
