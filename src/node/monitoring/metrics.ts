import type { ObservedRequest } from './observe-requests.ts';

/** A number that is looked up when it is asked for; `undefined` where there is none at that moment. */
export type Reading = () => number | undefined;

/** One number for each of several things, which are told apart by a label. */
export interface Series {
  help: string;
  kind: 'gauge' | 'counter';
  label: string;
  /** By the value of the label; what is left out has none at that moment. */
  read(): Iterable<readonly [string, number]>;
}

/** What is read when somebody asks, by the name of its metric. */
export interface Readings {
  gauges: Record<string, { help: string; read: Reading }>;
  /** What only grows. */
  counters: Record<string, { help: string; read: Reading }>;
  series?: Record<string, Series>;
}

export interface Metrics {
  contentType: string;
  countRequest(request: ObservedRequest): void;
  /** Something was not given: `withheld`, `denied`, `not-served`. */
  countRefusal(way: 'http' | 'bitswap', reason: string): void;
  /** A part of the upkeep failed: `provide`, `name`, … */
  countFailure(part: string): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Metrics in a registry of their own. The library is loaded here, so that only who measures has it. */
export async function openMetrics({ gauges, counters, series = {} }: Readings): Promise<Metrics> {
  const { default: prometheus } = await import('prom-client');
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = prometheus;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counterOf = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  const requests = counterOf('ovn_http_requests_total', 'Requests, by what was asked for and status.', [
    'kind',
    'status',
  ]);
  const bytes = counterOf('ovn_http_sent_bytes_total', 'Bytes of answers.', ['kind']);
  const refusals = counterOf('ovn_refused_total', 'What was not given, and why.', ['way', 'reason']);
  const failures = counterOf('ovn_upkeep_failures_total', 'Failures of what is done in the background.', [
    'part',
  ]);
  const seconds = new Histogram({
    name: 'ovn_http_request_seconds',
    help: 'Time until an answer had ended.',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers,
  });
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({ name, help, registers, collect: collector(read) });
  }
  for (const [name, { help, read }] of Object.entries(counters)) {
    new Counter({ name, help, registers, collect: totalCollector(read) });
  }
  for (const [name, { help, kind, label, read }] of Object.entries(series)) {
    const options = { name, help, labelNames: [label], registers };
    if (kind === 'gauge') new Gauge({ ...options, collect: seriesCollector(label, read) });
    else new Counter({ ...options, collect: seriesCollector(label, read) });
  }
  return {
    contentType: registry.contentType,
    countRequest: ({ kind, status, bytes: sent, seconds: took }) => {
      requests.inc({ kind, status: String(status) });
      bytes.inc({ kind }, sent);
      seconds.observe({ kind }, took);
    },
    countRefusal: (way, reason) => refusals.inc({ way, reason }),
    countFailure: (part) => failures.inc({ part }),
    text: () => registry.metrics(),
  };
}

/** What is not there at the moment is left out, instead of told as 0. */
function collector(read: Reading) {
  return function (this: { set(value: number): void; remove(): void }): void {
    const value = read();
    if (value === undefined) this.remove();
    else this.set(value);
  };
}

function totalCollector(read: Reading) {
  return function (this: { reset(): void; inc(by: number): void }): void {
    this.reset();
    this.inc(read() ?? 0);
  };
}

function seriesCollector(label: string, read: Series['read']) {
  return function (this: { reset(): void; inc(labels: Record<string, string>, by: number): void }): void {
    this.reset();
    for (const [value, number] of read()) this.inc({ [label]: value }, number);
  };
}
