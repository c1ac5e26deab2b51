// `npm start`: publishes the sample articles from the folder of the project itself. The publication that it makes
// (ovn.json and .ovn, both kept out of git) has throw-away keys.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function ovn(...args) {
  const { status } = spawnSync(process.execPath, [`${root}bin/ovn.js`, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(`${root}ovn.json`)) ovn('init', '.', '--no-sample', '--no-passphrase', '--quiet');
ovn('publish');
