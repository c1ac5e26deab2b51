import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;

/** A Go module below test/peers, and the folder outside the clone that its programs are built into. */
export interface PeerModule {
  name: string;
  source: string;
  programs: string;
}

/** The modules there are. Another one is a folder with a `go.mod`, because programs disagree on what they need. */
export function peerModules(): PeerModule[] {
  const folders = readdirSync(HERE).filter((name) => existsSync(join(HERE, name, 'go.mod')));
  return folders.map((name) => {
    const source = join(HERE, name);
    return { name, source, programs: join(cacheFolder(), `${name}-${digestOf(source)}`) };
  });
}

/** The path of a program that `npm run peers` has built from these very sources; `undefined` where it has not. */
export function peer(program: string): string | undefined {
  return peerModules()
    .map(({ programs }) => join(programs, program))
    .find((path) => existsSync(path));
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'openvoicenews', 'peers');
}

/** Of all that decides what is built, but for Go itself. */
function digestOf(folder: string): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((name) => /(^go\.(mod|sum)|\.go)$/.test(name)).sort()) {
    const bytes = readFileSync(join(folder, name));
    hash.update(`${name.replaceAll('\\', '/')} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}
