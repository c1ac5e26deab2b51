import { pageFooter, renderShell } from '../../article/html.ts';
import type { Archive } from '../archive.ts';
import type { Publication } from '../publication.ts';

/** Any trustless gateway answers it with everything below the page. */
const DOWNLOAD = '<a class="download" href="./?format=car" download>Download IPFS</a>';

export interface PageContext {
  publication: Publication;
  archive: Archive;
}

/** What one page of an edition is made of. */
export interface PageContent {
  title: string;
  style: string;
  home: string;
  main: string;
  /** Title of the feeds that lie beside the page, where they do. */
  feed?: string;
  /** The link to the page of checks, which lies beside the front page. */
  check?: string;
}

/** A page of the edition, around its main part. */
export function renderEditionPage(
  publication: Publication,
  { feed, check, ...content }: PageContent,
): string {
  const alternates =
    feed === undefined
      ? {}
      : {
          alternates: [
            { type: 'application/atom+xml', href: 'feed.atom', title: feed },
            { type: 'application/feed+json', href: 'feed.json', title: feed },
          ],
        };
  return renderShell({
    ...alternates,
    lang: publication.language,
    publication,
    description: publication.tagline,
    footer: pageFooter([check === undefined ? DOWNLOAD : `${DOWNLOAD} ${check}`]),
    ...content,
  });
}
