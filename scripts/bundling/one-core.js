import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Has everything that is loaded later import `core` as well, which is there by then. esbuild cuts a file for each combination of
 * those parts that share something: without this `core` alone would be seventy files, at half a millisecond each.
 *
 * @param {string} core the module whose imports are to be one file
 * @param {import('esbuild').BuildOptions} options how it will be built
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function oneCore(core, options) {
  const later = await loadedLater(options);
  return {
    name: 'one-core',
    setup({ onLoad }) {
      onLoad({ filter: /\.[jt]s$/ }, ({ path }) =>
        later.has(path)
          ? {
              contents: `import ${JSON.stringify(core)};\n${readFileSync(path, 'utf8')}`,
              loader: path.endsWith('.ts') ? 'ts' : 'js',
            }
          : undefined,
      );
    },
  };
}

/** The modules that any other imports with `import()`. CommonJS shares nothing with ours, and an `import` would change what it is. */
async function loadedLater(options) {
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  return new Set(
    imports
      .filter(({ kind, path }) => kind === 'dynamic-import' && metafile.inputs[path]?.format === 'esm')
      .map(({ path }) => resolve(options.absWorkingDir, path)),
  );
}
