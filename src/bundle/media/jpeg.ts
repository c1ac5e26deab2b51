import { Cutter, type StrippedImage } from './cutter.ts';
import { displayedSize } from './exif.ts';
import { oversizedImage } from './image-error.ts';
import { ImageReader } from './image-reader.ts';
import { ApplicationSegments } from './jpeg-application.ts';
import { isApplication, jpegSegments, MARKER, type Segment } from './jpeg-segments.ts';
import { MEDIA_LIMITS } from './limits.ts';

/** The frames that browsers decode: baseline, extended and progressive, Huffman coded. */
const FRAMES: ReadonlySet<number> = new Set([MARKER.SOF0, MARKER.SOF1, MARKER.SOF2]);
const TABLES: ReadonlySet<number> = new Set([MARKER.DHT, MARKER.DQT, MARKER.DRI, MARKER.DNL]);

/**
 * Removes from a JPEG (ITU-T T.81) what is not image: EXIF but for the orientation, XMP, IPTC, comments, thumbnails,
 * further images and data behind the end. The coded pixels, JFIF, ICC profile and Adobe's colour transform stay.
 * @throws OvnError 'malformed' or 'limit'
 */
export function stripJpeg(bytes: Uint8Array, name: string): StrippedImage {
  return new JpegStripper(new ImageReader(bytes, name, 'JPEG')).strip();
}

class JpegStripper {
  readonly #reader: ImageReader;
  readonly #cutter: Cutter;
  readonly #applications: ApplicationSegments;
  #size: { width: number; height: number } | undefined;
  #scans = 0;

  constructor(reader: ImageReader) {
    this.#reader = reader;
    this.#cutter = new Cutter(reader.bytes);
    this.#applications = new ApplicationSegments(reader, this.#cutter);
  }

  strip(): StrippedImage {
    this.#cutter.keep(0, 2);
    for (const segment of jpegSegments(this.#reader)) this.#take(segment);
    if (this.#size === undefined || this.#scans === 0) throw this.#reader.malformed('holds no image');
    const { width, height } = this.#size;
    return this.#cutter.finish(displayedSize(width, height, this.#applications.orientation));
  }

  #take(segment: Segment): void {
    const { marker, start, end } = segment;
    if (marker === MARKER.COM) this.#cutter.drop('comment');
    else if (isApplication(marker)) this.#applications.take(segment, this.#scans > 0);
    else {
      this.#check(segment);
      this.#cutter.keep(start, end);
    }
  }

  #check(segment: Segment): void {
    const { marker, start, end } = segment;
    if (marker === MARKER.EOI) this.#cutter.dropFrom(end);
    else if (marker === MARKER.SOS) this.#checkScan(segment);
    else if (FRAMES.has(marker)) this.#takeFrame(segment);
    else if (!TABLES.has(marker)) throw this.#unknown(marker, start);
  }

  #takeFrame({ data, end }: Segment): void {
    const reader = this.#reader;
    if (this.#size !== undefined) throw reader.malformed('has two frames');
    const [height, width, components] = [reader.u16(data + 1), reader.u16(data + 3), reader.u8(data + 5)];
    const sound =
      reader.u8(data) === 8 && [1, 3, 4].includes(components) && end - data === 6 + 3 * components;
    if (!sound) throw reader.malformed('has a frame header that browsers do not show');
    reader.checkSize(width, height);
    this.#size = { width, height };
  }

  #checkScan({ start, data }: Segment): void {
    const reader = this.#reader;
    if (this.#size === undefined) throw reader.malformed('has pixels before its frame header');
    const components = reader.u8(data);
    const sound = components >= 1 && components <= 4 && reader.u16(start + 2) === 6 + 2 * components;
    if (!sound) throw reader.malformed(`has a broken scan header at byte ${start}`);
    this.#scans += 1;
    if (this.#scans <= MEDIA_LIMITS.scans) return;
    throw oversizedImage(reader.name, `the JPEG has more than ${MEDIA_LIMITS.scans} scans`);
  }

  #unknown(marker: number, at: number) {
    const kind = `0x${marker.toString(16)} at byte ${at}`;
    return this.#reader.malformed(`has a segment of a kind that browsers do not show (${kind})`);
  }
}
