import type { ArticleDocument, BundleFile } from '../../article/document.ts';

/** The pictures of an article as associated items of ninjs, the one that stands for it first. */
export function picturesOf({ files }: ArticleDocument, cid: string): Record<string, unknown>[] {
  const pictures = files.filter(({ role, variantOf }) => role === 'image' && variantOf === undefined);
  const inOrder = [
    ...pictures.filter(({ lead }) => lead === true),
    ...pictures.filter(({ lead }) => lead !== true),
  ];
  return inOrder.map((file, at) => {
    const variants = files.filter(({ variantOf }) => variantOf === file.path);
    return pictureOf(file, variants, cid, at + 1);
  });
}

function pictureOf(
  file: BundleFile,
  variants: readonly BundleFile[],
  cid: string,
  number: number,
): Record<string, unknown> {
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
    renditions: [
      renditionOf(file, 'original', cid),
      ...variants.map((variant) => renditionOf(variant, `width-${variant.width}`, cid)),
    ],
  };
}

function renditionOf(
  { path, type, size, width, height }: BundleFile,
  name: string,
  cid: string,
): Record<string, unknown> {
  const pixels = width === undefined || height === undefined ? {} : { width, height };
  return { name, href: `ipfs://${cid}/${path}`, contentType: type, sizeInBytes: size, ...pixels };
}
