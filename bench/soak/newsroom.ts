import { execFile } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { syntheticArticle, writeSynthetic } from '../synthetic.ts';

const OVN = fileURLToPath(new URL('../../bin/ovn.js', import.meta.url));
const execute = promisify(execFile);
const MOST_OUTPUT = 1 << 28;

/** A newsroom that goes on publishing while its paper is served. */
export interface Newsroom {
  dir: string;
  /** What the last publish made. */
  latest(): Edition;
  /** A new article, and another text of an old one; from time to time something is pinned, released or withheld. */
  publish(): Promise<void>;
  /** What is wrong with it, in the end: every invariant, and every block of the paper as it is served. */
  problems(http: string): Promise<string[]>;
}

export interface Edition {
  edition: string;
  articles: { id: string; cid: string }[];
  categories: Record<string, { cid: string }>;
}

/** Makes one with so many articles. */
export async function startNewsroom(scratch: string, articles: number): Promise<Newsroom> {
  const dir = join(scratch, 'newsroom');
  const sources = join(dir, 'articles');
  await mkdir(dir);
  const ovn = async (...args: string[]): Promise<string> =>
    (await execute(process.execPath, [OVN, ...args], { cwd: dir, maxBuffer: MOST_OUTPUT })).stdout;
  await ovn('init', '.', '--no-sample', '--no-passphrase');
  const paths = await writeSynthetic(sources, articles);
  let latest = JSON.parse(await ovn('publish', '--json')) as Edition;
  let round = 0;
  const publish = async (): Promise<void> => {
    round++;
    const { name, text } = syntheticArticle(articles + round);
    await writeFile(join(sources, name), text);
    await appendFile(paths[round % paths.length] ?? '', `\nRound ${round}.\n`);
    if (round % 3 === 0) await ovn('pin', 'add', latest.edition);
    if (round % 3 === 2 && round > 3)
      await ovn('pin', 'rm', JSON.parse(await ovn('pin', 'ls', '--json'))[0].cid);
    latest = JSON.parse(await ovn('publish', '--json')) as Edition;
  };
  const problems = async (http: string): Promise<string[]> => {
    const car = join(scratch, 'edition.car');
    const response = await fetch(`${http}/ipfs/${latest.edition}?format=car`);
    await writeFile(car, await response.bytes());
    const wrong = [await failureOf(() => ovn('check')), await failureOf(() => ovn('verify', car))];
    return wrong.filter((each) => each !== undefined);
  };
  return { dir, latest: () => latest, publish, problems };
}

async function failureOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const { cmd, stdout, stderr } = error as { cmd?: string; stdout?: string; stderr?: string };
    return `${cmd}: ${stdout?.slice(-2000)} ${stderr?.slice(-2000)}`;
  }
}
