/**
 * `node bench/soak.ts`: `ovn serve` under mixed load for half an hour, with publishes in between. It fails when resident memory goes on
 * growing, when the server dies or leaves an error unhandled, when an answer is wrong, or when a block is lost.
 */
import { parseArgs } from 'node:util';
import { makeScratch } from './scratch.ts';
import { startLoad } from './soak/load.ts';
import { type Memory, sampleMemory } from './soak/memory.ts';
import { startNewsroom } from './soak/newsroom.ts';
import { startServing } from './soak/serving.ts';

const USAGE = `node bench/soak.ts [--seconds 1800] [--warm-up 300] [--articles 500] [--publish-every 20] [--most 1] [--only pages] [--json]

--warm-up: seconds after which memory counts; --most: MB a minute by which it may grow from then on; --only: clients of one
kind (pages, fronts, blocks, cars, unknown, vanishing, peers), may be repeated.
`;

interface Options {
  seconds: number;
  warmUp: number;
  articles: number;
  publishEvery: number;
  most: number;
  only: string[];
  json: boolean;
}

async function main(): Promise<boolean> {
  const options = readOptions();
  if (options === undefined) return true;
  await using scratch = await makeScratch();
  const newsroom = await startNewsroom(scratch.path, options.articles);
  await using serving = await startServing(newsroom.dir);
  await using memory = sampleMemory(serving.pid);
  await using load = startLoad(serving, newsroom, options.only);
  const ends = performance.now() + options.seconds * 1000;
  let publishes = 0;
  while (performance.now() < ends && !serving.hasEnded()) {
    await serving.wait(Math.min(options.publishEvery * 1000, Math.max(0, ends - performance.now())));
    await newsroom.publish();
    publishes++;
  }
  const { requests, failures } = await load.stop();
  const samples = memory.stop();
  const problems = [...failures, ...(await serving.problems()), ...(await newsroom.problems(serving.http))];
  const growth = growthOf(samples, options);
  if (growth > options.most) problems.push(`memory grew by ${growth.toFixed(2)} MB a minute`);
  const end = samples.at(-1)?.megabytes ?? 0;
  report({ requests, publishes, growth, end, problems }, options.json);
  return problems.length === 0;
}

/** MB a minute after the warm-up: the slope of the line that fits best. */
function growthOf(samples: readonly Memory[], { warmUp }: Options): number {
  const counted = samples.filter(({ minutes }) => minutes * 60 >= warmUp);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [
    mean(counted.map(({ minutes }) => minutes)),
    mean(counted.map(({ megabytes }) => megabytes)),
  ];
  const along = counted.map(({ minutes }) => (minutes - x) ** 2);
  const up = counted.map(({ minutes, megabytes }) => (minutes - x) * (megabytes - y));
  return counted.length < 3 ? 0 : mean(up) / mean(along);
}

interface Report {
  requests: Record<string, number>;
  publishes: number;
  growth: number;
  end: number;
  problems: string[];
}

function report({ requests, publishes, growth, end, problems }: Report, json: boolean): void {
  const megabytes = { growthAMinute: Number(growth.toFixed(3)), end: Number(end.toFixed(1)) };
  if (json) print(`${JSON.stringify({ requests, publishes, megabytes, problems })}\n`);
  else {
    const answered = Object.entries(requests).map(([kind, count]) => `${count} ${kind}`);
    print(`answered: ${answered.join(', ')}; ${publishes} publishes\n`);
    print(`memory: ${end.toFixed(0)} MB at the end, ${growth.toFixed(2)} MB a minute\n`);
    for (const problem of problems) print(`problem: ${problem}\n`);
  }
}

function readOptions(): Options | undefined {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: {
      seconds: text('1800'),
      'warm-up': text('300'),
      articles: text('500'),
      'publish-every': text('20'),
      most: text('1'),
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return undefined;
  }
  const [seconds, warmUp] = [Number(values.seconds), Number(values['warm-up'])];
  const [articles, publishEvery] = [Number(values.articles), Number(values['publish-every'])];
  const most = Number(values.most);
  return { seconds, warmUp, articles, publishEvery, most, only: values.only, json: values.json };
}

function print(text: string): void {
  process.stdout.write(text);
}

try {
  // Libraries of the peer keep timers: what is done is done.
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  process.stderr.write(`soak: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
