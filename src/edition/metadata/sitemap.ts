import { pagePath, siteOf } from '../../article/addresses.ts';
import { escapeHtml as escapeXml } from '../../article/html.ts';
import type { BlockSink } from '../../unixfs/block.ts';
import type { Tree } from '../../unixfs/tree.ts';
import type { Archive, Entry } from '../archive.ts';
import { addText } from '../change.ts';
import type { Publication } from '../publication.ts';

/** The index at the root, and the map of a month beside its page. */
export const SITEMAP = 'sitemap.xml';

/** Most addresses in one map, by the protocol of sitemaps.org. */
const MOST = 50_000;

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

interface SitemapInput {
  publication: Publication;
  archive: Archive;
}

/**
 * The index of the maps of all months, newest first; nothing where the outlet has no address, for a map has none but
 * absolute ones, or there is no article, for an index names one map at least. It names no times: it stays the same until a month is new.
 */
export function writeSitemapIndex({ publication, archive }: SitemapInput): string | undefined {
  const site = siteOf(publication);
  if (site === undefined) return undefined;
  const months = archive.periods('').flatMap(({ period }) => archive.periods(period));
  if (months.length === 0) return undefined;
  const maps = months.map(
    ({ period }) => `<sitemap><loc>${escapeXml(site)}articles/${period}/${SITEMAP}</loc></sitemap>`,
  );
  return document('sitemapindex', maps.slice(0, MOST));
}

/** Brings the maps of months, `YYYY/MM`, up to date in the tree of dates that they lie in. */
export async function placeSitemaps(
  tree: Tree,
  { publication, archive }: SitemapInput,
  months: Iterable<string>,
  sink: BlockSink,
): Promise<void> {
  const site = siteOf(publication);
  for (const month of months) {
    const path = [...month.split('/'), SITEMAP];
    const entries = site === undefined ? [] : archive.within(month);
    if (site === undefined || entries.length === 0) await tree.remove(path);
    else await tree.set(path, await addText(writeSitemap(site, entries), sink));
  }
}

/** The pages of articles, each with the moment of its last change. */
function writeSitemap(site: string, entries: readonly Entry[]): string {
  const urls = entries
    .slice(0, MOST)
    .map(
      ({ id, dateModified }) =>
        `<url><loc>${escapeXml(site)}articles/${pagePath(id)}</loc><lastmod>${dateModified}</lastmod></url>`,
    );
  return document('urlset', urls);
}

function document(name: string, lines: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<${name} xmlns="${NAMESPACE}">\n${lines.map((line) => `${line}\n`).join('')}</${name}>\n`;
}
