import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: { 'aegir/chai': fileURLToPath(new URL('./test/helpers/chai.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/build.ts'],
    // Vitest would leave a core to itself, which is one file after another on two; it needs none while the files run.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/interface-(block|data)store-tests/] } },
  },
});
