import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Vitest's global set-up: tests run the built program, so it is built anew where a source is newer than it. What readers outside of any
 * repository remember lies below `OVN_TEST_STATE`, which goes when all tests have ended: a worker may be ended before it can clean up.
 */
export function setup(): void {
  buildIfOld();
  process.env.OVN_TEST_STATE = mkdtempSync(join(tmpdir(), 'ovn-test-state-'));
}

export function teardown(): void {
  rmSync(process.env.OVN_TEST_STATE ?? '', { recursive: true, force: true });
}

function buildIfOld(): void {
  const built = statSync(`${ROOT}dist/cli.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = [
    ...filesBelow('src'),
    'scripts/build.js',
    ...filesBelow('scripts/bundling'),
    'package.json',
  ];
  if (sources.every((file) => statSync(ROOT + file).mtimeMs <= built)) return;
  const { status } = spawnSync(process.execPath, [`${ROOT}scripts/build.js`], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the program does not build');
}

function filesBelow(folder: string): string[] {
  return readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`);
}
