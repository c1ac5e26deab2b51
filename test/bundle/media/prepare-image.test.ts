import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MEDIA_LIMITS } from '../../../src/bundle/media/limits.ts';
import { prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { OvnError } from '../../../src/errors.ts';
import { bytesOf, find, image } from '../../helpers/images.ts';

/**
 * The results of the fixtures. Pillow 13 decoded each raster image to the same pixels, frames, durations and ICC profile
 * as its source, ExifTool 12.57 found nothing but the orientation, and Chromium drew the SVG alike.
 */
const PREPARED = {
  'photo.jpg': {
    sha256: '2c3a481bfae9b9c95084e10805f0746a19ff180c006d6c2272b2e4e09226e95a',
    type: 'image/jpeg',
    extension: 'jpg',
    width: 32,
    height: 48,
    removed: ['IPTC', 'MPF', 'C2PA', 'EXIF', 'XMP', 'comment', 'trailing data'],
  },
  'cmyk.jpg': {
    sha256: 'b3b5a27ce0269f26f2a24261f0491ff5e39017a696b150dd064f340b2133eacd',
    type: 'image/jpeg',
    extension: 'jpg',
    width: 48,
    height: 32,
    removed: ['comment'],
  },
  'graphic.png': {
    sha256: 'c5a1b3735a811bfdaacf0a9fe42c83137def85a5b22b61969e647db5c7e3705b',
    type: 'image/png',
    extension: 'png',
    width: 10,
    height: 20,
    removed: ['text', 'XMP', 'time', 'EXIF'],
  },
  'moving.png': {
    sha256: 'cfdb24854251e269e857c69da7b0020121a71aab38ff64dd7062f13c02d5ddfb',
    type: 'image/png',
    extension: 'png',
    width: 12,
    height: 8,
    removed: ['text', 'XMP', 'time'],
  },
  'moving.gif': {
    sha256: 'd370c316b1f17e5591ce6262c4c281fb4d26f22b47eb14bcee9ff9582f41c106',
    type: 'image/gif',
    extension: 'gif',
    width: 24,
    height: 16,
    removed: ['XMP', 'text', 'comment', 'trailing data'],
  },
  'photo.webp': {
    sha256: 'feac49aaac97c8f30b7e2de5d7d469dc612ab8476fc7113ac6da99ae06deafc6',
    type: 'image/webp',
    extension: 'webp',
    width: 32,
    height: 48,
    removed: ['EXIF', 'XMP'],
  },
  'plain.webp': {
    sha256: '74ec0e0963ab2f5bd3cb7f299f176809d39712b1553d281b9e81275e80643e04',
    type: 'image/webp',
    extension: 'webp',
    width: 11,
    height: 7,
    removed: [],
  },
  'moving.webp': {
    sha256: '7715e0c7329b6afa62daa0e33a47a882d9fab6904e4b1b950ea9b8eac4d32cb7',
    type: 'image/webp',
    extension: 'webp',
    width: 25,
    height: 17,
    removed: ['EXIF', 'XMP'],
  },
  'inkscape.svg': {
    sha256: '87b6a8871e98a77cb505e62b7c1ef61905bd211abb48320275dec14c23570cb7',
    type: 'image/svg+xml',
    extension: 'svg',
    width: 302,
    height: 151,
    removed: ['comment', 'processing instruction', 'DOCTYPE', 'editor data', 'metadata'],
  },
} as const;

const FILES = Object.entries(PREPARED);
/** The place in EXIF: 59 degrees 54 minutes as rationals, in the byte order that Pillow writes. */
const LATITUDE = bytesOf([0, 0, 0, 59, 0, 0, 0, 1, 0, 0, 0, 54, 0, 0, 0, 1]);

function refusal(bytes: Uint8Array, name: string): OvnError {
  try {
    prepareImage(bytes, name);
  } catch (error) {
    if (error instanceof OvnError) return error;
    throw error;
  }
  throw new Error(`${name} was taken`);
}

describe('prepareImage', () => {
  it.each(FILES)('gives the known result for %s', (name, expected) => {
    const { bytes, ...rest } = prepareImage(image(name), name);
    expect({ sha256: hash('sha256', bytes, 'hex'), ...rest }).toEqual(expected);
  });

  it.each(FILES)('leaves nothing private in %s', (name) => {
    const { bytes } = prepareImage(image(name), name);
    for (const secret of ['SECRET', 'Jane', 'adobe:ns:meta', LATITUDE]) expect(find(bytes, secret)).toBe(-1);
  });

  it('starts from fixtures that do hold what must go', () => {
    for (const name of ['photo.jpg', 'graphic.png', 'photo.webp']) {
      expect(find(image(name), LATITUDE)).toBeGreaterThan(0);
    }
    for (const [name, { removed }] of FILES) {
      expect(find(image(name), 'SECRET') > 0, name).toBe(removed.length > 0);
    }
  });

  it.each(FILES)('changes nothing when the result of %s is prepared again', (name) => {
    const once = prepareImage(image(name), name);
    const twice = prepareImage(once.bytes, name);
    expect(twice).toEqual({ ...once, removed: [] });
  });

  it('does not change, nor depend on, what surrounds the bytes', () => {
    for (const [name, { sha256 }] of FILES) {
      const source = image(name);
      const around = bytesOf('before', source, 'after');
      const before = hash('sha256', around, 'hex');
      const { bytes } = prepareImage(around.subarray(6, 6 + source.length), name);
      expect(hash('sha256', bytes, 'hex')).toBe(sha256);
      expect(hash('sha256', around, 'hex')).toBe(before);
    }
  });

  it('leaves a Buffer that it was given as it was', () => {
    for (const [name] of FILES) {
      const source = Buffer.from(image(name));
      prepareImage(source, name);
      expect(Buffer.compare(source, image(name))).toBe(0);
    }
  });

  it('copies nothing of a clean file', () => {
    for (const name of ['cmyk.jpg', 'moving.png', 'moving.gif', 'inkscape.svg']) {
      const clean = prepareImage(image(name), name).bytes;
      expect(prepareImage(clean, name).bytes.buffer).toBe(clean.buffer);
    }
  });
});

describe('the type of an image', () => {
  it.each([
    ['photo.jpg', 'x.JPEG'],
    ['photo.jpg', 'a.b/x'],
    ['photo.jpg', 'Photo 12.07.2025'],
    ['moving.png', 'x.apng'],
  ])('is taken when %s is named %s', (file, name) => {
    expect(prepareImage(image(file), name).extension).toBe(PREPARED[file as 'photo.jpg'].extension);
  });

  it.each([
    ['photo.jpg', 'x.png'],
    ['graphic.png', 'x.html'],
    ['inkscape.svg', 'x.jpg'],
    ['moving.gif', 'x.webp'],
  ])('is refused when %s is named %s', (file, name) => {
    const error = refusal(image(file), name);
    expect(error.code).toBe('malformed');
    expect(error.message).toMatch(
      /^x\.\w+: lies about its type: named \.\w+, but its content is image\/.*; rename it/,
    );
  });

  it.each([
    ['AVIF', '\0\0\0\x20ftypavif\0\0\0\0', 'JPEG or WebP'],
    ['HEIC', '\0\0\0\x20ftypheic\0\0\0\0', 'JPEG or WebP'],
    ['HEIC', '\0\0\0\x20ftypmif1\0\0\0\0', 'JPEG or WebP'],
    ['TIFF', 'II*\0\x08\0\0\0', 'JPEG or WebP'],
    ['TIFF', 'MM\0*\0\0\0\x08', 'JPEG or WebP'],
    ['BMP', 'BM\x46\0\0\0', 'PNG or WebP'],
    ['ICO', '\0\0\x01\0\x01\0', 'PNG or WebP'],
    ['JPEG XL', '\xff\x0a\0\0', 'JPEG or WebP'],
    ['PDF', '%PDF-1.7', 'PNG or SVG'],
    ['SVGZ', '\x1f\x8b\x08\0', 'plain SVG'],
    ['UTF-16', '\xff\xfe<\0s\0v\0g\0', 'UTF-8'],
    ['video', '\0\0\0\x20ftypisom\0\0\0\0', 'JPEG'],
  ])('%s is refused with what to do', (kind, content, advice) => {
    const { code, message } = refusal(bytesOf(content), 'a/b.img');
    expect(code).toBe('malformed');
    expect(message).toMatch(/^a\/b\.img: is /);
    expect(message).toContain(kind);
    expect(message.split('; ')[1]).toContain(advice);
  });

  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['half a signature', '\xff\xd8'],
    ['HTML', '<html></html>'],
  ])('is refused of %s', (_, content) => {
    expect(refusal(bytesOf(content), 'x').code).toBe('malformed');
  });
});

describe('limits', () => {
  it('takes a file of exactly the limit and refuses one byte more', () => {
    const large = new Uint8Array(MEDIA_LIMITS.bytes + 1);
    large.set(image('photo.jpg'));
    expect(prepareImage(large.subarray(0, -1), 'x.jpg').width).toBe(32);
    expect(refusal(large, 'x.jpg')).toMatchObject({
      code: 'limit',
      message: expect.stringContaining('32 MiB'),
    });
  });

  it('refuses more than 100 megapixels', () => {
    const gif = image('moving.gif');
    gif.set([0xff, 0xff, 0xff, 0xff], 6);
    expect(refusal(gif, 'x.gif')).toMatchObject({
      code: 'limit',
      message: expect.stringContaining('megapixels'),
    });
  });
});
