/** `npm run bench`: measures ovn against what people would use instead, in one run on one machine. */
import { readOptions } from './options.ts';
import { type Bench, Results } from './part.ts';
import { PARTS } from './parts.ts';
import { toJson, toText } from './report.ts';
import { makeScratch } from './scratch.ts';

const USAGE = `npm run bench -- [--only part,…] [--runs 5] [--seconds 300] [--json]

Ratios are medians over interleaved runs. Parts: ${[...PARTS.keys()].join(', ')}.
--seconds bounds each part: no round is begun that would end later (the first always is).
Peers that are not installed (hugo, ipfs) are left out, and the report says so.
`;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), [...PARTS.keys()]);
  if (options.help) return print(USAGE);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => interrupted.abort(new Error('interrupted')));
  const measured = new Map<string, Results>();
  for (const [name, part] of PARTS) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const results = new Results();
    await using scratch = await makeScratch();
    const bench: Bench = { ...options, scratch: scratch.path, signal: interrupted.signal };
    await part(bench, results);
    measured.set(name, results);
    if (!options.json) print(`${toText(name, results)}\n`);
  }
  if (options.json) print(`${JSON.stringify(toJson(measured), undefined, 2)}\n`);
}

function print(text: string): void {
  process.stdout.write(text);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
