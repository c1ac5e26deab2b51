import type { CID } from 'multiformats/cid';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keepProviding, type Providing } from '../../../src/node/network/providing.ts';
import { rawBlock } from '../../helpers/blocks.ts';

const HOUR = 3_600_000;
const [ONE, TWO, THREE] = ['one', 'two', 'three'].map((text) => rawBlock(text).cid) as [CID, CID, CID];

/** A clock that stands still until it is moved, and what was told at what hour. */
class Providers {
  readonly told: string[] = [];
  readonly withdrawn: string[] = [];
  roots: CID[] = [ONE, TWO];
  failing = false;
  alone = false;
  running = 0;
  mostAtOnce = 0;
  readonly #ending = new AbortController();
  #time = 0;
  #sleeping: { until: number; wake: () => void } | undefined;

  start(): Providing {
    onTestFinished(() => this.end());
    return keepProviding(() => this.roots, {
      provide: async (cid) => {
        this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
        await new Promise(setImmediate);
        this.running--;
        if (this.failing) throw new Error('nobody answers');
        this.told.push(`${this.#time / HOUR} ${nameOf(cid)}`);
      },
      isHeard: () => !this.alone,
      withdraw: async (cid) => void this.withdrawn.push(nameOf(cid)),
      signal: this.#ending.signal,
      now: () => this.#time,
      sleep: (ms, signal) =>
        new Promise((wake, reject) => {
          this.#sleeping = { until: this.#time + ms, wake };
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          if (signal.aborted) reject(signal.reason);
        }),
    });
  }

  /** Lets so many hours go by, waking who sleeps when it is time. */
  async pass(hours: number): Promise<void> {
    const end = this.#time + hours * HOUR;
    for (;;) {
      await this.settled();
      const next = this.#sleeping;
      if (next === undefined || next.until > end) break;
      this.#time = next.until;
      this.#sleeping = undefined;
      next.wake();
    }
    this.#time = end;
  }

  /** When it sleeps. */
  async settled(): Promise<void> {
    await vi.waitFor(() => expect(this.#sleeping).toBeDefined());
  }

  /** Before a change, so that the sleep after it is waited for. */
  disturb(): void {
    this.#sleeping = undefined;
  }

  end(): void {
    this.#ending.abort();
  }
}

function nameOf(cid: CID): string {
  return ['one', 'two', 'three'].find((text) => rawBlock(text).cid.equals(cid)) ?? 'other';
}

describe('keepProviding', () => {
  it('tells of every root at the start, and again before 48 h have gone by', async () => {
    const providers = new Providers();
    const providing = providers.start();
    await providers.settled();
    expect(providers.told).toEqual(['0 one', '0 two']);
    expect(providing.stats()).toEqual({ provided: 2, failed: 0 });
    await providers.pass(100);
    const hours = providers.told
      .filter((line) => line.endsWith('one'))
      .map((line) => Number.parseFloat(line));
    expect(hours.length).toBeGreaterThan(2);
    const gaps = hours.slice(1).map((hour, index) => hour - hours[index]!);
    expect(Math.max(...gaps)).toBeLessThan(47);
  });

  it('tells of what is new when it is told of a change, and takes back what is gone', async () => {
    const providers = new Providers();
    const providing = providers.start();
    await providers.settled();
    providers.roots = [TWO, THREE];
    providers.disturb();
    providing.changed();
    await providers.settled();
    expect(providers.told).toEqual(['0 one', '0 two', '0 three']);
    expect(providers.withdrawn).toEqual(['one']);
    providers.disturb();
    providing.changed({ all: true });
    await providers.settled();
    expect(providers.told.slice(3)).toEqual(['0 two', '0 three']);
  });

  it('does not count what nobody was there to hear', async () => {
    const providers = new Providers();
    providers.alone = true;
    const providing = providers.start();
    await providers.settled();
    expect(providers.told).toHaveLength(2);
    expect(providing.stats()).toEqual({ provided: 0, failed: 0 });
    expect(providing.age()).toBeUndefined();
    providers.alone = false;
    expect(providing.stats()).toEqual({ provided: 2, failed: 0 });
    expect(providing.age()).toBe(0);
    providers.end();
  });

  it('tries again soon what failed', async () => {
    const providers = new Providers();
    providers.failing = true;
    const providing = providers.start();
    await providers.settled();
    expect(providing.stats()).toEqual({ provided: 0, failed: 2 });
    providers.failing = false;
    await providers.pass(1);
    expect(providing.stats()).toEqual({ provided: 2, failed: 0 });
  });

  it('does a few at once, and ends with its signal', async () => {
    const providers = new Providers();
    providers.roots = Array.from({ length: 100 }, (_, index) => rawBlock(`${index}`).cid);
    const providing = providers.start();
    await providers.settled();
    expect(providers.told).toHaveLength(100);
    expect(providers.mostAtOnce).toBe(8);
    providers.end();
    await providing.ended;
  });
});
