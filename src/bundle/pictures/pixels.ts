/** A picture as rows of pixels: red, green, blue and alpha, a byte each, alpha not multiplied in. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/** The pixels as one number each. The order of bytes in it does not matter to who only moves them. */
export function wordsOf({ data, width, height }: Pixels): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
}

/** A decoder's own array is one of clamped bytes, which is the same to everybody else. */
export function pixelsOf({ width, height, data }: Pixels): Pixels {
  return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
