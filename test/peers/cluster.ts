import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { peer } from './builds.ts';
import type { Kubo } from './kubo.ts';
import type { Namespace } from './namespace.ts';
import { failureOf, findPort, isRunning, kill } from './servers.ts';

const PROGRAM = 'ipfs-cluster-service';
const USER = 'newsroom';
const PASSWORD = 'a-password-of-it';

/** How long it waits for its Kubo before a pin has failed, in seconds: for progress of a pin, and for an answer to a request. */
interface Patience {
  readonly pin: number;
  readonly request: number;
}

/** Enough for a machine that stands still at times. */
const PATIENT: Patience = { pin: 6, request: 15 };

/**
 * Starts an IPFS Cluster of one peer on a Kubo without a token, in the same network of their own, and waits until both of its APIs answer.
 * Outside of one it would announce itself to whoever is near (SSDP).
 */
export async function startCluster(
  inside: Namespace,
  kubo: Kubo,
  patience: Patience = PATIENT,
): Promise<Cluster> {
  const ports = [await findPort(), await findPort(), await findPort(), await findPort()] as const;
  const cluster = new Cluster(inside, ports);
  try {
    await cluster.prepare(kubo, patience);
    for (const port of ports.slice(0, 2)) await inside.lead('in', port);
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

export class Cluster implements AsyncDisposable {
  /** Where its REST API answers, and its pinning API. */
  readonly rest: string;
  readonly pinning: string;
  /** Of both, as `ovn` takes it. */
  readonly token = `basic:${USER}:${PASSWORD}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ovn-cluster-'));
  readonly #ports: readonly [rest: number, pinning: number, proxy: number, cluster: number];
  readonly #inside: Namespace;
  #daemon: ChildProcessWithoutNullStreams | undefined;

  /** Use {@link startCluster}. */
  constructor(inside: Namespace, ports: readonly [number, number, number, number]) {
    this.#inside = inside;
    this.#ports = ports;
    this.rest = `http://127.0.0.1:${ports[0]}`;
    this.pinning = `http://127.0.0.1:${ports[1]}`;
    process.once('exit', this.#killNow);
  }

  /** Writes its configuration, with short times. */
  async prepare(kubo: Kubo, patience: Patience): Promise<void> {
    const init = this.#spawn('init', '--consensus', 'crdt', '--datastore', 'leveldb');
    const [code] = await once(init, 'exit');
    if (code !== 0) throw new Error(`${PROGRAM} init ended with ${code}`);
    const path = join(this.#folder, 'service.json');
    writeFileSync(
      path,
      JSON.stringify(this.#configure(JSON.parse(readFileSync(path, 'utf8')), kubo, patience)),
    );
  }

  /** Starts it, anew after {@link stop}. */
  async start(): Promise<void> {
    const daemon = this.#spawn('daemon');
    this.#daemon = daemon;
    await Promise.race([this.#isReady(), failureOf(PROGRAM, daemon)]);
  }

  /** Ends it, as a crash would. */
  stop(): Promise<void> {
    return kill(this.#daemon);
  }

  /** A token of its own for its user (JWT), as it gives them out. */
  async bearer(): Promise<string> {
    const answer = await fetch(`${this.rest}/token`, { method: 'POST', headers: this.#credentials() });
    const { token } = (await answer.json()) as { token: string };
    return token;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    process.off('exit', this.#killNow);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configure(
    config: Record<'cluster' | 'consensus' | 'api' | 'ipfs_connector', Record<string, object>>,
    kubo: Kubo,
    { pin, request }: Patience,
  ): object {
    const [rest, pinning, proxy, cluster] = this.#ports.map((port) => `/ip4/127.0.0.1/tcp/${port}`);
    const node_multiaddress = `/ip4/127.0.0.1/tcp/${new URL(kubo.api).port}`;
    const basic_auth_credentials = { [USER]: PASSWORD };
    const { api } = config;
    Object.assign(config.cluster, {
      listen_multiaddress: [cluster],
      mdns_interval: '0s',
      pin_recover_interval: '1h',
      monitor_ping_interval: '1s',
    });
    Object.assign(config.consensus['crdt'] ?? {}, { trusted_peers: [] });
    Object.assign(api['restapi'] ?? {}, { http_listen_multiaddress: rest, basic_auth_credentials });
    Object.assign(api['pinsvcapi'] ?? {}, { http_listen_multiaddress: pinning, basic_auth_credentials });
    Object.assign(api['ipfsproxy'] ?? {}, { listen_multiaddress: proxy, node_multiaddress });
    Object.assign(config.ipfs_connector['ipfshttp'] ?? {}, {
      node_multiaddress,
      connect_swarms_delay: '0s',
      pin_timeout: `${pin}s`,
      unpin_timeout: '5s',
      ipfs_request_timeout: `${request}s`,
    });
    return config;
  }

  /** It answers as well while its Kubo does not. */
  async #isReady(): Promise<void> {
    for (;;) {
      const id = await this.#get(`${this.rest}/id`);
      if (/"ipfs":\{"id":"\w/.test(id) && (await this.#get(`${this.pinning}/health`)) === '204 ') return;
      await pause(20);
    }
  }

  async #get(url: string): Promise<string> {
    try {
      const answer = await fetch(url, { headers: this.#credentials() });
      return `${answer.status} ${await answer.text()}`;
    } catch {
      return '';
    }
  }

  #credentials(): Record<string, string> {
    return { authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}` };
  }

  #spawn(...args: string[]): ChildProcessWithoutNullStreams {
    const path = peer(PROGRAM);
    if (path === undefined) throw new Error(`${PROGRAM} is not built: npm run peers`);
    const { PATH } = process.env;
    const env = { PATH, HOME: this.#folder, IPFS_CLUSTER_PATH: this.#folder };
    const child = spawn(...this.#inside.command(path, args), { cwd: this.#folder, env });
    child.stdout.resume();
    child.stderr.resume();
    return child;
  }

  readonly #killNow = (): void => {
    if (isRunning(this.#daemon)) this.#daemon.kill('SIGKILL');
  };
}
