import type { ServerResponse } from 'node:http';

interface Exchange {
  response: ServerResponse;
  begun: number;
}

/** A reader has so long, in ms, before it counts as slow. */
const PATIENCE_MS = 2_000;

/**
 * The requests that are being answered. Where there are too many, the slowest reader goes for the newcomer: whoever asks for large
 * things and then hardly reads them keeps nobody from being answered.
 */
export class Exchanges {
  readonly #most: number;
  readonly #going = new Map<Promise<void>, Exchange>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether one more can be answered; breaks off the slowest reader for it where that is needed. */
  admits(): boolean {
    if (this.#going.size < this.#most) return true;
    const slowest = this.#slowest();
    slowest?.response.socket?.resetAndDestroy();
    return slowest !== undefined;
  }

  add(response: ServerResponse, done: Promise<void>): void {
    this.#going.set(done, { response, begun: performance.now() });
    void done.finally(() => this.#going.delete(done));
  }

  /** When all have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#going.keys());
  }

  /** Of those that wait for their reader, or for the rest of what he sends, the one to whom the fewest bytes a second went. */
  #slowest(): Exchange | undefined {
    const now = performance.now();
    const waiting = this.#going
      .values()
      .filter(({ response, begun }) => isWaiting(response) && now - begun > PATIENCE_MS);
    const rates = waiting.map((exchange) => ({ exchange, rate: sent(exchange) / (now - exchange.begun) }));
    return rates.reduce<Rate | undefined>((a, b) => (a === undefined || b.rate < a.rate ? b : a), undefined)
      ?.exchange;
  }
}

function isWaiting({ req, writableNeedDrain }: ServerResponse): boolean {
  return writableNeedDrain || !req.complete;
}

interface Rate {
  exchange: Exchange;
  rate: number;
}

/** Bytes that the reader, or the system on its behalf, has taken. */
function sent({ response: { socket } }: Exchange): number {
  return socket === null ? 0 : socket.bytesWritten - socket.writableLength;
}
