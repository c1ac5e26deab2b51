import { type WasmExports, type WasmImports, type WasmModule, webAssembly } from './web-assembly.ts';

interface BindgenExports {
  memory: { buffer: ArrayBuffer };
  __wbindgen_malloc(bytes: number, align: number): number;
  __wbindgen_free(at: number, bytes: number, align: number): void;
  __wbindgen_add_to_stack_pointer(by: number): number;
}

/** An instance of a module that wasm-bindgen made, with a memory of its own. */
export class RustInstance<Functions> {
  readonly functions: Functions;
  readonly #exports: BindgenExports;

  constructor(module: WasmModule, imports: WasmImports) {
    const { exports }: { exports: WasmExports } = new webAssembly.Instance(module, imports);
    this.functions = exports as Functions;
    this.#exports = exports as unknown as BindgenExports;
  }

  /** Copies bytes in; the function that gets them frees them. */
  give(bytes: Uint8Array): number {
    const at = this.#exports.__wbindgen_malloc(bytes.length, 1) >>> 0;
    new Uint8Array(this.#exports.memory.buffer).set(bytes, at);
    return at;
  }

  /** Copies bytes out. */
  take(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer).slice(at >>> 0, (at >>> 0) + length);
  }

  /** Calls what leaves a place and a length where it is told, and copies out what lies there. */
  returned(call: (into: number) => void): Uint8Array {
    const into = this.#exports.__wbindgen_add_to_stack_pointer(-16);
    call(into);
    const [at = 0, length = 0] = new Int32Array(this.#exports.memory.buffer, into, 2);
    return this.take(at, length);
  }
}
