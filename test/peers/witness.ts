import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { peer } from './builds.ts';
import { failureOf, findPort, isRunning, kill } from './servers.ts';

/** Names in the folder that both programs run in: the whole path of a socket might be too long for one. */
const DATABASE = 'witness.db';
const SOCKET = 'agent.sock';

/** What litewitness holds of a log that it has never seen: the SHA-256 of nothing. */
const EMPTY_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

export interface KnownLog {
  origin: string;
  vkey: string;
}

export interface WitnessOptions {
  logs: readonly KnownLog[];
  /** The name in its verifier key; one of its own when absent. */
  name?: string;
}

/**
 * Starts a litewitness of its own on 127.0.0.1, with an empty database and a new key, and waits until it answers.
 * It is killed, and its files removed, when it is disposed of.
 */
export async function startWitness({ logs, name }: WitnessOptions): Promise<Witness> {
  const port = await findPort();
  const witness = new Witness(name ?? `witness.example/${port}`, port);
  try {
    await witness.start();
    for (const log of logs) witness.addLog(log);
    return witness;
  } catch (error) {
    await witness[Symbol.asyncDispose]();
    throw error;
  }
}

/** A litewitness; its URL, key and database stay the same however often it is stopped and started. */
export class Witness implements AsyncDisposable {
  readonly name: string;
  /** The prefix of `/add-checkpoint`, without a slash at its end. */
  readonly url: string;
  /** Its verifier key, as it says it itself. */
  vkey = '';
  readonly #folder = mkdtempSync(join(tmpdir(), 'ovn-witness-'));
  readonly #key = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  #agent: ChildProcessWithoutNullStreams | undefined;
  #server: ChildProcessWithoutNullStreams | undefined;

  /** Use {@link startWitness}. */
  constructor(name: string, port: number) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    process.once('exit', this.#killNow);
  }

  /** Starts it anew after {@link stop}; it still knows what it knew. */
  async start(): Promise<void> {
    rmSync(join(this.#folder, SOCKET), { force: true });
    this.#agent = this.#spawn('key-agent', [SOCKET]);
    this.#agent.stdin.write(`${this.#key.toString('base64')}\n`);
    const [fingerprint] = await Promise.race([
      once(createInterface(this.#agent.stdout), 'line'),
      failureOf('key-agent', this.#agent),
    ]);
    const who = ['-name', this.name, '-listen', new URL(this.url).host];
    const files = ['-db', DATABASE, '-ssh-agent', SOCKET, '-key', fingerprint];
    this.#server = this.#spawn('litewitness', [...who, ...files]);
    this.vkey = await Promise.race([this.#readKey(), failureOf('litewitness', this.#server)]);
  }

  /** Ends it, as a crash would: connections to it are refused. */
  async stop(): Promise<void> {
    await kill(this.#server);
    await this.loseKey();
  }

  /** Takes its key away: it then answers 500, but only after it has moved on to the size that it was shown. */
  loseKey(): Promise<void> {
    return kill(this.#agent);
  }

  /** Makes it hang: connections are taken and nothing is answered, until {@link resume}. */
  pause(): void {
    this.#server?.kill('SIGSTOP');
  }

  resume(): void {
    this.#server?.kill('SIGCONT');
  }

  /** Makes a log known to it, or another key of a log that is. */
  addLog({ origin, vkey }: KnownLog): void {
    using database = this.#openDatabase();
    database.prepare('INSERT OR IGNORE INTO log VALUES (?, 0, ?)').run(origin, EMPTY_ROOT);
    database.prepare('INSERT INTO key VALUES (?, ?)').run(origin, vkey);
  }

  /** The size of the largest tree of a log that it has been shown; `undefined` of a log it does not know. */
  sizeOf(origin: string): number | undefined {
    using database = this.#openDatabase();
    const row = database.prepare('SELECT tree_size FROM log WHERE origin = ?').get(origin);
    return row === undefined ? undefined : Number(row['tree_size']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    process.off('exit', this.#killNow);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #openDatabase(): DatabaseSync {
    return new DatabaseSync(join(this.#folder, DATABASE), { timeout: 5_000 });
  }

  #spawn(program: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    const path = peer(program);
    if (path === undefined) throw new Error(`${program} is not built: npm run peers`);
    const child = spawn(path, args, { cwd: this.#folder });
    // One that ends at once says why it did.
    child.stdin.on('error', () => undefined);
    return child;
  }

  /** From the page that litewitness shows of itself, once it shows one; nothing when it ended before that. */
  async #readKey(): Promise<string> {
    while (isRunning(this.#server)) {
      const page = await fetch(this.url).then(
        (response) => response.text(),
        () => '',
      );
      const vkey = page.split('\n').find((line) => line.startsWith(`${this.name}+`));
      if (vkey !== undefined) return vkey;
      await setTimeout(20);
    }
    return '';
  }

  /** Nothing outlives the process of the tests. */
  readonly #killNow = (): void => {
    this.#server?.kill('SIGKILL');
    this.#agent?.kill('SIGKILL');
  };
}
