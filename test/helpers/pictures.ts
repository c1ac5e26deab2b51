import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { prepareImage } from '../../src/bundle/media/prepare-image.ts';
import type { Original } from '../../src/bundle/pictures/make-variants.ts';
import type { Pixels } from '../../src/bundle/pictures/pixels.ts';
import { bytesOf } from './images.ts';
import { PROJECT } from './program.ts';

/** The sample's photograph: a JPEG of 1200 x 675 pixels. */
export const PHOTO = new Uint8Array(readFileSync(`${PROJECT}/articles/images/first-light.jpg`));

/** Soft colours with an edge across, the same on every machine; with alpha, the left is seen through. */
export function painting(width: number, height: number, { alpha = false } = {}): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wave = ((x * x + 3 * y * y) % 251) >> 2;
      const side = x > y ? 90 : 0;
      data.set(
        [wave + side, (y * 3) & 0x7f, (x >> 1) & 0xff, alpha ? Math.min(255, x) : 255],
        (y * width + x) * 4,
      );
    }
  }
  return { width, height, data };
}

/** One chunk of a PNG. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = bytesOf(type, data);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return bytesOf(length, body, sum);
}

/** A PNG of eight bits, whatever its packed rows hold. */
export function pngOf(size: { width: number; height: number }, packed: Uint8Array, colour = 6): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header.set([8, colour], 8);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', packed), pngChunk('IEND', new Uint8Array())];
  return bytesOf('\x89PNG\r\n\x1a\n', ...chunks);
}

/** Pixels as a PNG. How small they are packed depends on the machine; what they unpack to does not. */
export function asPng(pixels: Pixels): Uint8Array {
  const rows = Array.from({ length: pixels.height }, (_, y) =>
    bytesOf([0], pixels.data.subarray(y * pixels.width * 4, (y + 1) * pixels.width * 4)),
  );
  return pngOf(pixels, deflateSync(bytesOf(...rows), { level: 0 }));
}

/** Puts a segment behind a JPEG's first marker. */
export function withSegment(jpeg: Uint8Array, marker: number, data: Uint8Array): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length + 2);
  return bytesOf(jpeg.subarray(0, 2), [0xff, marker], length, data, jpeg.subarray(2));
}

/** A JPEG that EXIF says is to be turned. */
export function turned(jpeg: Uint8Array, orientation: number): Uint8Array {
  const entry = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return withSegment(jpeg, 0xe1, bytesOf('Exif\0\0MM\0*\0\0\0\x08\0\x01', entry, [0, 0, 0, 0]));
}

/** The frame header of a progressive or baseline JPEG says another size. */
export function resized(jpeg: Uint8Array, width: number, height: number): Uint8Array {
  const bytes = Buffer.from(jpeg);
  const at = Math.max(bytes.indexOf('\xff\xc2', 0, 'latin1'), bytes.indexOf('\xff\xc0', 0, 'latin1'));
  bytes.writeUInt16BE(height, at + 5);
  bytes.writeUInt16BE(width, at + 7);
  return new Uint8Array(bytes);
}

/** The first part of a JPEG, and an end: its structure is right. */
export function cutShort(jpeg: Uint8Array, length: number): Uint8Array {
  return bytesOf(jpeg.subarray(0, length), [0xff, 0xd9]);
}

/** What goes to the codecs. */
export function originalOf(bytes: Uint8Array, name: string): Original {
  const { type, width, height, bytes: clean } = prepareImage(bytes, name);
  return { bytes: clean, type, width, height, name };
}
