import type { ImageType } from '../media/image-type.ts';

/**
 * Number of what is done to make variants: these widths, the filter, the encoders and their options. Raised when any of it changes,
 * so that what was made before is not taken for what would be made now. What is published stays as it is.
 */
export const RECIPE = 1;

/**
 * Pixels of a variant's width, the widest first: a column of text is 640 CSS pixels wide, a phone shows it in some 390. So 1280 is
 * the column at two device pixels to one and the phone at three, 800 the column at one and the phone at two, 480 the phone at one.
 */
export const WIDTHS = [1280, 800, 480] as const;

/** The types that have variants, where they do not move. */
export type StillType = Exclude<ImageType, 'image/gif' | 'image/svg+xml'>;

/** Whether a picture is so much wider (a fifth) that a variant spares its reader something. */
export function worthAVariant(width: number, variant: number): boolean {
  return width * 5 >= variant * 6;
}

/** Whether a variant is so much smaller in bytes (a tenth) than the next larger one, or the picture itself, that it is worth its place. */
export function sparesEnough(bytes: number, larger: number): boolean {
  return bytes * 10 <= larger * 9;
}
