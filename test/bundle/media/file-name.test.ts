import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaFileName } from '../../../src/bundle/media/file-name.ts';

const BYTES = Uint8Array.of(1, 2, 3);

describe('mediaFileName', () => {
  it.each([
    ['harbour.jpg', 'harbour-039058c6.jpg'],
    ['../images/Ålesund Harbour (1).JPEG', 'alesund-harbour-1-039058c6.jpg'],
    ['C:\\photos\\Été.png', 'ete-039058c6.jpg'],
    ['ﬁnal—version.v2.png', 'final-version-v2-039058c6.jpg'],
    ['港.png', 'image-039058c6.jpg'],
    ['', 'image-039058c6.jpg'],
    ['.png', 'image-039058c6.jpg'],
    ['images/', 'image-039058c6.jpg'],
    [`${'a'.repeat(39)} b.png`, `${'a'.repeat(39)}-039058c6.jpg`],
    [`${'a'.repeat(50)}.png`, `${'a'.repeat(40)}-039058c6.jpg`],
  ])('names %j', (reference, expected) => {
    expect(mediaFileName(reference, BYTES, 'jpg')).toBe(expected);
  });

  it('is another for other bytes', () => {
    expect(mediaFileName('a.png', Uint8Array.of(1), 'png')).not.toBe(mediaFileName('a.png', BYTES, 'png'));
  });

  it('is a safe file name whatever the reference', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (reference) => {
        expect(mediaFileName(reference, BYTES, 'webp')).toMatch(
          /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?-039058c6\.webp$/,
        );
      }),
    );
  });
});
