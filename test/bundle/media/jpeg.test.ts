import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { bytesOf, find, image } from '../../helpers/images.ts';

const CLEAN = prepareImage(image('photo.jpg'), 'photo.jpg').bytes;
const MINIMAL_EXIF = bytesOf(
  '\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0',
);

/** The clean photo without any EXIF. */
const BARE = bytesOf(
  CLEAN.subarray(0, find(CLEAN, MINIMAL_EXIF)),
  CLEAN.subarray(find(CLEAN, MINIMAL_EXIF) + MINIMAL_EXIF.length),
);

function segment(marker: number, data: string | Uint8Array): Uint8Array {
  return bytesOf([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255], data);
}

/** The clean photo with more segments behind SOI. */
function withSegments(...segments: Uint8Array[]): Uint8Array {
  return bytesOf(CLEAN.subarray(0, 2), ...segments, CLEAN.subarray(2));
}

/** EXIF with one entry, little-endian. */
function exif(tag: number, value: number): Uint8Array {
  return segment(
    0xe1,
    bytesOf(
      'Exif\0\0II*\0\x08\0\0\0\x01\0',
      [tag & 255, tag >> 8, 3, 0, 1, 0, 0, 0, value, 0, 0, 0],
      [0, 0, 0, 0],
    ),
  );
}

function prepare(bytes: Uint8Array) {
  return prepareImage(bytes, 'x.jpg');
}

/** From the first quantisation table to the end of the image: every bit that decides a pixel. */
function coded(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(find(bytes, '\xff\xdb'), find(bytes, '\xff\xd9') + 2);
}

