import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Vitest's global set-up: tests run the built program, so it is built anew where a source is newer than it. */
export function setup(): void {
  const built = statSync(`${ROOT}dist/cli.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = [...filesBelow('src'), 'scripts/build.js', 'package.json'];
  if (sources.every((file) => statSync(ROOT + file).mtimeMs <= built)) return;
  const { status } = spawnSync(process.execPath, [`${ROOT}scripts/build.js`], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the program does not build');
}

function filesBelow(folder: string): string[] {
  return readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`);
}
