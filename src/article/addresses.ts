import { pageBeside } from '../site-files.ts';
import { externalUrl } from './references.ts';

export { pageBeside } from '../site-files.ts';

/** Where the page of an article is below `articles/`, as everything leads to it that is seen with the whole edition. */
export function pagePath(id: string): string {
  const slug = id.lastIndexOf('/') + 1;
  return id.slice(0, slug) + pageBeside(id.slice(slug));
}

/** The address that was asked for last: that of one outlet, for every article of it several times. */
let last: { url: string; site: string | undefined } | undefined;

/** Where the outlet's site is, with a slash at the end; nothing where it has none, or what is no web address. */
export function siteOf({ url }: { url?: string }): string | undefined {
  if (url === undefined) return undefined;
  if (last?.url !== url) last = { url, site: readSite(url) };
  return last.site;
}

function readSite(url: string): string | undefined {
  if (externalUrl(url) === undefined || !/^https?:/i.test(url)) return undefined;
  return `${url.replace(/\/+$/, '')}/`;
}

/** The address of an article's page on the outlet's site. */
export function pageAddress(id: string, outlet: { url?: string }): string | undefined {
  const site = siteOf(outlet);
  return site === undefined ? undefined : `${site}articles/${pagePath(id)}`;
}
