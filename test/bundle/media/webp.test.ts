import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { bytesOf, find, image } from '../../helpers/images.ts';

const PLAIN = image('plain.webp');
const ORIENTED = bytesOf('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0');
/** The lossless picture of 11 x 7 pixels as a chunk of its own. */
const PIXELS = PLAIN.subarray(12);

function u32le(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
}

function chunk(id: string, data: string | Uint8Array | readonly number[]): Uint8Array {
  return bytesOf(id, u32le(data.length), data, data.length % 2 === 1 ? [0] : []);
}

function riff(...chunks: Uint8Array[]): Uint8Array {
  const body = bytesOf('WEBP', ...chunks);
  return bytesOf('RIFF', u32le(body.length), body);
}

function extended(flags: number, width = 11, height = 7): Uint8Array {
  return chunk('VP8X', [flags, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0]);
}

function prepare(bytes: Uint8Array) {
  return prepareImage(bytes, 'x.webp');
}

/** Data of the first chunk of an id, by a reader of its own. */
function dataOf(webp: Uint8Array, id: string): Uint8Array {
  const view = new DataView(webp.buffer, webp.byteOffset);
  for (
    let at = 12;
    at < webp.length;
    at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) & 1)
  ) {
    const length = view.getUint32(at + 4, true);
    if (String.fromCharCode(...webp.subarray(at, at + 4)) === id)
      return webp.subarray(at + 8, at + 8 + length);
  }
  return new Uint8Array();
}

describe('a WebP', () => {
  it('keeps pixels and profile', () => {
    const source = image('photo.webp');
    const { bytes } = prepare(source);
    for (const id of ['VP8 ', 'ICCP']) {
      expect(dataOf(source, id).length).toBeGreaterThan(100);
      expect(dataOf(bytes, id)).toEqual(dataOf(source, id));
    }
  });

  it('keeps every frame of an animation', () => {
    const source = image('moving.webp');
    const { bytes, width, height } = prepare(source);
    expect([width, height]).toEqual([25, 17]);
    const frames = source.subarray(find(source, 'ANIM'), find(source, 'EXIF'));
    expect(find(bytes, frames)).toBe(30);
    expect(bytes.length).toBe(30 + frames.length);
  });

  it('corrects the flags and the size of the file', () => {
    const { bytes } = prepare(image('photo.webp'));
    expect(dataOf(bytes, 'VP8X')[0]).toBe(0x28);
    expect(dataOf(bytes, 'EXIF')).toEqual(ORIENTED);
    expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(bytes.length - 8);
    expect(dataOf(prepare(image('moving.webp')).bytes, 'VP8X')[0]).toBe(0x02);
  });

  it('leaves nothing in reserved bits', () => {
    const reserved = chunk('VP8X', [0xc1, 1, 2, 3, 10, 0, 0, 6, 0, 0]);
    expect(prepare(riff(reserved, PIXELS)).bytes).toEqual(riff(extended(0), PIXELS));
  });

  it('obeys only an EXIF that is announced', () => {
    const announced = prepare(riff(extended(0x08), PIXELS, chunk('EXIF', ORIENTED)));
    expect(announced).toMatchObject({ width: 7, height: 11, removed: [] });
    const hidden = prepare(riff(extended(0x00), PIXELS, chunk('EXIF', ORIENTED)));
    expect(hidden).toMatchObject({
      bytes: riff(extended(0), PIXELS),
      width: 11,
      height: 7,
      removed: ['EXIF'],
    });
  });

  it.each([
    ['XMP', chunk('XMP ', '<x/>')],
    ['EXIF', chunk('EXIF', 'odd')],
    ['chunk FOOO', chunk('FOOO', 'x')],
  ])('drops %s', (kind, added) => {
    expect(prepare(riff(extended(0x0c), PIXELS, added))).toMatchObject({
      bytes: riff(extended(0), PIXELS),
      removed: [kind],
    });
    expect(prepare(riff(PIXELS, added))).toMatchObject({ bytes: PLAIN, removed: [kind] });
  });

  it('drops what hides between the parts of a frame', () => {
    const place = [0, 0, 0, 0, 0, 0, 10, 0, 0, 6, 0, 0, 100, 0, 0, 0];
    const start = [extended(0x02), chunk('ANIM', [0, 0, 0, 0, 0, 0])];
    const clean = riff(...start, chunk('ANMF', bytesOf(place, PIXELS)));
    const dirty = riff(...start, chunk('ANMF', bytesOf(place, PIXELS, chunk('NOTE', 'me'))));
    expect(prepare(clean)).toMatchObject({ bytes: clean, removed: [] });
    expect(prepare(dirty)).toMatchObject({ bytes: clean, removed: ['chunk NOTE'] });
  });

  it('drops what follows the container', () => {
    expect(prepare(bytesOf(PLAIN, 'more'))).toMatchObject({ bytes: PLAIN, removed: ['trailing data'] });
  });

  it.each([
    ['a container that breaks off', PLAIN.subarray(0, -2), 'breaks off'],
    ['another canvas than its image', riff(extended(0, 12, 7), PIXELS), 'another size'],
    ['two images', riff(PIXELS, PIXELS), 'an image too many'],
    ['no image', riff(extended(0)), 'holds no image'],
    ['a second header', riff(extended(0), extended(0), PIXELS), 'misplaced header'],
    ['a frame in a still image', riff(extended(0), chunk('ANMF', new Uint8Array(16))), 'misplaced frame'],
    ['a chunk longer than the file', riff(bytesOf('VP8L', u32le(9999), [0x2f])), 'a chunk that breaks off'],
    ['an image that is none', riff(chunk('VP8L', new Uint8Array(10))), 'no image'],
    ['a frame that is no key frame', riff(chunk('VP8 ', new Uint8Array(12).fill(1))), 'no image'],
  ])('is refused with %s', (_, bytes, reason) => {
    expect(() => prepare(bytes)).toThrow(reason);
  });
});
