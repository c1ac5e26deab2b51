import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { tellMirror } from '../../src/node/mirrors/ask-mirror.ts';
import type { VerifyReport } from '../../src/workflows/verify.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { makeRepository, type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';
import { publishIn, readJson, sourceOf } from './support.ts';

interface Listening {
  http: string;
  metrics: string;
  multiaddrs: string[];
  ipns: string | null;
  followed: { publication: string; edition: string; site: string }[];
}

type Server = RunningProgram & { report: Listening };

async function serveIn(dir: string, ...args: string[]): Promise<Server> {
  const program = startOvn(['serve', '--json', '--http', '127.0.0.1:0', ...args], { cwd: dir });
  return { ...program, report: JSON.parse(await program.readLine()) };
}

/** A machine without a paper that follows what is at an address, and serves it. */
async function mirrorOf(target: string, syncEvery: string): Promise<Server> {
  const dir = join(temporaryFolder(), 'mirror');
  expect(await runOvn(['init', dir, '--mirror'])).toMatchObject({ code: 0 });
  expect(await runOvn(['follow', target], { cwd: dir })).toMatchObject({ code: 0 });
  return serveIn(dir, '--sync-every', syncEvery);
}

/** By their names, without labels. */
async function numbersOf({ report }: Server): Promise<Map<string, number>> {
  const lines = (await (await fetch(`${report.metrics}/metrics`)).text()).split('\n');
  const ours = lines.filter((line) => line.startsWith('ovn_'));
  return new Map(ours.map((line) => [line.replace(/[{ ].*/, ''), Number(line.split(' ').at(-1))]));
}

async function feedsAt({ report }: Pick<Server, 'report'>): Promise<string[]> {
  const paths = ['/feed.json', '/categories/science/feed.json', '/categories/sport/feed.json'];
  return Promise.all(paths.map(async (path) => (await fetch(report.http + path)).text()));
}

async function rootAt({ report }: Server, path: string): Promise<string | undefined> {
  const { headers } = await fetch(report.http + path, { method: 'HEAD' });
  return headers.get('x-ipfs-roots')?.split(',')[0];
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; !(await holds()); await sleep(30)) {
    if (performance.now() > end) throw new Error('it never came');
  }
}

/** Articles of the paper whose publisher goes. */
const SIZE = 1000;

describe('a paper whose publisher is gone', () => {
  it('is found by its name with a mirror, and with a mirror of that: every article, its feeds and its history', async () => {
    const reports = Array.from({ length: SIZE - 2 }, (_, index) => `report-${index}`);
    const texts = new Map(reports.map((name) => [name, `What happened in ${name}.\n`]));
    texts.set('ferry', 'Sunk.\n').set('tide', 'Text of the article.\n');
    await using newsroom = await makeRepository({
      articles: {
        'ferry.md': sourceOf({ title: 'Ferry' }),
        'tide.md': sourceOf({ title: 'Tide', categories: ['Sport'] }),
        ...Object.fromEntries(
          reports.map((name) => [`${name}.md`, sourceOf({ title: name, body: texts.get(name) ?? '' })]),
        ),
      },
    });
    await using publisher = await serveIn(newsroom.dir);
    await publishIn(newsroom.dir, { env: {} });
    const name = publisher.report.ipns;
    await until(async () => (await rootAt(publisher, `/ipns/${name}/`)) !== undefined);
    await using first = await mirrorOf(publisher.report.http, '1h');
    await using second = await mirrorOf(first.report.http, '1s');

    writeFileSync(
      join(newsroom.dir, 'articles/ferry.md'),
      sourceOf({ title: 'Ferry', body: texts.get('ferry') ?? '' }),
    );
    const { edition, publication, articles } = await publishIn(newsroom.dir, { env: {} });
    await until(async () => (await rootAt(publisher, `/ipns/${name}/`)) === edition);
    const signal = AbortSignal.timeout(20_000);
    expect(await tellMirror(new URL(first.report.http), publication, { signal })).toBe(true);
    for (const mirror of [first, second]) await until(async () => (await rootAt(mirror, '/')) === edition);
    const feeds = await feedsAt(publisher);
    publisher.process.kill('SIGKILL');
    await publisher.ended;
    rmSync(newsroom.dir, { recursive: true });

    for (const { report } of [first, second]) {
      expect(report).toMatchObject({ ipns: name, followed: [{ publication, site: `/ipns/${name}/` }] });
      expect(await feedsAt({ report })).toEqual(feeds);
    }
    const reader = { cwd: temporaryFolder(), env: { XDG_STATE_HOME: temporaryFolder() } };
    const ask = (command: string, path: string, ...more: string[]) => {
      const { http } = second.report;
      return runOvn([command, `ipns://${name}${path}`, '--gateway', http, ...more], reader);
    };
    const whole = readJson<VerifyReport>(await ask('verify', '', '--json'));
    expect(whole).toMatchObject({ verdict: 'current', publication });
    const judged = new Map(whole.checks.map(({ name, detail }) => [name, detail]));
    expect(judged.get('bundles')).toBe(`${SIZE + 1} bundles, each genuine and in its place`);
    const read = join(reader.cwd, 'read');
    expect(await ask('get', '/articles', '--format', 'dir', '-o', read)).toMatchObject({ code: 0 });
    expect(articles).toHaveLength(SIZE);
    for (const { id } of articles) {
      const { articleBody } = JSON.parse(readFileSync(join(read, id, 'article.json'), 'utf8'));
      expect(articleBody).toBe(texts.get(id.split('/').at(-1) ?? ''));
    }
    // An article alone is genuine, and nothing says that it is the newest: exit code 3.
    const article = await ask('verify', `/articles/${articles[0]?.id}`, '--json');
    expect(JSON.parse(article.stdout)).toMatchObject({ ok: true, verdict: 'genuine', publication });
    const earlier = await ask('get', '/revisions/2025/07/07/ferry/1', '--format', 'md');
    expect(earlier.stdout).toContain('Text of the article.');
    const byPeer = ['verify', `ipns://${name}`, '--peer', first.report.multiaddrs[0] ?? '', '--dht'];
    expect(await runOvn(byPeer, reader)).toMatchObject({ code: 0 });

    const numbers = await numbersOf(second);
    expect(numbers.get('ovn_mirror_sequence')).toBe(2);
    expect(numbers.get('ovn_mirror_whole')).toBe(1);
    expect(numbers.get('ovn_mirror_held_bytes')).toBeGreaterThan(10_000);
    expect(numbers.get('ovn_mirror_record_left_seconds')).toBeGreaterThan(300 * 86_400);
    expect(numbers.get('ovn_mirror_confirmed_age_seconds')).toBeLessThan(60);
    first.process.kill('SIGTERM');
    await first.ended;
    await until(async () => ((await numbersOf(second)).get('ovn_mirror_sync_failures_total') ?? 0) > 0);
    second.process.kill('SIGTERM');
    const { code, stderr } = await second.ended;
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`sync ${publication}`),
    });
  }, 180_000);
});