describe('a JPEG', () => {
  it.each(['photo.jpg', 'cmyk.jpg'])('keeps the coded pixels of %s', (name) => {
    const source = image(name);
    const { bytes } = prepareImage(source, name);
    expect(coded(source).length).toBeGreaterThan(500);
    expect(coded(bytes)).toEqual(coded(source));
  });

  it('keeps JFIF, the ICC profile and the Adobe transform', () => {
    const source = image('photo.jpg');
    const profile = source.subarray(find(source, 'ICC_PROFILE') - 4);
    const length = 2 + Buffer.from(profile).readUInt16BE(2);
    expect(length).toBeGreaterThan(400);
    expect(find(CLEAN, profile.subarray(0, length))).toBeGreaterThan(0);
    expect(find(CLEAN, 'JFIF\0')).toBeGreaterThan(0);
    expect(find(prepareImage(image('cmyk.jpg'), 'x.jpg').bytes, '\xff\xee\0\x0eAdobe')).toBeGreaterThan(0);
  });

  it('keeps an orientation in an EXIF of nothing else', () => {
    expect(find(CLEAN, MINIMAL_EXIF)).toBeGreaterThan(0);
    expect(find(CLEAN, 'Exif')).toBe(find(CLEAN, MINIMAL_EXIF) + 4);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('shows the size of orientation %i', (orientation) => {
    const { width, height, bytes } = prepare(
      bytesOf(BARE.subarray(0, 2), exif(0x112, orientation), BARE.subarray(2)),
    );
    expect([width, height]).toEqual(orientation >= 5 ? [32, 48] : [48, 32]);
    expect(find(bytes, 'Exif') > 0).toBe(orientation !== 1);
  });

  it.each([
    ['another tag', exif(0x10f, 6)],
    ['an orientation that does not exist', exif(0x112, 9)],
    ['a directory outside', segment(0xe1, 'Exif\0\0MM\0*\xff\xff\xff\xff')],
    ['nothing', segment(0xe1, 'Exif\0\0')],
  ])('obeys the first EXIF, also one with %s', (_, first) => {
    const { width, height, bytes, removed } = prepare(withSegments(first));
    expect([width, height]).toEqual([48, 32]);
    expect(find(bytes, 'Exif')).toBe(-1);
    expect(removed).toEqual(['EXIF']);
  });

  it.each([
    ['XMP', segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x/>')],
    ['XMP', segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0abc')],
    ['IPTC', segment(0xed, 'Photoshop 3.0\0 8BIM')],
    ['MPF', segment(0xe2, 'MPF\0MM\0*')],
    ['thumbnail', segment(0xe0, 'JFXX\0\x10')],
    ['comment', segment(0xfe, 'hello')],
    ['C2PA', segment(0xeb, 'JP\0\0')],
    ['APP7', segment(0xe7, 'anything')],
    ['APP14', segment(0xee, 'Adobe')],
    ['APP2', segment(0xe2, '')],
  ])('drops %s', (kind, added) => {
    const { bytes, removed } = prepare(withSegments(added));
    expect(removed).toEqual([kind]);
    expect(bytes).toEqual(CLEAN);
  });

  it('drops the thumbnail inside JFIF, keeping its density', () => {
    const start = find(CLEAN, '\xff\xe0');
    const jfif = bytesOf('JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01', 'rgb');
    const { bytes, removed } = prepare(
      bytesOf(CLEAN.subarray(0, start), segment(0xe0, jfif), CLEAN.subarray(start + 18)),
    );
    expect(removed).toEqual(['thumbnail']);
    expect(bytes.subarray(start, start + 18)).toEqual(segment(0xe0, 'JFIF\0\x01\x02\x01\0\x48\0\x48\0\0'));
    expect(bytes.length).toBe(CLEAN.length);
  });

  it('obeys no EXIF behind the pixels', () => {
    const late = bytesOf(BARE.subarray(0, -2), exif(0x112, 6), BARE.subarray(-2));
    expect(prepare(late)).toMatchObject({ bytes: BARE, width: 48, height: 32, removed: ['EXIF'] });
  });

  it('keeps restarts and stuffed zeros between coded pixels', () => {
    const marked = bytesOf(BARE.subarray(0, -2), '\xff\xd0\xff\0\xff\xd7', BARE.subarray(-2));
    expect(prepare(marked)).toMatchObject({ bytes: marked, removed: [] });
  });

  it('drops a second image behind the end', () => {
    expect(prepare(bytesOf(CLEAN, CLEAN))).toMatchObject({ bytes: CLEAN, removed: ['trailing data'] });
  });

  it('takes fill bytes before a marker', () => {
    expect(prepare(withSegments(bytesOf([0xff, 0xff, 0xff]))).bytes).toEqual(CLEAN);
  });

  it.each([
    ['no scan', bytesOf(CLEAN.subarray(0, find(CLEAN, '\xff\xda')), '\xff\xd9'), 'holds no image'],
    [
      'two frames',
      withSegments(CLEAN.slice(find(CLEAN, '\xff\xc0'), find(CLEAN, '\xff\xc0') + 19)),
      'two frames',
    ],
    ['a lossless frame', withSegments(segment(0xc3, '\x08\0\x01\0\x01\x01\x01\x11\0')), '0xc3'],
    ['a nested SOI', withSegments(bytesOf('\xff\xd8')), 'no segment'],
    ['junk between segments', withSegments(segment(0xfe, ''), bytesOf('junk')), 'no marker'],
    ['a scan before its frame', withSegments(segment(0xda, '\x01\x01\0\0\x3f\0')), 'before its frame header'],
  ])('is refused with %s', (_, bytes, reason) => {
    expect(() => prepare(bytes)).toThrow(reason);
  });

  it('is refused with scans without end', () => {
    const scan = find(CLEAN, '\xff\xda');
    const scans = Array.from({ length: 256 }, () => segment(0xda, '\x01\x01\0\0\x3f\0'));
    const bytes = bytesOf(CLEAN.subarray(0, scan), ...scans, CLEAN.subarray(scan));
    expect(() => prepare(bytes)).toThrow('more than 256 scans');
  });
});
