/** A compiled module, which can be instantiated any number of times. */
export interface WasmModule {
  readonly '~module': never;
}

/** What a module's instance offers, and what it imports. */
export type WasmExports = Record<string, unknown>;
export type WasmImports = Record<string, Record<string, unknown>>;

interface WebAssemblyApi {
  Module: {
    new (bytes: Uint8Array): WasmModule;
    imports(module: WasmModule): { module: string; name: string }[];
  };
  Instance: new (module: WasmModule, imports: WasmImports) => { exports: WasmExports };
}

/** WebAssembly as far as it is used here; TypeScript declares it for browsers only. Nothing of it depends on the machine. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
