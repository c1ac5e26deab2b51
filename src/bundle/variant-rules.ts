import type { BundleFile } from '../article/document.ts';

const TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** What is said of a picture once, and not of each of its renditions. */
const SAID_ONCE = ['source', 'alt', 'caption', 'credit', 'lead'] as const;

/**
 * What is wrong with the variants among a bundle's files; nothing where each is what it has to be: a smaller picture of the same type
 * and shape as the one that it names, which is no variant itself, and of a width of its own. Pages offer a browser both as the same
 * picture.
 */
export function variantProblem(files: readonly BundleFile[]): string | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const widths = new Set<string>();
  for (const file of files) {
    if (file.variantOf === undefined) continue;
    const width = `${file.variantOf} ${file.width}`;
    const reason =
      problemOf(file, byPath.get(file.variantOf)) ??
      (widths.has(width) ? 'is as wide as another' : undefined);
    widths.add(width);
    if (reason !== undefined) return `the variant "${file.path}" ${reason}`;
  }
  return undefined;
}

function problemOf(variant: BundleFile, original: BundleFile | undefined): string | undefined {
  if (original === undefined || original.role !== 'image') return 'names no picture of this article';
  if (original.variantOf !== undefined) return 'names another variant';
  if (variant.role !== 'image' || variant.type !== original.type || !TYPES.has(variant.type))
    return 'is not of the type of its picture';
  const said = SAID_ONCE.find((member) => variant[member] !== undefined);
  if (said !== undefined) return `has "${said}", which only the picture has`;
  return fits(variant, original) ? undefined : 'has not the shape of its picture, or is not smaller';
}

/** Its height is what its width makes of the picture's, to the nearest pixel. */
function fits({ width, height }: BundleFile, original: BundleFile): boolean {
  if (width === undefined || height === undefined) return false;
  const { width: fullWidth = 0, height: fullHeight = 0 } = original;
  if (width < 1 || width >= fullWidth) return false;
  return height === Math.max(1, Math.round((fullHeight * width) / fullWidth));
}
