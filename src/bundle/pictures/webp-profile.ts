import { ImageReader } from '../media/image-reader.ts';
import { riffChunks } from '../media/webp-chunks.ts';

const ICC_FLAG = 0x20;
const ALPHA_FLAG = 0x10;
const RIFF_HEADER = 12;
const EXTENDED_HEADER = 18;

/** Puts an ICC profile (its chunk, without padding) into a WebP that was just made (RFC 9649, 2.7). */
export function withProfile(
  webp: Uint8Array,
  profile: Uint8Array,
  size: { width: number; height: number },
): Uint8Array {
  const reader = new ImageReader(webp, 'variant', 'WebP');
  const [first] = riffChunks(reader, RIFF_HEADER, webp.length);
  const isExtended = first?.id === 'VP8X';
  const alpha = first?.id === 'VP8L' && (reader.u32le(first.data + 1) & 0x10000000) !== 0 ? ALPHA_FLAG : 0;
  const header = isExtended
    ? Buffer.from(webp.subarray(RIFF_HEADER, RIFF_HEADER + EXTENDED_HEADER))
    : extendedHeader(size, alpha);
  header[8] = (header[8] ?? 0) | ICC_FLAG;
  const rest = webp.subarray(RIFF_HEADER + (isExtended ? EXTENDED_HEADER : 0));
  const padding = Buffer.alloc(profile.length % 2);
  const riff = Buffer.from(webp.subarray(0, RIFF_HEADER));
  riff.writeUInt32LE(4 + header.length + profile.length + padding.length + rest.length, 4);
  return Buffer.concat([riff, header, profile, padding, rest]);
}

function extendedHeader({ width, height }: { width: number; height: number }, flags: number): Buffer {
  const header = Buffer.alloc(EXTENDED_HEADER);
  header.write('VP8X', 0, 'latin1');
  header.writeUInt32LE(10, 4);
  header.writeUInt8(flags, 8);
  header.writeUIntLE(width - 1, 12, 3);
  header.writeUIntLE(height - 1, 15, 3);
  return header;
}
