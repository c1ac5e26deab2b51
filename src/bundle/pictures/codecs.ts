import type { WasmModule } from './web-assembly.ts';

/**
 * The builds that pictures are decoded, resized and encoded with: these files of these pinned packages on every machine, without
 * SIMD and without threads, whatever the machine could do. WebAssembly says of each instruction what it gives, to the bit.
 */
export const CODECS = {
  jpegDecoder: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  jpegEncoder: '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm',
  png: '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
  webpDecoder: '@jsquash/webp/codec/dec/webp_dec.wasm',
  webpEncoder: '@jsquash/webp/codec/enc/webp_enc.wasm',
  resizer: '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm',
} as const;

export type CodecName = keyof typeof CODECS;

/** Gives a codec's module, compiled once. */
export type LoadCodec = (name: CodecName) => WasmModule;
