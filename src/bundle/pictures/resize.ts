import type { LoadCodec } from './codecs.ts';
import type { Pixels } from './pixels.ts';
import { RustInstance } from './rust-memory.ts';

interface ResizeFunctions {
  resize(
    into: number,
    at: number,
    length: number,
    width: number,
    height: number,
    toWidth: number,
    toHeight: number,
    filter: number,
    premultiply: boolean,
    linear: boolean,
  ): void;
}

const LANCZOS3 = 3;

/** Resizes by a Lanczos filter of three lobes, with alpha multiplied in meanwhile where there is any: it takes as long as the rest. */
export function resize(pixels: Pixels, width: number, height: number, load: LoadCodec): Pixels {
  const instance = new RustInstance<ResizeFunctions>(load('resizer'), { wbg: {} });
  const { data } = pixels;
  const at = instance.give(data);
  const resized = instance.returned((into) =>
    instance.functions.resize(
      into,
      at,
      data.length,
      pixels.width,
      pixels.height,
      width,
      height,
      LANCZOS3,
      !isOpaque(data),
      false,
    ),
  );
  return { width, height, data: resized };
}

function isOpaque(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

/**
 * Makes a large picture smaller by a whole number, by the mean of each box of pixels, weighed by alpha; of squares, which is close
 * to the mean of light. In whole numbers but for a root, which IEEE 754 defines to the bit.
 */
export function shrink(pixels: Pixels, by: number): Pixels {
  if (by <= 1) return pixels;
  const width = Math.max(1, Math.floor(pixels.width / by));
  const height = Math.max(1, Math.floor(pixels.height / by));
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [edge(y, pixels.height, height), edge(y + 1, pixels.height, height)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [edge(x, pixels.width, width), edge(x + 1, pixels.width, width)];
      writeMean(pixels, { left, right, top, bottom }, data, (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function edge(at: number, from: number, to: number): number {
  return Math.floor((at * from) / to);
}

function writeMean({ data, width }: Pixels, { left, right, top, bottom }: Box, into: Uint8Array, to: number) {
  let [red, green, blue, alpha] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * 4, end = (y * width + right) * 4; at < end; at += 4) {
      const [r, g, b, a] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0];
      red += r * r * a;
      green += g * g * a;
      blue += b * b * a;
      alpha += a;
    }
  }
  if (alpha === 0) return;
  into[to] = Math.round(Math.sqrt(red / alpha));
  into[to + 1] = Math.round(Math.sqrt(green / alpha));
  into[to + 2] = Math.round(Math.sqrt(blue / alpha));
  into[to + 3] = Math.round(alpha / ((right - left) * (bottom - top)));
}
