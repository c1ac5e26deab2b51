import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, runOvn } from '../helpers/program.ts';
import { makeIn, publishIn, sharedFolder, sourceOf } from './support.ts';

/** Has Node say, as the last line of stderr, what modules it loaded: addresses of what was imported, then names of its own. */
const LISTING = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on('exit', () => process.stderr.write(JSON.stringify([...loaded, ...process.moduleLoadList])));
`;
const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(LISTING)}`;

/** What Node calls a module of its own that was asked for. */
const OWN = 'NativeModule ';

/** Modules of Node that publishing an article does without. */
const UNUSED = ['dns/promises', 'tty', 'v8', 'worker_threads', 'zlib'];

/** What every build of libp2p has in it. */
const LIBP2P = '/multistream/1.0.0';

/** By what is imported: a module stands for the script that it loads. */
function chunksWith(text: string): string[] {
  const folder = join(PROJECT, 'dist/chunks');
  const files = readdirSync(folder).map((name) => join(folder, name));
  const those = files.filter((file) => readFileSync(file, 'utf8').includes(text));
  return those.map((file) => file.replace('.script.js', '.js'));
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
    const named = await loadedBy(['publish']);
    const loaded = named.filter((name) => name.includes(':'));
    expect(loaded.filter((url) => !url.startsWith('file:'))).toEqual([]);
    const files = loaded.map((url) => fileURLToPath(url));
    expect(files.length).toBeGreaterThan(1);
    expect(files.length).toBeLessThanOrEqual(7);
    const network = chunksWith(LIBP2P);
    expect(network.length).toBeGreaterThan(0);
    expect(files.filter((file) => network.includes(file))).toEqual([]);
  });

  it('is of Node what publish uses, and nothing that only other commands do', async () => {
    await writeFile(join(dir, 'articles', 'second-light.md'), sourceOf());
    const own = (await loadedBy(['publish', 'articles/second-light.md'])).map((name) =>
      name.replace(OWN, ''),
    );
    expect(own).toContain('sqlite');
    expect(UNUSED.filter((name) => own.includes(name))).toEqual([]);
  });
});
