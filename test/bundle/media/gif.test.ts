import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { bytesOf, find, image } from '../../helpers/images.ts';

const HEADER = bytesOf('GIF89a', [2, 0, 1, 0, 0x80, 0, 0], [0, 0, 0, 255, 255, 255]);
const CONTROL = bytesOf([0x21, 0xf9, 4, 0, 10, 0, 0, 0]);
const FRAME = bytesOf([0x2c, 0, 0, 0, 0, 2, 0, 1, 0, 0], [2, 2, 0x44, 0x0a, 0]);
const LOOP = bytesOf([0x21, 0xff, 11], 'NETSCAPE2.0', [3, 1, 0, 0, 0]);
const END = bytesOf([0x3b]);
const PLAIN = bytesOf(HEADER, LOOP, CONTROL, FRAME, END);

function application(name: string, ...data: number[]): Uint8Array {
  return bytesOf([0x21, 0xff, name.length], name, data, [0]);
}

function prepare(...parts: Uint8Array[]) {
  return prepareImage(bytesOf(...parts), 'x.gif');
}

describe('a GIF', () => {
  it('is kept as it is when there is nothing to remove', () => {
    expect(prepare(PLAIN)).toMatchObject({ bytes: PLAIN, width: 2, height: 1, removed: [] });
  });

  it('keeps every frame of an animation, its timing and its loop', () => {
    const source = image('moving.gif');
    const { bytes } = prepareImage(source, 'x.gif');
    const frames = source.subarray(find(source, '\x21\xff\x0bNETSCAPE2.0'));
    const images = frames.subarray(find(frames, '\x21\xf9\x04'), find(frames, '\x3bSECRET') + 1);
    expect(images.length).toBeGreaterThan(500);
    expect(find(bytes, images)).toBe(bytes.length - images.length);
    expect(find(bytes, bytesOf('NETSCAPE2.0', [3, 1, 2, 0, 0]))).toBeGreaterThan(0);
  });

  it.each([
    ['comment', bytesOf([0x21, 0xfe, 2], 'hi', [1], '!', [0])],
    ['XMP', application('XMP DataXMP', 1, 65)],
    ['application data', application('ICCRGBG1012', 1, 65)],
    ['application data', application('NETSCAPE2.0', 3, 1, 0, 0, 2, 65, 66)],
    ['application data', application('NETSCAPE2.0', 3, 2, 0, 0, 4, 1, 2, 3, 4)],
    ['application data', application('NETSCAPE')],
    ['application data', bytesOf([0x21, 0x99, 1, 65, 0])],
    ['text', bytesOf(CONTROL, [0x21, 0x01, 12], new Uint8Array(12), [1, 65, 0])],
  ])('drops %s', (kind, added) => {
    expect(prepare(HEADER, LOOP, added, CONTROL, FRAME, END)).toMatchObject({
      bytes: PLAIN,
      removed: [kind],
    });
  });

  it('drops the graphic control of a dropped text, which the next frame would obey', () => {
    const text = bytesOf(CONTROL, [0x21, 0x01, 12], new Uint8Array(12), [1, 65, 0]);
    expect(prepare(HEADER, text, FRAME, END).bytes).toEqual(bytesOf(HEADER, FRAME, END));
  });

  it('keeps a loop with a buffer size, and the other name of it', () => {
    const loop = application('ANIMEXTS1.0', 3, 1, 0, 0, 5, 2, 0, 0, 0, 0);
    expect(prepare(HEADER, loop, FRAME, END)).toMatchObject({
      bytes: bytesOf(HEADER, loop, FRAME, END),
      removed: [],
    });
  });

  it('drops what follows the trailer', () => {
    expect(prepare(PLAIN, PLAIN)).toMatchObject({ bytes: PLAIN, removed: ['trailing data'] });
  });

  it.each([
    ['no frame', [HEADER, LOOP, END], 'holds no image'],
    ['no trailer', [HEADER, FRAME], 'breaks off at byte'],
    ['an unknown block', [HEADER, bytesOf([0x33]), FRAME, END], 'no block at byte 19'],
    [
      'a broken graphic control',
      [HEADER, bytesOf([0x21, 0xf9, 3, 0, 10, 0, 0]), FRAME, END],
      'graphic control',
    ],
    ['an impossible code size', [HEADER, bytesOf(FRAME.subarray(0, 10), [99, 0]), END], 'cannot be read'],
    [
      'a frame of no width',
      [HEADER, bytesOf([0x2c, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0]), END],
      'no width or height',
    ],
  ])('is refused with %s', (_, parts, reason) => {
    expect(() => prepare(...parts)).toThrow(reason);
  });
});
