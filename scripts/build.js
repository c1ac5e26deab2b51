// Bundles the program, split by command, and the library into dist/. Importing helia unbundled costs half a second.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

/**
 * Helia's index holds the node with a network beside the one without. We put our own network together, and without this every command
 * would load what that needs: esbuild shakes a module once, not for each file that it goes into.
 *
 * @type {import('esbuild').Plugin}
 */
const LOCAL_HELIA = {
  name: 'local-helia',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@helia\/(bitswap|http|libp2p)$/ }, ({ importer, path }) =>
      /[\\/]helia[\\/]dist[\\/]src[\\/]index\.js$/.test(importer)
        ? { path, namespace: 'network' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'network' }, () => ({
      contents: 'export const withBitswap = undefined, withHTTP = undefined, withLibp2p = undefined;',
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const OPTIONS = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  plugins: [LOCAL_HELIA],
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  banner: {
    js: "import{createRequire as __ovnRequire}from'node:module';const require=__ovnRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

// Each is a build of its own: what they share would be cut into three times as many files, and opening a file costs more than its size.
await Promise.all([
  build({ ...OPTIONS, entryPoints: { cli: 'src/cli/main.ts' }, splitting: true }),
  build({ ...OPTIONS, entryPoints: { index: 'src/index.ts' }, splitting: true }),
  // Second threads, beside the chunk that starts them: of a large publication, and of who judges one.
  build({
    ...OPTIONS,
    entryPoints: { 'chunks/revision-helper': 'src/workflows/publishing/revision-helper.ts' },
  }),
  build({
    ...OPTIONS,
    entryPoints: { 'chunks/judging-thread': 'src/workflows/verification/judging-thread.ts' },
  }),
]);

const typescript = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
const types = spawnSync(process.execPath, [typescript, '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = types.status ?? 1;
