import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, runOvn } from '../helpers/program.ts';
import { makeIn, publishIn, sharedFolder, sourceOf } from './support.ts';

/** Has Node say, as the last line of stderr, what modules it loaded. */
const LISTING = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on('exit', () => process.stderr.write(JSON.stringify(loaded)));
`;
const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(LISTING)}`;

/** What every build of libp2p has in it. */
const LIBP2P = '/multistream/1.0.0';

function chunksWith(text: string): string[] {
  const folder = join(PROJECT, 'dist/chunks');
  const files = readdirSync(folder).map((name) => join(folder, name));
  return files.filter((file) => readFileSync(file, 'utf8').includes(text));
}

describe('what a command loads', () => {
  const folder = sharedFolder();
  let dir: string;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'first-light.md': sourceOf() });
    await publishIn(dir);
  });

  async function loadedBy(args: readonly string[]): Promise<string[]> {
    const { code, stderr } = await runOvn(args, { cwd: dir, env: { NODE_OPTIONS } });
    expect(code).toBe(0);
    return JSON.parse(stderr.slice(stderr.lastIndexOf('["'))) as string[];
  }

  it('is a handful of files for publish, nothing of the network, and no builtin as a whole', async () => {
    const loaded = await loadedBy(['publish']);
    expect(loaded.filter((url) => !url.startsWith('file:'))).toEqual([]);
    const files = loaded.map((url) => fileURLToPath(url));
    expect(files.length).toBeGreaterThan(1);
    expect(files.length).toBeLessThanOrEqual(12);
    const network = chunksWith(LIBP2P);
    expect(network.length).toBeGreaterThan(0);
    expect(files.filter((file) => network.includes(file))).toEqual([]);
  });
});
