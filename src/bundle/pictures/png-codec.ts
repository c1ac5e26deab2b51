import type { Pixels } from './pixels.ts';
import { RustInstance } from './rust-memory.ts';
import { type WasmModule, webAssembly } from './web-assembly.ts';

interface PngFunctions {
  decode(at: number, length: number): number;
  encode(into: number, at: number, length: number, width: number, height: number, depth: number): void;
}

/** The one import that is told of the decoded picture. */
const PICTURE = /^__wbg_newwithownedu8clampedarrayandsh_/;

/** Decodes a PNG to eight bits a channel. @throws whatever the decoder says of a broken one */
export function decodePngPixels(bytes: Uint8Array, module: WasmModule): Pixels | undefined {
  let found: Pixels | undefined;
  const instance: RustInstance<PngFunctions> = start(module, (at, length, width, height) => {
    found = { width: width >>> 0, height: height >>> 0, data: instance.take(at, length) };
    return 0;
  });
  instance.functions.decode(instance.give(bytes), bytes.length);
  return found;
}

/** A PNG of eight bits a channel, with alpha. */
export function encodePng({ width, height, data }: Pixels, module: WasmModule): Uint8Array {
  const instance = start(module, () => 0);
  const at = instance.give(data);
  return instance.returned((into) => instance.functions.encode(into, at, data.length, width, height, 8));
}

function start(
  module: WasmModule,
  onPicture: (at: number, length: number, width: number, height: number) => number,
): RustInstance<PngFunctions> {
  const imports = webAssembly.Module.imports(module).map(({ name }) => [
    name,
    PICTURE.test(name) ? onPicture : refuse,
  ]);
  return new RustInstance(module, {
    wbg: { ...Object.fromEntries(imports), __wbindgen_object_drop_ref: ignore },
  });
}

function refuse(): never {
  throw new Error('it is broken');
}

function ignore(): void {}
