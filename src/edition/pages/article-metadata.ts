import { pageAddress } from '../../article/addresses.ts';
import { publisherOf } from '../../article/linked-data.ts';
import { dataBlock, openGraph } from '../../article/page-metadata.ts';
import type { Entry } from '../archive.ts';
import { markedHeadline } from '../feeds/corrections.ts';
import type { Publication } from '../publication.ts';

const OPEN = '<script type="application/ld+json">';
const CLOSE = '</script>';

/**
 * What the head of an article's page in the edition says to machines: the JSON-LD of its bundle's page, with the outlet, the categories
 * and the addresses as they are now and the CID, which that page cannot know; and Open Graph, where the outlet has an address.
 *
 * @param bundlePage its bytes, a character for each.
 * @param folder of the bundle, with a slash at its end.
 */
export function siteMetadata(
  publication: Publication,
  entry: Entry,
  bundlePage: string,
  folder: string,
): string[] {
  const { id: identifier, ...facts } = entry;
  const data = linkedDataOf(bundlePage);
  const graph = openGraph({ ...facts, headline: markedHeadline(entry), identifier, publication });
  return data === undefined ? graph : [...graph, dataBlock(placed(data, publication, entry, folder))];
}

/** The block of data in the head of a bundle's page; nothing where its template has none. */
function linkedDataOf(page: string): Record<string, unknown> | undefined {
  const from = page.indexOf(OPEN);
  const to = page.indexOf(CLOSE, from);
  if (from === -1 || to === -1 || to > page.indexOf('</head>')) return undefined;
  const data = readJson(Buffer.from(page.slice(from + OPEN.length, to), 'latin1').toString('utf8'));
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (data as Record<string, unknown>)
    : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function placed(
  data: Record<string, unknown>,
  publication: Publication,
  { id, cid, categories }: Entry,
  folder: string,
): Record<string, unknown> {
  const { '@context': context, '@type': type, mainEntityOfPage: _, url: __, ...rest } = data;
  const page = pageAddress(id, publication);
  return {
    '@context': context,
    '@type': type,
    ...(page === undefined ? {} : { mainEntityOfPage: page, url: page }),
    sameAs: `ipfs://${cid}/`,
    ...rest,
    ...(Array.isArray(data['image'])
      ? { image: data['image'].map((image: unknown) => intoFolder(image, folder)) }
      : {}),
    publisher: publisherOf({ publication }),
    articleSection: categories.map(({ name }) => name),
  };
}

/** A picture of the bundle, by its address from beside it. */
function intoFolder(image: unknown, folder: string): unknown {
  if (typeof image !== 'object' || image === null || !('url' in image)) return image;
  return { ...image, url: `${folder}${image.url}` };
}
