// `npm run peers`: builds the programs of others that the tests compare us with (test/peers), into a cache outside the
// clone. What is built already stays as it is; without Go there is nothing to build with, and those tests skip.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { peerModules } from '../test/peers/builds.ts';

const BUILD = ['build', '-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags=-s -w'];

function buildAll() {
  const missing = peerModules().filter(({ programs }) => !existsSync(programs));
  if (missing.length > 0 && spawnSync('go', ['version']).error !== undefined) {
    console.log('There is no Go here: the peers are not built, and the tests with them skip.');
    return true;
  }
  const built = missing.every(build);
  for (const { name, programs } of peerModules()) {
    if (existsSync(programs)) console.log(`${name}: ${programs}`);
  }
  return built;
}

/** Whether it is built. It appears under its name as a whole, however often or in how many places this runs. */
function build({ name, source, programs }) {
  console.log(`Building ${name}, which takes a minute or two ...`);
  const partial = `${programs}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const { status } = spawnSync('go', [...BUILD, '-o', partial, './...', 'tool'], {
      cwd: source,
      env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
      stdio: 'inherit',
    });
    if (status !== 0) {
      console.error(`${name} could not be built; what go said of it is above.`);
      return false;
    }
    if (!existsSync(programs)) renameSync(partial, programs);
    return true;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

process.exitCode = buildAll() ? 0 : 1;
