import type { ImageReader } from './image-reader.ts';

/** The second byte of JPEG markers (ITU-T T.81, table B.1). */
export const MARKER = {
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF2: 0xc2,
  DHT: 0xc4,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DNL: 0xdc,
  DRI: 0xdd,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP14: 0xee,
  APP15: 0xef,
  COM: 0xfe,
} as const;

/** Whether a marker is one of APP0 to APP15. */
export function isApplication(marker: number): boolean {
  return marker >= MARKER.APP0 && marker <= MARKER.APP15;
}

/** A marker with its data; the one of a scan ends behind the coded pixels that follow it. */
export interface Segment {
  marker: number;
  start: number;
  /** Where the data begins, behind marker and length. */
  data: number;
  end: number;
}

/** The segments of a JPEG in the order of the file, the last one its EOI. */
export function* jpegSegments(reader: ImageReader): Generator<Segment> {
  let at = 2;
  for (;;) {
    reader.countSegment();
    const start = skipFill(reader, at);
    const marker = reader.u8(start + 1);
    if (marker === MARKER.EOI) return yield { marker, start, data: start + 2, end: start + 2 };
    const segment = readSegment(reader, marker, start);
    yield segment;
    at = segment.end;
  }
}

/** Any number of 0xff may stand before a marker (B.1.1.2). */
function skipFill(reader: ImageReader, from: number): number {
  if (reader.u8(from) !== 0xff) throw reader.malformed(`has no marker at byte ${from}`);
  let at = from;
  while (reader.u8(at + 1) === 0xff) at += 1;
  return at;
}

function readSegment(reader: ImageReader, marker: number, start: number): Segment {
  const data = start + 4;
  const length = marker < MARKER.SOF0 || isRestart(marker) ? 0 : reader.u16(start + 2);
  if (length < 2) throw reader.malformed(`has no segment at byte ${start}`);
  const end = start + 2 + length;
  reader.need(start, end - start);
  return { marker, start, data, end: marker === MARKER.SOS ? findScanEnd(reader, end) : end };
}

/** Coded data goes on to the next marker that is neither a stuffed zero nor a restart (B.1.1.5). */
function findScanEnd(reader: ImageReader, from: number): number {
  let at = from;
  for (;;) {
    at = reader.bytes.indexOf(0xff, at);
    if (at === -1) throw reader.malformed(`breaks off at byte ${reader.bytes.length}`);
    const next = reader.u8(at + 1);
    if (next === 0xff) at += 1;
    else if (next === 0 || isRestart(next)) at += 2;
    else return at;
  }
}

/** SOI cannot stand inside either, so it counts as no segment like the restarts. */
function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd8;
}
