import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer, text } from 'node:stream/consumers';
import { peer } from './builds.ts';
import type { Namespace } from './namespace.ts';
import { failureOf, findPort, isRunning, kill } from './servers.ts';

export interface KuboOptions {
  /** `none`, or a DHT under `/ipfs/lan/kad/1.0.0` without bootstrap peers: names need one. `none` when absent. */
  routing?: 'none' | 'dht';
  /** What its RPC asks for as a bearer token; nothing when absent. */
  token?: string;
  /** Other tokens, each with the commands that it is good for. */
  tokens?: Record<string, readonly string[]>;
  /** A network of its own, out of which only its RPC and its gateway are reached. */
  inside?: Namespace;
  /** Bytes that its repository has room for, which is then in memory; only inside of a namespace. */
  room?: number;
}

/** What `ipfs` answered. */
export interface KuboAnswer {
  ok: boolean;
  stdout: Buffer;
  stderr: string;
}

/**
 * Starts a Kubo of its own on 127.0.0.1, with an empty repository and the profile unixfs-v1-2025, and waits until it is
 * ready. It contacts nobody. It is ended, and its files removed, when it is disposed of.
 */
export async function startKubo(options: KuboOptions = {}): Promise<Kubo> {
  const { routing = 'none', token, tokens = {}, inside, room } = options;
  const ports = [await findPort(), await findPort(), await findPort()] as const;
  const kubo = new Kubo(ports, options);
  try {
    if (room !== undefined) {
      mkdirSync(kubo.repository);
      await inside?.run('mount', '-t', 'tmpfs', '-o', `size=${room}`, 'tmpfs', kubo.repository);
    }
    await kubo.ipfs('init', '--profile=test,unixfs-v1-2025');
    await kubo.configure('Addresses', {
      API: `/ip4/127.0.0.1/tcp/${ports[0]}`,
      Gateway: `/ip4/127.0.0.1/tcp/${ports[1]}`,
      Swarm: [`/ip4/127.0.0.1/tcp/${ports[2]}`],
    });
    await kubo.configure('Routing.Type', routing);
    if (token !== undefined)
      await kubo.configure('API.Authorizations', authorizationsOf({ ...tokens, [token]: [''] }));
    for (const port of ports.slice(0, 2)) await inside?.lead('in', port);
    await kubo.start();
    return kubo;
  } catch (error) {
    await kubo[Symbol.asyncDispose]();
    throw error;
  }
}

/** A Kubo; its key, ports and blocks stay the same however often it is stopped and started. */
export class Kubo implements AsyncDisposable {
  /** Where its gateway answers, without a slash at its end. */
  readonly gateway: string;
  /** Where its RPC answers. */
  readonly api: string;
  /** A multiaddr with its peer id. */
  address = '';
  peerId = '';
  /** For files that are handed to it. */
  readonly folder = mkdtempSync(join(tmpdir(), 'ovn-kubo-'));
  readonly repository = join(this.folder, 'repo');
  readonly #swarmPort: number;
  readonly #options: KuboOptions;
  #daemon: ChildProcessWithoutNullStreams | undefined;

  /** Use {@link startKubo}. */
  constructor(
    [api, gateway, swarm]: readonly [api: number, gateway: number, swarm: number],
    options: KuboOptions,
  ) {
    this.#options = options;
    this.api = `http://127.0.0.1:${api}`;
    this.gateway = `http://127.0.0.1:${gateway}`;
    this.#swarmPort = swarm;
    process.once('exit', this.#killNow);
  }

  /** Starts its daemon, anew after {@link stop}. */
  async start(): Promise<void> {
    const daemon = this.#spawn(['daemon']);
    this.#daemon = daemon;
    await Promise.race([isReady(daemon), failureOf('ipfs daemon', daemon)]);
    this.peerId = await this.ipfs('id', '-f', '<id>');
    this.address = `/ip4/127.0.0.1/tcp/${this.#swarmPort}/p2p/${this.peerId}`;
  }

  /** Ends its daemon, as a crash would. */
  stop(): Promise<void> {
    return kill(this.#daemon);
  }

  /** What a command printed, without the line's end. @throws when it fails */
  async ipfs(...args: readonly string[]): Promise<string> {
    const { ok, stdout, stderr } = await this.run(args);
    if (!ok) throw new Error(`ipfs ${args.join(' ')}: ${stderr}`);
    return stdout.toString('utf8').trim();
  }

  /** Runs a command, given bytes to read. */
  async run(args: readonly string[], input: Uint8Array | string = ''): Promise<KuboAnswer> {
    const child = this.#spawn(args);
    child.stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { ok: code === 0, stdout, stderr };
  }

  async configure(name: string, value: unknown): Promise<void> {
    await this.ipfs('config', '--json', name, JSON.stringify(value));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    process.off('exit', this.#killNow);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(args: readonly string[]): ChildProcessWithoutNullStreams {
    const path = peer('ipfs');
    if (path === undefined) throw new Error('ipfs is not built: npm run peers');
    const { PATH } = process.env;
    // Without its telemetry, which is on by default.
    const env = { PATH, HOME: this.folder, IPFS_PATH: this.repository, IPFS_TELEMETRY: 'off' };
    const { token, inside } = this.#options;
    const all = token === undefined ? args : [`--api-auth=bearer:${token}`, ...args];
    const command = inside?.command(path, all) ?? ([path, [...all]] as const);
    const child = spawn(...command, { cwd: this.folder, env });
    child.stdin.on('error', () => undefined);
    return child;
  }

  /** Nothing outlives the process of the tests. */
  readonly #killNow = (): void => {
    if (isRunning(this.#daemon)) this.#daemon.kill('SIGKILL');
  };
}

function authorizationsOf(tokens: Record<string, readonly string[]>): object {
  const entries = Object.entries(tokens).map(([token, commands], at) => {
    const AllowedPaths = commands.map((command) => `/api/v0/${command}`);
    return [`user-${at}`, { AuthSecret: `bearer:${token}`, AllowedPaths }];
  });
  return Object.fromEntries(entries);
}

async function isReady(daemon: ChildProcessWithoutNullStreams): Promise<void> {
  for await (const line of createInterface(daemon.stdout)) if (line === 'Daemon is ready') return;
  throw new Error('ipfs daemon ended');
}
