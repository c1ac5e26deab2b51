import type { ArticleDocument, BundleFile } from '../../article/document.ts';

/** The pictures of an article as associated items of ninjs, the one that stands for it first. */
export function picturesOf({ files }: ArticleDocument, cid: string): Record<string, unknown>[] {
  const pictures = files.filter(({ role }) => role === 'image');
  const inOrder = [
    ...pictures.filter(({ lead }) => lead === true),
    ...pictures.filter(({ lead }) => lead !== true),
  ];
  return inOrder.map((file, at) => pictureOf(file, cid, at + 1));
}

function pictureOf(file: BundleFile, cid: string, number: number): Record<string, unknown> {
  const { path, caption, alt = '', credit, lead } = file;
  const uri = `ipfs://${cid}/${path}`;
  const descriptions = [
    ...(caption === undefined ? [] : [{ role: 'caption', contentType: 'text/plain', value: caption }]),
    ...(alt === '' ? [] : [{ role: 'alt', contentType: 'text/plain', value: alt }]),
  ];
  return {
    name: lead === true ? 'main' : `picture-${number}`,
    uri,
    type: 'picture',
    ...(descriptions.length === 0 ? {} : { descriptions }),
    ...(credit === undefined ? {} : { by: credit }),
    altIds: [{ role: 'cid', value: file.cid }],
    renditions: [renditionOf(file, uri)],
  };
}

function renditionOf({ type, size, width, height }: BundleFile, href: string): Record<string, unknown> {
  const pixels = width === undefined || height === undefined ? {} : { width, height };
  return { name: 'original', href, contentType: type, sizeInBytes: size, ...pixels };
}
