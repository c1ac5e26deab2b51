import type { Counter, Metrics } from '@libp2p/interface';

/** Counts what bitswap gave away: the least of a `Metrics` that its broker tells that to. */
export class SentCounters {
  readonly #counts = new Map<string, number>();

  get blocks(): number {
    return this.#counts.get('helia_bitswap_sent_blocks_total') ?? 0;
  }

  get bytes(): number {
    return this.#counts.get('helia_bitswap_sent_data_bytes_total') ?? 0;
  }

  /** For Helia. All other metrics are dropped. */
  metrics(): Metrics {
    const nothing = () => ({ update() {}, increment() {}, decrement() {}, reset() {}, observe() {} });
    const untimed = () => ({ ...nothing(), timer: () => () => {} });
    const registerCounter = (name: string): Counter => ({
      increment: (by = 1) => void this.#counts.set(name, (this.#counts.get(name) ?? 0) + by),
      reset: () => void this.#counts.delete(name),
    });
    return {
      trackMultiaddrConnection() {},
      trackProtocolStream() {},
      registerMetric: untimed,
      registerMetricGroup: untimed,
      registerCounter,
      registerCounterGroup: nothing,
      registerHistogram: untimed,
      registerHistogramGroup: untimed,
      registerSummary: untimed,
      registerSummaryGroup: untimed,
      traceFunction: <F>(_: string, traced: F) => traced,
      createTrace() {},
    } as Metrics;
  }
}
