import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { CODECS, type CodecName, type LoadCodec } from '../../bundle/pictures/codecs.ts';
import { type WasmModule, webAssembly } from '../../bundle/pictures/web-assembly.ts';

const compiled = new Map<CodecName, WasmModule>();

/** Compiles a codec of the built program, which has its file beside the chunk that this file becomes a part of; else that of the package. */
export const loadCodec: LoadCodec = (name) => {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const file = CODECS[name];
  const beside = new URL(`./${basename(file)}`, import.meta.url);
  const found = existsSync(beside) ? beside : createRequire(import.meta.url).resolve(file);
  const module = new webAssembly.Module(readFileSync(found));
  compiled.set(name, module);
  return module;
};
