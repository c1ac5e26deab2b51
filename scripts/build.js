// Bundles the program, split by command, and the library into dist/. Importing helia unbundled costs half a second.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

// Importing a module of Node's own the ESM way reads every one of its exports, which loads what they stand for (WebCrypto,
// promises of fs, …): several milliseconds at each start. This reads those that are used.
const nodeModules = {
  name: 'node-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node', sideEffects: false }));
    onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({ contents: exportsOf(path) }));
  },
};

function exportsOf(path) {
  const names = Object.getOwnPropertyNames(process.getBuiltinModule(path)).filter((name) =>
    /^[A-Za-z]\w*$/.test(name),
  );
  const named = names
    .filter((name) => name !== 'default')
    .map(
      (name) =>
        `const _${name} = /* @__PURE__ */ get(${JSON.stringify(name)}); export { _${name} as ${name} };`,
    );
  return [
    `const whole = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)});`,
    'const get = (name) => whole[name];',
    'export default whole;',
    ...named,
  ].join('\n');
}

await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  plugins: [nodeModules],
  splitting: true,
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
});

const typescript = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
const types = spawnSync(process.execPath, [typescript, '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = types.status ?? 1;
