import type { Cutter } from './cutter.ts';
import { readOrientation, writeOrientation } from './exif.ts';
import type { ImageReader } from './image-reader.ts';
import { MARKER, type Segment } from './jpeg-segments.ts';

const EXIF = 'Exif\0\0';
const JFIF = { identifier: 'JFIF\0', length: 14 };
const ADOBE = { identifier: 'Adobe', length: 12 };
/** What is known by its identifier, and never kept. */
const KINDS: readonly [identifier: string, kind: string][] = [
  ['http://ns.adobe.com/x', 'XMP'],
  [EXIF, 'EXIF'],
  ['MPF\0', 'MPF'],
  ['JFXX\0', 'thumbnail'],
  ['Photoshop 3.0\0', 'IPTC'],
  ['JP', 'C2PA'],
];

/** The part of a JPEG that applications use for their own: decides what of it decoders need. */
export class ApplicationSegments {
  readonly #reader: ImageReader;
  readonly #cutter: Cutter;
  #orientation = 0;
  #hasJfif = false;

  constructor(reader: ImageReader, cutter: Cutter) {
    this.#reader = reader;
    this.#cutter = cutter;
  }

  /** EXIF's orientation, 0 as long as there was no EXIF. */
  get orientation(): number {
    return this.#orientation;
  }

  /** Keeps, shortens or drops one segment. Decoders obey no EXIF `afterPixels`. */
  take(segment: Segment, afterPixels: boolean): void {
    const { marker, start, end } = segment;
    if (marker === MARKER.APP1 && this.#startsWith(segment, EXIF)) this.#takeExif(segment, afterPixels);
    else if (marker === MARKER.APP2 && this.#startsWith(segment, 'ICC_PROFILE\0'))
      this.#cutter.keep(start, end);
    else if (marker === MARKER.APP14 && this.#is(segment, ADOBE)) this.#keepShort(segment, ADOBE.length);
    else if (marker === MARKER.APP0 && this.#is(segment, JFIF) && !this.#hasJfif) this.#takeJfif(segment);
    else this.#cutter.drop(this.#kindOf(segment));
  }

  #takeJfif(segment: Segment): void {
    this.#hasJfif = true;
    const header = this.#keepShort(segment, JFIF.length);
    // No thumbnail follows: it may show what was cropped away.
    header?.fill(0, 16, 18);
  }

  #takeExif({ start, data, end }: Segment, afterPixels: boolean): void {
    const counts = !afterPixels && this.#orientation === 0;
    if (counts) this.#orientation = readOrientation(this.#reader.bytes.subarray(data + EXIF.length, end));
    if (!counts || this.#orientation === 1) this.#cutter.drop('EXIF');
    else this.#cutter.replace(start, end, makeExif(this.#orientation), 'EXIF');
  }

  /** Keeps the first `length` bytes of data; what was cut off makes a copy with a new length, which is returned. */
  #keepShort({ start, data, end }: Segment, length: number): Uint8Array | undefined {
    if (end - data === length) {
      this.#cutter.keep(start, end);
      return undefined;
    }
    this.#cutter.drop('thumbnail');
    const header = this.#cutter.copy(start, data + length);
    header.set([0, length + 2], 2);
    return header;
  }

  #kindOf(segment: Segment): string {
    const known = KINDS.find(([identifier]) => this.#startsWith(segment, identifier));
    return known?.[1] ?? `APP${segment.marker - MARKER.APP0}`;
  }

  #is(segment: Segment, { identifier, length }: { identifier: string; length: number }): boolean {
    return segment.end - segment.data >= length && this.#startsWith(segment, identifier);
  }

  #startsWith({ data, end }: Segment, identifier: string): boolean {
    return end - data >= identifier.length && this.#reader.text(data, identifier.length) === identifier;
  }
}

function makeExif(orientation: number): Uint8Array {
  const tiff = writeOrientation(orientation);
  const length = 2 + EXIF.length + tiff.length;
  return Buffer.concat([Buffer.from([0xff, MARKER.APP1, 0, length]), Buffer.from(EXIF, 'latin1'), tiff]);
}
