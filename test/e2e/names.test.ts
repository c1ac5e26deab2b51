import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseName } from '../../src/node/names/name.ts';
import { readNameRecord } from '../../src/node/names/record.ts';
import type { NamePublishReport } from '../../src/workflows/naming/name-report.ts';
import type { ShownName } from '../../src/workflows/naming/show-name.ts';
import type { VerifyReport } from '../../src/workflows/verify.ts';
import { startDnsServer } from '../helpers/dns-server.ts';
import { startRouterServer } from '../helpers/naming.ts';
import { runOvn, startOvn } from '../helpers/program.ts';
import {
  CLOCK,
  copyTo,
  LATER,
  makeIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  words,
  writeSources,
} from './support.ts';

const folder = sharedFolder();
const ID = '2025/07/07/first-light';
const DECADE = { SOURCE_DATE_EPOCH: String(Date.parse('2035-01-01T00:00:00Z') / 1000) };

let paper: string;
let published: Published;
let name: string;

const ovn = (line: string, cwd = paper, env: Record<string, string> = CLOCK) =>
  runOvn(words(line), { cwd, env });
const json = async <T>(line: string, cwd = paper) => readJson<T>(await ovn(`${line} --json`, cwd));
const publishName = (line = '', cwd = paper) => json<NamePublishReport>(`name publish${line}`, cwd);

beforeAll(async () => {
  paper = await makeIn(folder, { 'first-light.md': sourceOf() });
  published = await publishIn(paper);
  const { names } = await publishName();
  name = names[0]?.name ?? '';
});

