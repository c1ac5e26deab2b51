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
 * @param folder of the bundle, with a slash at its end.
 */
export function siteMetadata(
  publication: Publication,
  entry: Entry,
  bundlePage: Buffer,
  folder: string,
): string[] {
  const { id: identifier, ...facts } = entry;
  const data = linkedDataOf(bundlePage);
  const graph = openGraph({ ...facts, headline: markedHeadline(entry), identifier, publication });
  return data === undefined ? graph : [...graph, dataBlock(placed(data, publication, entry, folder))];
}

/** The block of data in the head of a bundle's page; nothing where its template has none. */
function linkedDataOf(page: Buffer): Record<string, unknown> | undefined {
  const head = page.toString('utf8', 0, page.indexOf('</head>'));
  const from = head.indexOf(OPEN);
  const to = head.indexOf(CLOSE, from);
  if (from === -1 || to === -1) return undefined;
  const data = readJson(head.slice(from + OPEN.length, to));
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
