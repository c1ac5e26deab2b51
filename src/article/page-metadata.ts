import { pageAddress, siteOf } from './addresses.ts';
import type { ArticleDocument } from './document.ts';
import { escapeHtml } from './html.ts';
import { leadFile } from './lead-file.ts';
import { type LinkedDataPlace, newsArticle } from './linked-data.ts';

/** What the head of an article's page says to machines: Open Graph where the outlet has an address, and JSON-LD. */
export function articleMetadata(document: ArticleDocument, place: LinkedDataPlace = {}): string[] {
  const lead = leadFile(document);
  const facts = lead === undefined ? document : { ...document, image: lead };
  return [...openGraph(facts), dataBlock(newsArticle(document, place))];
}

/** A block of data is no script: nothing of it is run, and a policy that allows no script lets it stand. */
export function dataBlock(data: unknown): string {
  const text = JSON.stringify(data).replace(UNSAFE, escapeCharacter);
  return `<script type="application/ld+json">${text}</script>`;
}

/** What could end the block or a line of it. */
const UNSAFE = /[<>&\u2028\u2029]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What Open Graph says of an article. */
export interface GraphFacts
  extends Pick<
    ArticleDocument,
    'identifier' | 'headline' | 'description' | 'datePublished' | 'dateModified' | 'categories'
  > {
  publication: { name: string; url?: string };
  /** `path` is below the bundle's folder. */
  image?: { path: string; alt?: string; width?: number; height?: number };
}

/** Open Graph (ogp.me) knows only absolute addresses: nothing where the outlet has none. */
export function openGraph(document: GraphFacts): string[] {
  const { publication, identifier, headline, description } = document;
  const page = pageAddress(identifier, publication);
  if (page === undefined) return [];
  const meta: [property: string, content: string][] = [
    ['og:type', 'article'],
    ['og:title', headline],
    ...(description === undefined ? [] : [['og:description', description] as [string, string]]),
    ['og:url', page],
    ['og:site_name', publication.name],
    ...imageMeta(document),
    ['article:published_time', document.datePublished],
    ['article:modified_time', document.dateModified],
    ...document.categories.map(({ name }): [string, string] => ['article:section', name]),
  ];
  return meta.map(([property, content]) => `<meta property="${property}" content="${escapeHtml(content)}">`);
}

function imageMeta({ publication, identifier, image }: GraphFacts): [string, string][] {
  const site = siteOf(publication);
  if (image === undefined || site === undefined) return [];
  const { path, width, height, alt = '' } = image;
  return [
    ['og:image', `${site}articles/${identifier}/${path}`],
    ...(width === undefined ? [] : [['og:image:width', String(width)] as [string, string]]),
    ...(height === undefined ? [] : [['og:image:height', String(height)] as [string, string]]),
    ...(alt === '' ? [] : [['og:image:alt', alt] as [string, string]]),
  ];
}
