import { type Pixels, wordsOf } from './pixels.ts';

/** Turns a picture as EXIF's orientation (1 to 8; Exif 2.32, 4.6.4) says, so that it stands upright without it. */
export function makeUpright(pixels: Pixels, orientation: number): Pixels {
  if (orientation <= 1 || orientation > 8) return pixels;
  const { width, height } = pixels;
  const lies = orientation >= 5;
  const [toWidth, toHeight] = lies ? [height, width] : [width, height];
  const flipsX = [2, 3, 7, 8].includes(orientation);
  const flipsY = [3, 4, 6, 7].includes(orientation);
  const from = wordsOf(pixels);
  const to = new Uint32Array(from.length);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      const [column, row] = lies ? [y, x] : [x, y];
      const left = flipsX ? width - 1 - column : column;
      const top = flipsY ? height - 1 - row : row;
      to[y * toWidth + x] = from[top * width + left] ?? 0;
    }
  }
  return { width: toWidth, height: toHeight, data: new Uint8Array(to.buffer) };
}
