import type { OvnError } from '../../errors.ts';
import { malformedImage, oversizedImage } from './image-error.ts';
import { MEDIA_LIMITS } from './limits.ts';

/**
 * Reads numbers out of the bytes of an image. Whatever lies behind the end is an OvnError, never another exception.
 * Numbers are big-endian unless the method says `le`.
 */
export class ImageReader {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly format: string;
  readonly #view: DataView;
  #segments = 0;

  constructor(bytes: Uint8Array, name: string, format: string) {
    this.bytes = bytes;
    this.name = name;
    this.format = format;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(at: number): number {
    this.need(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.need(at, 2);
    return this.#view.getUint16(at);
  }

  u32(at: number): number {
    this.need(at, 4);
    return this.#view.getUint32(at);
  }

  u16le(at: number): number {
    this.need(at, 2);
    return this.#view.getUint16(at, true);
  }

  u24le(at: number): number {
    return this.u16le(at) + this.u8(at + 2) * 0x10000;
  }

  u32le(at: number): number {
    this.need(at, 4);
    return this.#view.getUint32(at, true);
  }

  /** `length` bytes, each as the character of that number. */
  text(at: number, length: number): string {
    this.need(at, length);
    return String.fromCharCode(...this.bytes.subarray(at, at + length));
  }

  /** Throws unless the file has `length` bytes from `at` on. */
  need(at: number, length: number): void {
    if (at + length > this.bytes.length) {
      throw this.malformed(`breaks off at byte ${this.bytes.length}`);
    }
  }

  /** To be called for each segment: keeps the work on one file bounded. */
  countSegment(): void {
    this.#segments += 1;
    if (this.#segments > MEDIA_LIMITS.segments) {
      throw oversizedImage(this.name, `the ${this.format} has more than ${MEDIA_LIMITS.segments} parts`);
    }
  }

  /** Throws unless the size is one that an image can have. */
  checkSize(width: number, height: number): void {
    if (width === 0 || height === 0) throw this.malformed('has no width or height');
    if (width * height > MEDIA_LIMITS.pixels) {
      const most = MEDIA_LIMITS.pixels / 1_000_000;
      throw oversizedImage(this.name, `${width} x ${height} pixels are more than ${most} megapixels`);
    }
  }

  /** The error for this file; `reason` continues "the JPEG …". */
  malformed(reason: string): OvnError {
    return malformedImage(this.name, `the ${this.format} ${reason}`);
  }
}
