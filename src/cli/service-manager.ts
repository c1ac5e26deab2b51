import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { codeOf, OvnError } from '../errors.ts';
import type { ServeVoice } from './serve-voice.ts';
import type { Terminal } from './terminal.ts';

const run = promisify(execFile);
/** The manager answers in milliseconds; ms. */
const TIMEOUT_MS = 5_000;

export type ServiceState = 'READY=1' | 'RELOADING=1' | 'STOPPING=1';

/**
 * Tells systemd how it stands, where it asked for that (`NOTIFY_SOCKET`, sd_notify(3)). The socket is one of datagrams, which Node
 * cannot speak to: `systemd-notify` does it, and waits until the manager has taken it in.
 *
 * @throws {OvnError} `io` where it cannot be told.
 */
export async function tellManager(state: ServiceState, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (!env['NOTIFY_SOCKET']) return;
  try {
    await run('systemd-notify', [state], { timeout: TIMEOUT_MS, env });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new OvnError('io', `systemd cannot be told ${state}: ${why}`, {
      hint: 'Where systemd-notify is missing, the unit needs Type=exec in place of Type=notify.',
      cause,
    });
  }
}

/** Stands between a server and who manages it: says how it stands, and reloads on SIGHUP. */
export class Manager {
  readonly #voice: ServeVoice;

  constructor(voice: ServeVoice) {
    this.#voice = voice;
  }

  ready(): void {
    void this.#tell('READY=1');
  }

  stopping(): void {
    this.#voice.stopping();
    void this.#tell('STOPPING=1');
  }

  /** Not on a terminal: there SIGHUP says that it was closed, and ends the process as usual. */
  reloadsOnHangup(
    reload: () => Promise<readonly string[]>,
    { streams }: Pick<Terminal, 'streams'>,
  ): Disposable {
    if (streams.stderr.isTTY === true) return { [Symbol.dispose]: () => undefined };
    const hangup = async (): Promise<void> => {
      this.#voice.reloading();
      await this.#tell('RELOADING=1');
      const failed = await reload();
      await this.#tell('READY=1');
      this.#voice.reloaded(failed);
    };
    const onHangup = () => void hangup();
    process.on('SIGHUP', onHangup);
    return { [Symbol.dispose]: () => void process.off('SIGHUP', onHangup) };
  }

  /** That it cannot be told ends nothing. */
  async #tell(state: ServiceState): Promise<void> {
    try {
      await tellManager(state);
    } catch (error) {
      this.#voice.trouble('systemd', error instanceof Error ? error.message : String(error), codeOf(error));
    }
  }
}
