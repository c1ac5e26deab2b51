import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileGateway, respond, startHostile, TYPES } from '../helpers/hostile-gateway.ts';
import { type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';
import {
  CLOCK,
  makeIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  snapshotOf,
  sourceOf,
} from './support.ts';

const folder = sharedFolder();
let dir: string;
let published: Published;
let serving: RunningProgram;
let url: string;
let peer: string;
/** Where nobody listens. */
const NOBODY = 'http://127.0.0.1:1';

beforeAll(async () => {
  dir = await makeIn(folder, {
    'first-light.md': sourceOf({ categories: ['Science'] }),
    'harbour.md': sourceOf({ title: 'Harbour', categories: ['Science', 'World'] }),
  });
  published = await publishIn(dir);
  serving = startOvn(['serve', '--http', '127.0.0.1:0', '--json'], { cwd: dir, env: CLOCK });
  const ready = JSON.parse(await serving.readLine()) as { http: string; multiaddrs: string[] };
  url = ready.http;
  peer = ready.multiaddrs[0] ?? '';
});

afterAll(async () => {
  await serving[Symbol.asyncDispose]();
});

function article(): string {
  return published.articles[1]?.cid ?? '';
}

/** Runs `ovn` where no repository is. */
function outside(...args: string[]): ReturnType<typeof runOvn> {
  return runOvn(args, { cwd: folder, env: CLOCK });
}

describe('ovn get', () => {
  it('fetches an article from a gateway, without a repository', async () => {
    const { code, stdout } = await outside('get', article(), '--gateway', url);
    expect(code).toBe(0);
    expect(stdout).toBe((await runOvn(['get', 'harbour'], { cwd: dir })).stdout);
  });

  it('fetches what lies at the end of a path, and nothing beside it', async () => {
    const path = `ipfs://${published.edition}/articles/2025/07/07/harbour`;
    const { code, stdout } = await outside('get', path, '--gateway', url, '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ identifier: '2025/07/07/harbour' });
  });

  it('fetches from a peer over bitswap, with a gateway beside it that has nothing', async () => {
    const { code, stdout } = await outside('get', article(), '--peer', peer, '--gateway', NOBODY);
    expect(code).toBe(0);
    expect(stdout).toBe((await runOvn(['get', 'harbour'], { cwd: dir })).stdout);
  });

  it('finds who has it by the DHT that a named peer leads into', async () => {
    const reader = await makeIn(folder, { 'another.md': sourceOf({ title: 'Another' }) });
    await publishIn(reader);
    const settings = JSON.parse(readFileSync(join(dir, 'ovn.json'), 'utf8'));
    writeFileSync(join(reader, 'ovn.json'), JSON.stringify({ ...settings, network: { bootstrap: [peer] } }));
    await using other = startOvn(['serve', '--http', '127.0.0.1:0', '--json'], { cwd: reader });
    const { multiaddrs } = JSON.parse(await other.readLine()) as { multiaddrs: string[] };
    const [entry = ''] = multiaddrs;
    await expect
      .poll(
        async () =>
          (await outside('get', published.edition, '--peer', entry, '--dht', '--format', 'car')).code,
        {
          timeout: 50_000,
        },
      )
      .toBe(0);
  });

  it('takes the gateways of ovn.json, and asks nobody under --offline', async () => {
    const reader = await makeIn(folder);
    const settings = JSON.parse(readFileSync(join(reader, 'ovn.json'), 'utf8'));
    writeFileSync(
      join(reader, 'ovn.json'),
      JSON.stringify({ ...settings, network: { gateways: [NOBODY, url] } }),
    );
    const before = snapshotOf(reader);
    expect((await runOvn(['get', article()], { cwd: reader, env: CLOCK })).code).toBe(0);
    expect(snapshotOf(reader)).toEqual(before);
    const { code, stderr } = await runOvn(['get', article(), '--offline', '--gateway', url], { cwd: reader });
    expect(code).toBe(1);
    expect(stderr).toMatch(/is not in this repository/);
  });

  it('says how to name somebody where nobody is named', async () => {
    const { code, stderr } = await outside('get', article());
    expect(code).toBe(1);
    expect(stderr).toMatch(/nobody else was asked\n.*--gateway URL/);
  });

  it('names who was asked, and what each answered', async () => {
    const unknown = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    const { code, stdout } = await outside('get', unknown, '--gateway', url, '--gateway', NOBODY, '--json');
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error.code).toBe('not-found');
    expect(error.message).toContain(`${url}: it does not have`);
    expect(error.message).toContain(`${NOBODY}: it cannot be reached: ECONNREFUSED`);
  });

  it('gives up when its time is over, and says who was silent', async () => {
    await using silent = await startHostile(() => undefined);
    const begun = performance.now();
    const { code, stderr } = await outside('get', article(), '--gateway', silent.url, '--timeout', '1');
    expect(code).toBe(1);
    expect(stderr).toContain(`the time is up; ${silent.url}: no answer so far`);
    expect(performance.now() - begun).toBeLessThan(12_000);
  });

  it('refuses what is no address of a gateway or a peer', async () => {
    expect((await outside('get', article(), '--gateway', 'ftp://x')).code).toBe(2);
    expect((await outside('get', article(), '--peer', '/ip4/127.0.0.1/tcp/1')).code).toBe(2);
    expect((await outside('get', article(), '--gateway', url, '--timeout', '0')).code).toBe(2);
  });
});

describe('ovn verify', () => {
  it('judges an article that it fetched as it does one that is here', async () => {
    const result = await outside('verify', article(), '--gateway', url, '--json', '--no-memory');
    const { verdict, checks } = readJson<{ verdict: string; checks: { name: string; detail: string }[] }>(
      result,
    );
    expect(verdict).toBe('genuine');
    expect(checks[0]).toMatchObject({ name: 'blocks', result: 'pass', detail: expect.stringContaining(url) });
  });

  it('judges a whole edition that it fetched', async () => {
    const result = await outside('verify', published.edition, '--gateway', url, '--json');
    const { ok, publication } = readJson<{ ok: boolean; publication: string }>(result);
    expect(ok).toBe(true);
    expect(publication).toBe(published.publication);
  });
});

describe('ovn import and ovn pin add', () => {
  it('keep what they fetched', async () => {
    const reader = await makeIn(folder);
    const category = published.categories['science']?.cid ?? '';
    const result = await runOvn(['import', category, '--gateway', url, '--json'], {
      cwd: reader,
      env: CLOCK,
    });
    const { roots, sources } = readJson<{
      roots: { cid: string; missing: number; blocks: number }[];
      sources: { source: string; blocks: number }[];
    }>(result);
    expect(roots).toEqual([expect.objectContaining({ cid: category, missing: 0 })]);
    expect(sources).toEqual([expect.objectContaining({ source: url, blocks: roots[0]?.blocks, said: null })]);
    expect((await runOvn(['verify', category], { cwd: reader, env: CLOCK })).code).toBe(0);
    expect((await runOvn(['pin', 'add', published.edition, '--gateway', url], { cwd: reader })).code).toBe(0);
    expect((await runOvn(['gc'], { cwd: reader })).code).toBe(0);
    expect((await runOvn(['verify', published.edition], { cwd: reader, env: CLOCK })).code).toBe(0);
    expect(readdirSync(join(reader, '.ovn', 'fetched'))).toEqual([]);
  });

  it('leave the repository as it is when a gateway lies', async () => {
    await using lying: HostileGateway = await startHostile(({ format }) =>
      respond(200, 'not what was asked for', { 'content-type': TYPES[format] ?? '' }),
    );
    const reader = await makeIn(folder);
    const before = snapshotOf(reader);
    const { code, stderr } = await runOvn(['import', article(), '--gateway', lying.url], { cwd: reader });
    expect(code).toBe(1);
    expect(stderr).toContain(lying.url);
    expect(snapshotOf(reader)).toEqual(before);
  });

  it('go on where a break left them', async () => {
    const reader = await makeIn(folder);
    const all = new Map<string, Uint8Array>();
    const fetchRaw = async (cid: string): Promise<Uint8Array> => {
      const response = await fetch(`${url}/ipfs/${cid}?format=raw`);
      return new Uint8Array(await response.arrayBuffer());
    };
    const root = await fetchRaw(article());
    all.set(article(), root);
    await using partial = await startHostile(({ cid, format }) => {
      const bytes = format === 'raw' ? all.get(cid.toString()) : undefined;
      return bytes === undefined
        ? respond(404, '')
        : respond(200, bytes, { 'content-type': TYPES['raw'] ?? '' });
    });
    const broken = await runOvn(['import', article(), '--gateway', partial.url], { cwd: reader });
    expect(broken.code).toBe(3);
    expect(existsSync(join(reader, '.ovn', 'fetched', `fetch-${article()}.db`))).toBe(true);
    const { sources, roots } = readJson<{ sources: { blocks: number }[]; roots: { blocks: number }[] }>(
      await runOvn(['import', article(), '--gateway', url, '--json'], { cwd: reader }),
    );
    expect(sources[0]?.blocks).toBe((roots[0]?.blocks ?? 0) - 1);
    expect(readdirSync(join(reader, '.ovn', 'fetched'))).toEqual([]);
  });
});
