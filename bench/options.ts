import { parseArgs } from 'node:util';

export interface BenchOptions {
  only: string[];
  runs: number;
  seconds: number;
  json: boolean;
  help: boolean;
}

/** Reads the command line; a mistake in it is an error in a sentence. */
export function readOptions(args: string[], parts: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '300' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const only = values.only.flatMap((value) => value.split(','));
  const unknown = only.find((name) => !parts.includes(name));
  if (unknown !== undefined) throw new Error(`no part is named ${unknown}; there are ${parts.join(', ')}`);
  const runs = positive('runs', values.runs);
  return { only, runs, seconds: positive('seconds', values.seconds), json: values.json, help: values.help };
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name} takes a whole number above 0, not ${text}`);
  return Number(text);
}
