import { escapeHtml, pageFooter, renderShell } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import type { Archive } from '../archive.ts';
import type { Publication } from '../publication.ts';
import { below, navigation, type Place } from './navigation.ts';

/** Any trustless gateway answers it with everything below the page. */
const DOWNLOAD = '<a class="download" href="./?format=car" download>Download IPFS</a>';

export interface PageContext {
  publication: Publication;
  archive: Archive;
}

/** What one page of an edition is made of. */
export interface PageContent {
  title: string;
  /** Way from the page to the folder that it is seen in, with a slash at its end: the edition's root, or a category that is seen alone. */
  top: string;
  main: string;
  /** Title of the feeds of the page, where there are some. */
  feed?: string;
  /** Folder of the feeds, where they do not lie beside the page. */
  feedFolder?: string;
  /** The page's own policy, where a script of ours runs on it, and further lines of its head. */
  policy?: string;
  metadata?: readonly string[];
  /** What the page is about; the outlet's tagline when absent. */
  description?: string;
}

/** A page that belongs to the edition, with its navigation. */
export interface SitePageContent extends PageContent {
  /** The place that the page is. */
  here?: Place;
  isWide?: boolean;
  /** Where "Download IPFS" is answered with what the page shows; the page's own folder when absent. */
  folder?: string;
}

/** A page of the edition, around its main part. */
export function renderSitePage(
  publication: Publication,
  { here, isWide = false, folder = './', ...content }: SitePageContent,
): string {
  const { language } = publication;
  const check = `<a href="${below(content.top)}verify.html">${escapeHtml(wordsFor(language).check)}</a>`;
  return renderShell({
    ...shellOf(publication, content),
    navigation: navigation(content.top, here, language),
    footer: pageFooter([`${DOWNLOAD.replace('./', folder)} ${check}`]),
    isWide,
  });
}

/** A page inside a category, which may be seen alone: it leads to nothing outside. */
export function renderCategoryInnerPage(publication: Publication, content: PageContent): string {
  return renderShell({ ...shellOf(publication, content), footer: pageFooter([DOWNLOAD]) });
}

function shellOf(publication: Publication, { feed, feedFolder = '', top, ...content }: PageContent) {
  const alternates =
    feed === undefined
      ? {}
      : {
          alternates: [
            { type: 'application/atom+xml', href: `${feedFolder}feed.atom`, title: feed },
            { type: 'application/feed+json', href: `${feedFolder}feed.json`, title: feed },
          ],
        };
  return {
    ...alternates,
    lang: publication.language,
    publication,
    look: publication.look,
    description: publication.tagline,
    home: top,
    style: `${below(top)}style.css`,
    ...content,
  };
}
