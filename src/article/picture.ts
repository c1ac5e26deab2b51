import type { BundleFile } from './document.ts';

/** A picture of a page, and what it is smaller from. */
export interface PageImage {
  path: string;
  width?: number;
  height?: number;
  /** Smaller renditions of it. */
  variants: readonly { path: string; width: number }[];
}

/** How wide a picture is shown, by the page's own style: the column, or the window without its margins. */
const SIZES = '(min-width: 42.2rem) 40rem, calc(100vw - 2.2rem)';

/** A file of a bundle as pages show it. */
export function pageImage(file: BundleFile, files: readonly BundleFile[]): PageImage {
  const { path, width, height } = file;
  const variants = files.flatMap(({ path: variant, variantOf, width: pixels }) =>
    variantOf === path && pixels !== undefined ? [{ path: variant, width: pixels }] : [],
  );
  return {
    path,
    ...(width === undefined || height === undefined ? {} : { width, height }),
    variants: variants.sort((a, b) => a.width - b.width),
  };
}

/** The attributes that say how large a picture is, and which of its renditions a browser may take; with a space before each. */
export function sizeAttributes({ path, width, height, variants }: PageImage): string {
  if (width === undefined) return '';
  const pixels = ` width="${width}" height="${height}"`;
  if (variants.length === 0) return pixels;
  const sources = [...variants, { path, width }].map((each) => `${each.path} ${each.width}w`);
  return ` srcset="${sources.join(', ')}" sizes="${SIZES}"${pixels}`;
}
