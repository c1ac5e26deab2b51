import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeVariants } from '../../../src/bundle/pictures/make-variants.ts';
import { loadCodec } from '../../../src/workflows/publishing/codec-files.ts';
import { bytesOf, find, image } from '../../helpers/images.ts';
import { cutShort, originalOf, PHOTO, pngOf, resized } from '../../helpers/pictures.ts';

const SIZE = { width: 10, height: 10 };
const ROWS = new Uint8Array(410);
const WEBP = image('photo.webp');

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

/** What is not the picture that it says it is, though its structure is right; and what is said of it. */
const REFUSED: [what: string, name: string, bytes: () => Uint8Array, said: RegExp][] = [
  [
    'a JPEG that breaks off',
    'a.jpg',
    () => cutShort(PHOTO, 20_000),
    /^a\.jpg: .*cannot be decoded .*premature end/i,
  ],
  [
    'a JPEG whose header says more than it holds',
    'a.jpg',
    () => resized(PHOTO, 9999, 9999),
    /39\d+ bytes cannot hold them/,
  ],
  [
    'a PNG that unpacks to gigabytes',
    'a.png',
    () => pngOf(SIZE, deflateSync(Buffer.alloc(50_000_000))),
    /unpack to more/,
  ],
  [
    'a PNG whose rows are too few',
    'a.png',
    () => pngOf(SIZE, deflateSync(ROWS.subarray(41))),
    /pixels are missing/,
  ],
  ['a PNG whose rows are damaged', 'a.png', () => pngOf(SIZE, bytesOf('x', deflateSync(ROWS))), /damaged/],
  [
    'a PNG with a filter that does not exist',
    'a.png',
    () => pngOf(SIZE, deflateSync(withByte(ROWS, 41, 9))),
    /broken/,
  ],
  [
    'a WebP whose pixels are not there',
    'a.webp',
    () => withByte(WEBP, find(WEBP, 'VP8 ') + 10, 0xff),
    /its pixels are broken/,
  ],
];

describe('a picture that cannot be decoded is refused', () => {
  it.each(REFUSED)('%s', async (_, name, make, said) => {
    await expect(async () => makeVariants(originalOf(make(), name), loadCodec)).rejects.toMatchObject({
      name: 'OvnError',
      code: 'malformed',
      message: expect.stringMatching(said),
    });
  });

  it('a JPEG that asks for more work than any picture is worth', async () => {
    const scanAt = Buffer.from(PHOTO).lastIndexOf('\xff\xda', undefined, 'latin1');
    const scan = PHOTO.subarray(scanAt, -2);
    const many = bytesOf(PHOTO.subarray(0, -2), ...Array.from({ length: 200 }, () => scan), [0xff, 0xd9]);
    await expect(async () =>
      makeVariants(originalOf(resized(many, 9999, 9999), 'a.jpg'), loadCodec),
    ).rejects.toMatchObject({ code: 'limit', message: expect.stringContaining('scans of 9999 x 9999') });
  });

  it('a PNG, piece by piece: its rows are never all in memory', async () => {
    const rows = Buffer.alloc(4201 * 4 * 1000, 9);
    const picture = originalOf(
      pngOf({ width: 4200, height: 1000 }, deflateSync(rows, { level: 1 })),
      'a.png',
    );
    let pieces = 0;
    const count = setInterval(() => (pieces += 1), 0);
    await expect(makeVariants(picture, loadCodec)).rejects.toThrow('are broken');
    clearInterval(count);
    expect(pieces).toBeGreaterThan(0);
  });

  it('but not one with the filling bytes that cameras leave at the end', async () => {
    const filled = bytesOf(PHOTO.subarray(0, -2), [0, 0, 0], [0xff, 0xd9]);
    expect(await makeVariants(originalOf(filled, 'a.jpg'), loadCodec)).toHaveLength(2);
  });
});
