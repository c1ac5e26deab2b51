import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { decodeJpeg, readJpegFacts } from '../../../src/bundle/pictures/jpeg-picture.ts';
import { makeVariants } from '../../../src/bundle/pictures/make-variants.ts';
import { makeUpright } from '../../../src/bundle/pictures/orient.ts';
import type { Pixels } from '../../../src/bundle/pictures/pixels.ts';
import { encodePng } from '../../../src/bundle/pictures/png-codec.ts';
import { resize, shrink } from '../../../src/bundle/pictures/resize.ts';
import { encodeWebp, readWebpFacts } from '../../../src/bundle/pictures/webp-picture.ts';
import { withProfile } from '../../../src/bundle/pictures/webp-profile.ts';
import { loadCodec } from '../../../src/workflows/publishing/codec-files.ts';
import { bytesOf, find, image } from '../../helpers/images.ts';
import { asPng, originalOf, PHOTO, painting, pngChunk, turned, withSegment } from '../../helpers/pictures.ts';

const WEBP_FACTS = readWebpFacts(image('photo.webp'), 'x');

async function variantsOf(bytes: Uint8Array, name: string) {
  return await makeVariants(originalOf(bytes, name), loadCodec);
}

function paintedWebp(size: Pixels): Promise<Uint8Array | undefined> {
  return encodeWebp(size, { ...WEBP_FACTS, colour: [] }, loadCodec);
}

/** Each as "width x height: the digest of its bytes". */
async function digestsOf(bytes: Uint8Array, name: string): Promise<string[]> {
  const variants = await variantsOf(bytes, name);
  return variants.map(
    ({ bytes: made, width, height }) => `${width} x ${height}: ${hash('sha256', made).slice(0, 16)}`,
  );
}

/** The mean distance of two pictures' colours. */
function distance(a: Pixels, b: Pixels): number {
  let sum = 0;
  for (const [at, value] of a.data.entries()) sum += Math.abs(value - (b.data[at] ?? 0));
  return sum / a.data.length;
}

describe('the variants of a picture', () => {
  it.each([
    ['a JPEG', 'a.jpg', async () => PHOTO, ['800 x 450: 9e8a23b0926c9cd4', '480 x 270: 475373780395cb26']],
    ['a JPEG that lies on its side', 'a.jpg', async () => turned(PHOTO, 6), ['480 x 853: 36d5b2bbe61a2604']],
    [
      'a PNG with alpha',
      'a.png',
      async () => asPng(painting(640, 360, { alpha: true })),
      ['480 x 270: 7f8905e393f7ded0'],
    ],
    [
      'a WebP with alpha',
      'a.webp',
      async () => (await paintedWebp(painting(640, 360, { alpha: true }))) ?? new Uint8Array(),
      ['480 x 270: 465a762576915b6f'],
    ],
  ])('of %s have the same bytes on every machine', async (_, name, make, golden) => {
    expect(await digestsOf(await make(), name)).toEqual(golden);
  });

  it('are pictures of their own that prepareImage lets pass as they are', async () => {
    for (const { bytes, width, height } of await variantsOf(PHOTO, 'a.jpg')) {
      expect(prepareImage(bytes, 'a.jpg')).toMatchObject({ width, height, removed: [] });
    }
  });

  it('show what the original shows, upright', async () => {
    const facts = readJpegFacts(PHOTO, 'a.jpg');
    const decoded = await decodeJpeg(PHOTO, 'a.jpg', facts, loadCodec);
    const [variant] = await variantsOf(turned(PHOTO, 6), 'a.jpg');
    const bytes = variant?.bytes ?? new Uint8Array();
    const shown = await decodeJpeg(bytes, 'v', readJpegFacts(bytes, 'v'), loadCodec);
    const expected = makeUpright(resize(decoded, 853, 480, loadCodec), 6);
    expect(distance(shown, expected)).toBeLessThan(4);
    expect(distance(shown, makeUpright(expected, 3))).toBeGreaterThan(12);
  });

  it('have the original’s colour profile, or its chunks about colour', async () => {
    const profile = bytesOf('ICC_PROFILE\0\x01\x01', new Uint8Array(200).fill(7));
    for (const { bytes } of await variantsOf(withSegment(PHOTO, 0xe2, profile), 'a.jpg')) {
      expect(find(bytes, profile)).toBeGreaterThan(0);
    }
    const png = asPng(painting(640, 360));
    const gamma = pngChunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f]));
    const [small] = await variantsOf(bytesOf(png.subarray(0, 33), gamma, png.subarray(33)), 'a.png');
    expect(find(small?.bytes ?? new Uint8Array(), gamma)).toBe(33);
    const painted = painting(640, 360);
    const webp = (await paintedWebp(painted)) ?? new Uint8Array();
    const chunk = bytesOf('ICCP\x05\0\0\0', [1, 2, 3, 4, 5]);
    const [tiny] = await variantsOf(withProfile(webp, chunk, painted), 'a.webp');
    expect(find(tiny?.bytes ?? new Uint8Array(), chunk)).toBeGreaterThan(0);
    expect(prepareImage(tiny?.bytes ?? new Uint8Array(), 'a.webp').removed).toEqual([]);
  });

  it('are left out where they would not be smaller, or hardly narrower', async () => {
    expect(await variantsOf(asPng(painting(560, 300)), 'a.png')).toEqual([]);
    const flat = encodePng({ width: 700, height: 2, data: new Uint8Array(5600).fill(90) }, loadCodec('png'));
    expect(await variantsOf(flat, 'a.png')).toEqual([]);
  });

  it('are not made of what moves, and of CMYK', async () => {
    for (const name of ['moving.gif', 'moving.png', 'moving.webp', 'cmyk.jpg', 'inkscape.svg']) {
      expect(await variantsOf(image(name), name)).toEqual([]);
    }
  });
});

describe('makeUpright', () => {
  it.each([
    [1, 'abc/def'],
    [2, 'cba/fed'],
    [3, 'fed/cba'],
    [4, 'def/abc'],
    [5, 'ad/be/cf'],
    [6, 'da/eb/fc'],
    [7, 'fc/eb/da'],
    [8, 'cf/be/ad'],
  ])('turns by orientation %i', (orientation, expected) => {
    const data = new Uint8Array(Buffer.from('aaaabbbbccccddddeeeeffff'));
    const { width, data: turnedData } = makeUpright({ width: 3, height: 2, data }, orientation);
    const letters = Buffer.from(turnedData.filter((_, at) => at % 4 === 0)).toString();
    expect(letters.match(new RegExp(`.{${width}}`, 'g'))?.join('/')).toBe(expected);
  });
});

describe('shrink', () => {
  it('takes the mean of squares, weighed by alpha, and loses no edge', () => {
    const data = new Uint8Array([0, 0, 0, 255, 200, 0, 0, 255, 9, 9, 9, 0, 30, 60, 90, 255, 30, 60, 90, 255]);
    const { width, height, data: small } = shrink({ width: 5, height: 1, data }, 2);
    expect({ width, height }).toEqual({ width: 2, height: 1 });
    expect([...small]).toEqual([141, 0, 0, 255, 30, 60, 90, 170]);
  });
});
