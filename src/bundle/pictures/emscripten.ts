import { type WasmExports, type WasmImports, type WasmModule, webAssembly } from './web-assembly.ts';

/** The glue that Emscripten wrote for a codec. */
export type CodecFactory = (options: Record<string, unknown>) => Promise<unknown>;

interface Started<Codec> {
  codec: Codec;
  /** What it has said so far, such as libjpeg's warnings. */
  said: string[];
}

/** Starts a codec with a memory of its own: nothing of one picture is there when the next one comes. */
export async function startCodec<Codec>(factory: CodecFactory, module: WasmModule): Promise<Started<Codec>> {
  const said: string[] = [];
  const codec = await factory({
    noInitialRun: true,
    print: () => {},
    printErr: (line: string) => said.push(line),
    instantiateWasm: (imports: WasmImports, done: (instance: { exports: WasmExports }) => void) => {
      const instance = new webAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  });
  return { codec: codec as Codec, said };
}
