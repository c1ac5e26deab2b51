/** What one image may be at most. What goes beyond is refused before more work is spent on it. */
export const MEDIA_LIMITS = {
  /** Bytes of a file: 32 MiB. */
  bytes: 32 * 1024 * 1024,
  /** Pixels of a raster image (width times height), and of all that an SVG embeds together. */
  pixels: 100_000_000,
  /** JPEG segments, PNG chunks, GIF blocks, WebP chunks of a file. */
  segments: 100_000,
  /** Scans of a JPEG: every one makes a decoder pass over the whole image, whatever its length. */
  scans: 256,
  /** Elements, comments and instructions of an SVG. */
  elements: 500_000,
  /** Elements of an SVG inside each other. */
  depth: 256,
  /** CSS pixels of one side of an SVG. */
  side: 1_000_000,
} as const;

/** Bytes of one image file: what a reader of files stops at. */
export const IMAGE_LIMIT = MEDIA_LIMITS.bytes;
