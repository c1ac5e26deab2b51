import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { bytesOf, image } from '../../helpers/images.ts';

const CLEAN = prepareImage(image('moving.png'), 'x.png').bytes;

function chunk(type: string, data: string | Uint8Array | readonly number[], sum?: number): Uint8Array {
  const body = bytesOf(type, data);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(sum ?? crc32(body), 4);
  return bytesOf(numbers.subarray(0, 4), body, numbers.subarray(4));
}

/** The clean image with another chunk behind IHDR. */
function withChunk(added: Uint8Array): Uint8Array {
  return bytesOf(CLEAN.subarray(0, 33), added, CLEAN.subarray(33));
}

function withHeader(header: readonly number[]): Uint8Array {
  return bytesOf(CLEAN.subarray(0, 8), chunk('IHDR', header), CLEAN.subarray(33));
}

/** Data of the chunks of one type, by a reader of its own. */
function dataOf(png: Uint8Array, wanted: string): Uint8Array {
  const parts: Uint8Array[] = [];
  const view = new DataView(png.buffer, png.byteOffset);
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === wanted) parts.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
    if (type === 'IEND') break;
  }
  return bytesOf(...parts);
}

describe('a PNG', () => {
  it('keeps pixels, palette, transparency, profile and animation', () => {
    const kept: Record<string, string[]> = {
      'graphic.png': ['IHDR', 'PLTE', 'IDAT', 'tRNS', 'iCCP'],
      'moving.png': ['IHDR', 'IDAT', 'acTL', 'fcTL', 'fdAT'],
    };
    for (const [name, types] of Object.entries(kept)) {
      const { bytes } = prepareImage(image(name), name);
      for (const type of types) {
        expect(dataOf(image(name), type).length, type).toBeGreaterThan(0);
        expect(dataOf(bytes, type), type).toEqual(dataOf(image(name), type));
      }
    }
    const rows = inflateSync(dataOf(prepareImage(image('graphic.png'), 'x.png').bytes, 'IDAT'));
    expect(rows.length).toBe(10 * (1 + 20));
  });

  it('keeps an orientation in an eXIf of nothing else', () => {
    const { bytes } = prepareImage(image('graphic.png'), 'x.png');
    expect(Buffer.from(dataOf(bytes, 'eXIf')).toString('hex')).toBe(
      '4d4d002a000000080001011200030000000100080000' + '00000000',
    );
  });

  it.each([
    ['text', chunk('tEXt', 'Comment\0hello')],
    ['text', chunk('zTXt', 'Raw profile type exif\0\0abc')],
    ['text', chunk('iTXt', 'Title\0\0\0\0\0x')],
    ['XMP', chunk('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0x')],
    ['time', chunk('tIME', [7, 233, 1, 1, 0, 0, 0])],
    ['EXIF', chunk('eXIf', 'MM\0*\0\0\0\x08\0\0')],
    ['C2PA', chunk('caBX', 'jumb')],
    ['prVt', chunk('prVt', 'a private chunk')],
  ])('drops %s', (kind, added) => {
    expect(prepareImage(withChunk(added), 'x.png')).toMatchObject({ bytes: CLEAN, removed: [kind] });
  });

  it('drops what follows IEND', () => {
    expect(prepareImage(bytesOf(CLEAN, 'PK'), 'x.png')).toMatchObject({
      bytes: CLEAN,
      removed: ['trailing data'],
    });
  });

  it.each([
    ['a wrong checksum of a kept chunk', withChunk(chunk('gAMA', [0, 0, 0, 1], 5)), 'wrong checksum of gAMA'],
    ['a wrong checksum of a dropped chunk', withChunk(chunk('tEXt', 'a\0b', 5)), 'wrong checksum of tEXt'],
    ['an unknown critical chunk', withChunk(chunk('CgBI', [0, 0, 0, 0])), 'unknown critical chunk (CgBI)'],
    ['two headers', withChunk(CLEAN.slice(8, 33)), 'two headers'],
    ['no pixels', bytesOf(CLEAN.subarray(0, 33), chunk('IEND', '')), 'holds no image'],
    ['another first chunk', bytesOf(CLEAN.subarray(0, 8), chunk('tEXt', 'a\0b'), CLEAN.subarray(8)), 'IHDR'],
    ['a chunk type of other characters', withChunk(chunk('tE t', 'x')), 'no chunk'],
    ['no width', withHeader([0, 0, 0, 0, 0, 0, 0, 1, 8, 2, 0, 0, 0]), 'no width'],
    ['a depth that does not exist', withHeader([0, 0, 0, 1, 0, 0, 0, 1, 3, 2, 0, 0, 0]), 'does not exist'],
    [
      'a compression that does not exist',
      withHeader([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 1, 0, 0]),
      'does not exist',
    ],
    ['too many pixels', withHeader([0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0]), 'megapixels'],
  ])('is refused with %s', (_, bytes, reason) => {
    expect(() => prepareImage(bytes, 'x.png')).toThrow(reason);
  });

  it('is refused with more chunks than are reasonable', () => {
    const chunks = Buffer.concat(Array.from({ length: 100_000 }, () => chunk('tEXt', '')));
    expect(() => prepareImage(withChunk(new Uint8Array(chunks)), 'x.png')).toThrow('more than 100000 parts');
  });
});
