// Bundles the program, split by command, and the library into dist/. Importing helia unbundled costs half a second.
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { CODECS } from '../src/bundle/pictures/codecs.ts';
import { codeCache } from './bundling/code-cache.js';
import { WITHOUT_UNUSED } from './bundling/left-out.js';
import { LOCAL_HELIA } from './bundling/local-helia.js';
import { oneCore } from './bundling/one-core.js';
import { PLAIN_BUILTINS } from './bundling/plain-builtins.js';
import { READY_TABLES } from './bundling/ready-tables.js';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

const CODEC_LICENSES = [
  '@jsquash/jpeg/codec/LICENSE.codec.md',
  '@jsquash/png/codec/LICENSE.codec.md',
  '@jsquash/resize/lib/resize/LICENSE.codec.md',
  '@jsquash/webp/codec/LICENSE.codec.md',
];

/** @type {import('esbuild').BuildOptions} */
const OPTIONS = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  plugins: [LOCAL_HELIA, PLAIN_BUILTINS, READY_TABLES],
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

/** @type {import('esbuild').BuildOptions} */
const PROGRAM = {
  ...OPTIONS,
  // A quarter less to read at every start: 6 ms of publishing one article. Who looks for a defect runs src/ itself.
  minifyIdentifiers: true,
  plugins: [WITHOUT_UNUSED, ...OPTIONS.plugins],
  entryPoints: { cli: 'src/cli/main.ts' },
  splitting: true,
};
const PUBLISH = 'src/cli/commands/publish.ts';
const CORE = await oneCore(`${root}${PUBLISH}`, PROGRAM);

// What decodes and encodes pictures lies beside the chunks, where codec-files.ts looks for it, with the licenses of what it is made of.
function copyCodecs() {
  const require = createRequire(import.meta.url);
  for (const file of Object.values(CODECS)) {
    copyFileSync(require.resolve(file), `${root}dist/chunks/${basename(file)}`);
    const name = file.split('/')[1];
    for (const license of [
      `@jsquash/${name}/LICENSE`,
      ...CODEC_LICENSES.filter((path) => path.includes(name)),
    ])
      copyFileSync(require.resolve(license), `${root}dist/chunks/${name}.${basename(license, '.md')}.txt`);
  }
}

// Each is a build of its own: what they share would be cut into three times as many files, and opening a file costs more than its size.
await Promise.all([
  build({ ...PROGRAM, plugins: [...PROGRAM.plugins, CORE, codeCache(PUBLISH)] }),
  build({ ...PROGRAM, entryPoints: { 'chunks/code-cache': 'src/cli/code-cache.ts' } }),
  build({ ...OPTIONS, entryPoints: { index: 'src/index.ts' }, splitting: true }),
  // Second threads, beside the chunk that starts them: of a large publication, and of who judges one.
  build({
    ...OPTIONS,
    plugins: [WITHOUT_UNUSED, ...OPTIONS.plugins],
    entryPoints: { 'chunks/revision-helper': 'src/workflows/publishing/revision-helper.ts' },
  }),
  build({
    ...OPTIONS,
    entryPoints: { 'chunks/picture-thread': 'src/workflows/publishing/picture-thread.ts' },
  }),
  build({
    ...OPTIONS,
    entryPoints: { 'chunks/judging-thread': 'src/workflows/verification/judging-thread.ts' },
  }),
]);

copyCodecs();

const typescript = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
const types = spawnSync(process.execPath, [typescript, '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = types.status ?? 1;
