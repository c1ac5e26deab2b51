import type { ImageReader } from './image-reader.ts';

/** A RIFF chunk: four characters, a length, data, and a byte of padding when the length is odd. */
export interface Chunk {
  id: string;
  start: number;
  data: number;
  length: number;
}

/** The chunks between two offsets. A missing padding byte at the very end is forgiven, as decoders do. */
export function* riffChunks(reader: ImageReader, from: number, end: number): Generator<Chunk> {
  for (let start = from; start < end; ) {
    reader.countSegment();
    const chunk = { id: reader.text(start, 4), start, data: start + 8, length: reader.u32le(start + 4) };
    if (!/^[ -~]{4}$/.test(chunk.id)) throw reader.malformed(`has no chunk at byte ${start}`);
    if (chunk.data + chunk.length > end) throw reader.malformed(`has a chunk that breaks off at byte ${end}`);
    yield chunk;
    start = chunk.data + chunk.length + (chunk.length % 2);
  }
}

/** Width and height that the coded image itself states (RFC 6386, 9.1; RFC 9649, 3.4). */
export function bitstreamSize(reader: ImageReader, { id, data, length, start }: Chunk) {
  const isLossless = id === 'VP8L';
  if (length < (isLossless ? 5 : 10)) throw reader.malformed(`has no image at byte ${start}`);
  return isLossless ? losslessSize(reader, data) : lossySize(reader, data);
}

function lossySize(reader: ImageReader, data: number) {
  const isKeyFrame = (reader.u8(data) & 1) === 0 && reader.u24le(data + 3) === 0x2a019d;
  if (!isKeyFrame) throw reader.malformed(`has no image at byte ${data}`);
  return { width: reader.u16le(data + 6) & 0x3fff, height: reader.u16le(data + 8) & 0x3fff };
}

function losslessSize(reader: ImageReader, data: number) {
  if (reader.u8(data) !== 0x2f) throw reader.malformed(`has no image at byte ${data}`);
  const bits = reader.u32le(data + 1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
