import { hash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { CID } from 'multiformats/cid';
import type { Article } from '../../article/article.ts';
import type { BundleFile } from '../../article/document.ts';
import { imageReferences } from '../../article/markdown.ts';
import type { BundleMedia } from '../../bundle/build-bundle.ts';
import { mediaFileName, nameByDigest } from '../../bundle/media/file-name.ts';
import type { ImageType } from '../../bundle/media/image-type.ts';
import { IMAGE_LIMIT } from '../../bundle/media/limits.ts';
import { type PreparedImage, prepareImage } from '../../bundle/media/prepare-image.ts';
import { type Finding, OvnError } from '../../errors.ts';
import type { KeptVariant } from '../../repo/picture-variants.ts';
import { type FileStat, locate, readFileLimited, sourcePath } from '../../repo/source-files.ts';
import type { BlockSink, Link } from '../../unixfs/block.ts';
import { addFile } from '../../unixfs/file.ts';

/** An image file that an article shows, as it lies on disk. */
export interface LoadedMedia {
  /** As the source refers to it, normalised. */
  reference: string;
  alt: string;
  /** On disk, as the index names it. */
  path: string;
  stat: FileStat;
  /** sha256 of the untouched bytes, hex. */
  digest: string;
  type: ImageType;
  /** Width times height. */
  pixels: number;
  lead: boolean;
  /** Line of the source that names it, 1-based. */
  line: number;
  /** Its smaller renditions, the widest first; absent before it was decoded. */
  variants?: readonly KeptVariant[];
}

/**
 * Looks at every local image of an article, in the order of their references: it must be there and be a picture that
 * can be published. Its bytes are read again when the bundle is made, so that a large archive fits into memory.
 */
export function inspectMedia(
  root: string,
  source: string,
  article: Article,
): { loaded: LoadedMedia[]; findings: Finding[] } {
  const loaded = new Map<string, LoadedMedia>();
  const findings: Finding[] = [];
  const folder = dirname(locate(root, source));
  for (const { reference, alt, line, lead } of wantedImages(article)) {
    if (loaded.has(reference)) continue;
    try {
      loaded.set(reference, { ...readImage(root, folder, reference), reference, alt, lead, line });
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      findings.push({
        severity: 'error',
        file: source,
        line,
        message: error.message,
      });
    }
  }
  return { loaded: [...loaded.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1)), findings };
}

interface WantedImage {
  reference: string;
  alt: string;
  line: number;
  lead: boolean;
}

function wantedImages(article: Article): WantedImage[] {
  const wanted: WantedImage[] = [];
  if (article.image !== undefined) {
    const { source, alt, line } = article.image;
    wanted.push({ reference: source, alt, line, lead: true });
  }
  for (const image of imageReferences(article.body)) {
    wanted.push({ ...image, line: image.line + article.bodyLine - 1, lead: false });
  }
  return wanted;
}

function readImage(
  root: string,
  folder: string,
  reference: string,
): Pick<LoadedMedia, 'path' | 'stat' | 'digest' | 'type' | 'pixels'> {
  const file = resolve(folder, reference);
  const path = sourcePath(root, file);
  const { bytes, stat } = readFileLimited(file, IMAGE_LIMIT, path);
  const { type, width, height } = prepareImage(bytes, reference);
  return { path, stat, digest: hash('sha256', bytes, 'hex'), type, pixels: width * height };
}

/**
 * Reads an inspected image once more, cleaned.
 *
 * @throws {OvnError} `source` when the file changed in between.
 */
export function readInspected(
  root: string,
  media: Pick<LoadedMedia, 'path' | 'digest' | 'reference'>,
): PreparedImage {
  const { bytes } = readFileLimited(locate(root, media.path), IMAGE_LIMIT, media.path);
  if (hash('sha256', bytes, 'hex') !== media.digest) {
    throw new OvnError('source', `${media.path} changed while it was being published`, {
      hint: 'Run it again.',
    });
  }
  return prepareImage(bytes, media.reference);
}

/**
 * Reads an inspected image once more and stores it, cleaned, as a file of the bundle; after it come its variants, whose blocks were
 * stored when they were made.
 *
 * @throws {OvnError} `source` when the file changed in between.
 */
export async function addMedia(
  root: string,
  media: LoadedMedia,
  article: Article,
  sink: BlockSink,
): Promise<[BundleMedia, ...BundleMedia[]]> {
  const { variants } = media;
  if (variants === undefined) throw new Error(`${media.path} would be published before it was decoded`);
  const image = readInspected(root, media);
  const link = await addFile(image.bytes, sink);
  const file = describeFile(media, image, link, article);
  return [{ link, file }, ...variants.map((variant) => addVariant(variant, media.reference, file, image))];
}

function addVariant(
  { cid, tsize, size, digest, width, height }: KeptVariant,
  reference: string,
  { path: variantOf, type }: BundleFile,
  { extension }: PreparedImage,
): BundleMedia {
  const path = `media/${nameByDigest(reference, digest, extension)}`;
  return {
    link: { cid: CID.parse(cid), size: tsize },
    file: { path, cid, size, type, role: 'image', width, height, variantOf },
  };
}

function describeFile(
  media: LoadedMedia,
  image: PreparedImage,
  link: Link,
  { image: lead }: Article,
): BundleFile {
  return {
    path: `media/${mediaFileName(media.reference, image.bytes, image.extension)}`,
    cid: link.cid.toString(),
    size: image.bytes.length,
    type: image.type,
    role: 'image',
    source: [media.reference],
    alt: media.alt,
    width: image.width,
    height: image.height,
    ...(media.lead && lead?.caption !== undefined ? { caption: lead.caption } : {}),
    ...(media.lead && lead?.credit !== undefined ? { credit: lead.credit } : {}),
    ...(media.lead ? { lead: true } : {}),
  };
}
