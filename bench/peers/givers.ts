import { join } from 'node:path';
import { run } from '../child.ts';
import type { Bench, Results } from '../part.ts';
import { remove } from '../scratch.ts';
import { type Service, startService } from '../service.ts';
import { type Kubo, startKubo } from './kubo.ts';
import { OVN } from './ovn.ts';
import { ipfs } from './pack.ts';

/** `ovn serve` of a paper on loopback. */
export function serve(bench: Bench, paper: string): Promise<Service> {
  const args = [OVN, 'serve', '--http', '127.0.0.1:0', '--json'];
  return startService(bench, process.execPath, args, { cwd: paper, isReady: (line) => line.startsWith('{') });
}

/** Where its site and gateway are. */
export function addressOf({ lines: [line = '{}'] }: Service): string {
  return (JSON.parse(line) as { http: string }).http;
}

/** Requests over HTTP that it has answered so far. */
export async function requestsOf({ lines: [line = '{}'] }: Service): Promise<number> {
  const { metrics } = JSON.parse(line) as { metrics: string };
  const text = await (await fetch(new URL('/metrics', metrics))).text();
  const counted = text.matchAll(/^ovn_http_requests_total\{.*\} (\d+)$/gm);
  return counted.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** A Kubo that has all of a root that a paper has; nothing where Kubo is not installed. */
export async function giveToKubo(
  bench: Bench,
  results: Results,
  paper: string,
  cid: string,
): Promise<Kubo | undefined> {
  if (ipfs === undefined) {
    results.missing('Kubo: no `ipfs` on the path');
    return undefined;
  }
  const car = join(bench.scratch, 'given.car');
  await run(bench, process.execPath, [OVN, 'export', cid, '-o', car], { cwd: paper });
  const kubo = await startKubo(bench, ipfs, 'giver');
  await kubo.ipfs(['dag', 'import', car]);
  await remove(car);
  return kubo;
}

/** Seconds that `ipfs pin add` took into an empty Kubo that is connected to the other one. */
export async function pinFrom(bench: Bench, cid: string, giver: Kubo): Promise<number> {
  await using taker = await startKubo(bench, ipfs ?? '', 'taker');
  await taker.ipfs(['swarm', 'connect', giver.address]);
  const { seconds } = await taker.ipfs(['pin', 'add', cid]);
  return seconds;
}