describe('ovn name', () => {
  it('shows what the name leads to, and for how long', async () => {
    const shown = await json<ShownName>('name show');
    expect(shown).toEqual({
      name,
      own: 'current',
      record: {
        value: `/ipfs/${published.edition}`,
        sequence: 1,
        validUntil: '2026-07-10T12:00:00.000Z',
        timeLeft: 365 * 86_400,
        ttl: 300,
        size: expect.any(Number),
        from: 'here',
        edition: 1,
      },
      routers: [],
    });
    const { stdout } = await ovn('name show', paper, LATER);
    expect(stdout).toContain('2026-07-10T12:00:00.000Z  (303 days left)');
    expect((await ovn('name publish')).stdout).toContain('Nothing has changed: record 1');
  });

  it('tells a router, which tells others', async () => {
    await using router = await startRouterServer();
    const there = copyTo(folder, paper);
    const { names } = await publishName(` --router ${router.url} --renew --lifetime 48h --ttl 60s`, there);
    expect(names).toMatchObject([
      {
        status: 'published',
        sequence: 2,
        validUntil: '2025-07-12T12:00:00.000Z',
        ttl: 60,
        routers: [{ problem: null }],
      },
    ]);
    const bytes = new Uint8Array(router.held.get(name) ?? []);
    const record = await readNameRecord(parseName(name) ?? fail(), bytes, {
      now: new Date('2025-07-11T00:00:00Z'),
    });
    expect(record.sequence).toBe(2n);
    const shown = await json<ShownName>(`name show ${name} --router ${router.url}`, copyTo(folder, paper));
    expect(shown.record).toMatchObject({ sequence: 2, from: router.url });
    const unknown = await ovn(`name show ${name} --router http://127.0.0.1:9`, there);
    expect({ code: unknown.code, out: unknown.stdout }).toMatchObject({
      code: 3,
      out: expect.stringContaining('record    2, from here'),
    });
  });

  it('tells the routers of ovn.json too, unless it is to be offline', async () => {
    await using router = await startRouterServer();
    const there = copyTo(folder, paper);
    const settings = JSON.parse(readFileSync(join(there, 'ovn.json'), 'utf8'));
    writeFileSync(
      join(there, 'ovn.json'),
      JSON.stringify({ ...settings, network: { routers: [router.url] } }),
    );
    expect((await publishName(' --offline', there)).names[0]?.routers).toEqual([]);
    expect((await json<ShownName>('name show --offline', there)).routers).toEqual([]);
    expect(router.asked).toEqual([]);
    await publishName('', there);
    expect(router.asked).toEqual([`GET ${name}`, `PUT ${name}`]);
    expect((await json<ShownName>('name show', there)).routers).toEqual([
      { router: router.url, sequence: 1, problem: null },
    ]);
  });

  it('writes a record to a file, and takes one in, but no older and no forged one', async () => {
    const [from, to] = [copyTo(folder, paper), await makeIn(folder)];
    await ovn('name export -o one.ipns-record', from);
    await publishName(' --renew', from);
    await ovn(`name export ${name} -o ${name}.ipns-record`, from);
    const [older, newer] = ['one', name].map((file) => join(from, `${file}.ipns-record`));
    const take = (file: string | undefined, whose = '') => ovn(`name import ${file}${whose}`, to);
    expect(await take(older)).toMatchObject({ code: 2, stderr: expect.stringContaining('whose record') });
    expect(await take(newer)).toMatchObject({ code: 0, stdout: `record 2 of ${name} taken in\n` });
    expect(await take(newer)).toMatchObject({ code: 0, stdout: `record 2 of ${name} is here already\n` });
    expect(await take(older, ` ${name}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('record 2 is here'),
    });
    const bytes = readFileSync(newer ?? '');
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    writeFileSync(join(to, 'forged'), bytes);
    expect(await take('forged', ` ${name}`)).toMatchObject({ code: 4 });
    const { stdout } = await ovn(`name show ${name}`, to);
    expect(stdout).toMatch(/^record {4}2, from here$/m);
  });

  it('prints the line for a zone, and says whether a domain leads to the name', async () => {
    const line = `_dnslink.news.example. 300 IN TXT "dnslink=/ipns/${name}"\n`;
    expect(await ovn('name dnslink News.Example')).toMatchObject({ code: 0, stdout: line });
    await using dns = await startDnsServer();
    const check = () => ovn(`name dnslink news.example --dns ${dns.address}`);
    expect(await check()).toMatchObject({
      code: 3,
      stdout: line,
      stderr: expect.stringContaining('no such record'),
    });
    dns.texts.set('_dnslink.news.example', [`dnslink=/ipns/${parseName(name)}`]);
    expect(await check()).toMatchObject({ code: 0, stdout: line });
    dns.texts.set('_dnslink.news.example', [`dnslink=/ipfs/${published.edition}`]);
    expect(await check()).toMatchObject({ code: 3, stderr: expect.stringContaining('leads elsewhere') });
    expect((await ovn('name dnslink a_b')).code).toBe(2);
  });

  it.each([
    'name publish --lifetime 1',
    'name publish --lifetime 5000d',
    'name publish --ttl 0s',
    'name publish --router nowhere',
    'name show news',
  ])('says of "ovn %s" that it is not meant so', async (line) => {
    expect((await ovn(line)).code).toBe(2);
  });
});

describe('several processes, and a crash', () => {
  it('never sign two records with one number', async () => {
    const there = copyTo(folder, paper);
    const reports = await Promise.all([1, 2, 3, 4].map(() => publishName(' --renew', there)));
    const numbers = reports.map(({ names }) => names[0]?.sequence ?? 0).sort();
    expect(numbers).toEqual([2, 3, 4, 5]);
    expect((await json<ShownName>('name show', there)).record?.sequence).toBe(5);
  });

  it('leave a record that is the same after a crash, and is given out then', async () => {
    const there = copyTo(folder, paper);
    const put = Promise.withResolvers<void>();
    const server = createServer(({ method }, response) => {
      if (method === 'GET') response.writeHead(404).end();
      else put.resolve();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    {
      await using program = startOvn(words(`name publish --renew --router ${url}`), {
        cwd: there,
        env: CLOCK,
      });
      await put.promise;
      program.process.kill('SIGKILL');
      expect((await program.ended).code).toBe('SIGKILL');
    }
    await using router = await startRouterServer();
    const { names } = await publishName(` --router ${router.url}`, there);
    expect(names).toMatchObject([{ status: 'unchanged', sequence: 2 }]);
    expect(router.asked).toEqual([`GET ${name}`, `PUT ${name}`]);
  });
});

describe('an address by name', () => {
  it('stands where an article is asked for', async () => {
    for (const what of [`ipns://${name}/articles/${ID}`, `${parseName(name)}/articles/${ID}`]) {
      expect((await json<{ identifier: string }>(`show ${what}`)).identifier).toBe(ID);
      expect((await ovn(`get ${what}`)).stdout).toContain('title: First light');
      expect((await json<VerifyReport>(`verify ${what}`)).verdict).toBe('current');
      expect((await ovn(`history ${what}`)).stdout).toContain(ID);
    }
  });

  it('may be a domain, where a resolver or a map is given', async () => {
    await using dns = await startDnsServer({ '_dnslink.news.example': [`dnslink=/ipns/${name}/articles`] });
    const map = join(folder, 'map.json');
    writeFileSync(map, JSON.stringify({ domains: { 'map.example': `/ipns/${name}/articles` } }));
    for (const [what, flags] of [
      [`news.example/${ID}`, `--dns ${dns.address}`],
      [`ipns://news.example/${ID}`, `--dns ${dns.address}`],
      [`map.example/${ID}`, `--dns-map ${map}`],
      [`news.example/${ID}`, `--dns-map ${map} --dns ${dns.address}`],
    ]) {
      const { checks, verdict } = await json<VerifyReport>(`verify ${what} ${flags}`);
      expect(verdict).toBe('current');
      expect(checks[0]).toMatchObject({ name: 'name', result: 'pass' });
    }
    const refused = await ovn(`get ipns://news.example/${ID}`);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no DNS is asked unless it is named'),
    });
    const missing = await ovn(`get other.example --dns ${dns.address}`);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('has no DNSLink') });
  });

  it('asks routers for a name that is not here, and refuses what is forged', async () => {
    const stranger = await makeIn(folder);
    await using router = await startRouterServer();
    await publishName(` --router ${router.url}`, copyTo(folder, paper));
    const known = await ovn(`verify ${name} --router ${router.url}`, stranger);
    // The name is followed; that its blocks are elsewhere is another matter.
    expect(known).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${published.edition} is not to be had`),
    });
    expect((await json<ShownName>(`name show ${name}`, stranger)).record?.sequence).toBe(1);
    const other = parseName(name)?.toString() ?? '';
    router.held.set(name, Uint8Array.from([...(router.held.get(name) ?? [])].toReversed()));
    const forged = await ovn(`verify ${other} --router ${router.url}`, await makeIn(folder));
    expect(forged).toMatchObject({ code: 4, stdout: expect.stringContaining('FAIL        name: ') });
    const silent = await ovn(`get ${name}`, await makeIn(folder));
    expect(silent).toMatchObject({ code: 1, stderr: expect.stringContaining('no router was asked') });
  });

  it('whose record has expired gives what it leads to, and says that it is old', async () => {
    const got = await ovn(`get ${name}/articles/${ID}`, paper, DECADE);
    expect(got).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('expired 2026-07-10T12:00:00.000Z'),
    });
    expect(got.stdout).toContain('title: First light');
    expect((await ovn(`verify ${name}`, paper, DECADE)).code).toBe(3);
  });
});

describe('a name key that is rotated', () => {
  it('leaves a last record of the old name, to an edition that names the new one', async () => {
    const there = copyTo(folder, paper);
    expect((await ovn('key rotate name', there)).code).toBe(0);
    const early = await publishName('', there);
    expect(early.former).toMatchObject([{ name, status: 'waiting' }]);
    writeSources(join(there, 'articles'), { 'second.md': sourceOf({ title: 'Second' }) });
    const { edition } = await publishIn(there);
    const { code, stdout, stderr } = await ovn('name publish', there);
    expect(code).toBe(0);
    expect(stdout).toContain(`${name}\n  Record 2: /ipfs/${edition}`);
    expect(stderr).toContain('an edition that names the new key: a former name, and its last record');
    const { names, former } = await publishName('', there);
    expect(names[0]?.name).not.toBe(name);
    expect(former).toMatchObject([{ name, status: 'unchanged', sequence: 2, value: `/ipfs/${edition}` }]);
    const { checks } = await json<VerifyReport>(`verify ${name}`, there);
    expect(checks.find((check) => check.name === 'masthead-version')?.detail).toContain('masthead 2');
    const keys = await json<{ role: string; id: string; state: string }[]>('key ls', there);
    expect(
      keys
        .filter(({ role }) => role === 'name')
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['current', 'retired']);
  });
});

describe('a restored backup', () => {
  it('does not sign before it asked what the name said last', async () => {
    const there = copyTo(folder, paper);
    expect((await ovn('backup paper.ovn', there)).code).toBe(0);
    await using router = await startRouterServer();
    writeSources(join(there, 'articles'), { 'second.md': sourceOf({ title: 'Second' }) });
    await publishIn(there);
    await publishName(` --router ${router.url}`, there);
    const back = join(there, 'back');
    expect((await ovn(`restore paper.ovn ${back}`, there)).code).toBe(0);
    expect(await ovn('name publish', back)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/restored from a backup[\s\S]+--regardless/),
    });
    const asked = await ovn(`name publish --router ${router.url}`, back);
    expect(asked).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/never published here[\s\S]+log recover/),
    });
    const { names } = await publishName(` --router ${router.url} --regardless`, back);
    expect(names).toMatchObject([{ sequence: 3, status: 'published' }]);
  });
});

function fail(): never {
  throw new Error('not a name');
}
