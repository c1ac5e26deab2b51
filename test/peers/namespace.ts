import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ListenOptions, NetConnectOpts, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { forward } from './join-sockets.ts';
import { failureOf, isRunning, kill } from './servers.ts';

/** Of a user, a network and mounts; only its loopback is up. */
const UNSHARE = ['--map-root-user', '--net', '--mount'];
const ENTER = ['--preserve-credentials', '--user', '--net', '--mount'];
const LOOPBACK = 'ip link set lo up';

/** Whether programs can be run in a network of their own here. */
export function canOpenNamespace(): boolean {
  const { status } = spawnSync('unshare', [...UNSHARE, 'sh', '-c', `${LOOPBACK} && nsenter --version`]);
  return status === 0;
}

/** A network in which there is nothing but a loopback: what runs in it reaches nobody. */
export async function openNamespace(): Promise<Namespace> {
  const folder = mkdtempSync(join(tmpdir(), 'ovn-net-'));
  const script = join(import.meta.dirname, 'namespace-inside.ts');
  const run = `${LOOPBACK} && exec "$0" "$@"`;
  const keeper = spawn('unshare', [...UNSHARE, 'sh', '-c', run, process.execPath, script, folder]);
  const namespace = new Namespace(folder, keeper);
  try {
    // A port that nobody uses: once it is answered, all is up.
    await Promise.race([namespace.lead('in', 1), failureOf('unshare', keeper)]);
    return namespace;
  } catch (error) {
    await namespace[Symbol.asyncDispose]();
    throw error;
  }
}

export class Namespace implements AsyncDisposable {
  readonly #folder: string;
  readonly #keeper: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;
  readonly #servers: Server[] = [];

  /** Use {@link openNamespace}. */
  constructor(folder: string, keeper: ChildProcessWithoutNullStreams) {
    this.#folder = folder;
    this.#keeper = keeper;
    this.#answers = createInterface(keeper.stdout);
    process.once('exit', this.#killNow);
  }

  /** How a program is started in it: its process is the one that is spawned. */
  command(program: string, args: readonly string[]): [program: string, args: string[]] {
    return ['nsenter', [...ENTER, '--target', `${this.#keeper.pid}`, program, ...args]];
  }

  /** Runs a program in it until it ends. @throws when it fails */
  async run(program: string, ...args: string[]): Promise<void> {
    const child = spawn(...this.command(program, args), { stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  }

  /** `in`: a port inside can be reached at the same port outside; `out`: the other way round. */
  async lead(way: 'in' | 'out', port: number): Promise<void> {
    const outside = { port, host: '127.0.0.1' };
    const socket = { path: join(this.#folder, `${port}.${way}`) };
    if (way === 'out') await this.#forward(socket, outside);
    const answer = once(this.#answers, 'line');
    this.#keeper.stdin.write(`${way} ${port}\n`);
    await answer;
    if (way === 'in' && port > 1) await this.#forward(outside, socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close();
    await kill(this.#keeper);
    process.off('exit', this.#killNow);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #forward(from: ListenOptions, to: NetConnectOpts): Promise<void> {
    this.#servers.push(await forward(from, to));
  }

  readonly #killNow = (): void => {
    if (isRunning(this.#keeper)) this.#keeper.kill('SIGKILL');
  };
}
