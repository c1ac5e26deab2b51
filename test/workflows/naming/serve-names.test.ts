import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../../src/node/gateway/server.ts';
import { httpRouter } from '../../../src/node/names/http-router.ts';
import type { NameRouter } from '../../../src/node/names/name-router.ts';
import { type Node, openNode } from '../../../src/node/node.ts';
import { loadKey } from '../../../src/repo/keyring.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import type { Repository } from '../../../src/repo/repository.ts';
import { giveRecords } from '../../../src/workflows/naming/give-records.ts';
import { serveNames } from '../../../src/workflows/naming/serve-names.ts';
import { TestName, TestRouter } from '../../helpers/naming.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const { signal } = new AbortController();
const TYPE = 'application/vnd.ipfs.ipns-record';

interface Site {
  url: string;
  repository: Repository;
  node: Node;
  holder: TestName;
  edition: string;
}

/** A newsroom whose gateway follows names. */
async function open({
  any = false,
  routers = [] as NameRouter[],
  links = {} as Record<string, string>,
  now = NOW,
} = {}): Promise<Site> {
  const room = await Newsroom.open();
  room.write('articles/a.md', source({ title: 'First light' }));
  const { edition } = await room.publish();
  const repository = openRepository(room.dir);
  const node = await openNode(repository);
  const lookUpTxt = async (host: string) =>
    links[host] === undefined ? undefined : { texts: [`dnslink=${links[host]}`], ttl: 60 };
  const names = serveNames({
    repository,
    routers,
    lookUpTxt,
    any,
    editions: () => new Map(),
    now: () => now,
  });
  const server = await listen(
    { host: '127.0.0.1', port: 0 },
    { read: node.read, head: () => edition, ...names },
  );
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await node.stop();
    repository.close();
  });
  const holder = new TestName((await loadKey(join(room.dir, '.ovn/keys'), 'name')).privateKey);
  return { url: server.url.replace('localhost', '127.0.0.1'), repository, node, holder, edition };
}

const put = (url: string, name: string, bytes: Uint8Array) =>
  fetch(`${url}/routing/v1/ipns/${name}`, {
    method: 'PUT',
    headers: { 'content-type': TYPE },
    body: Uint8Array.from(bytes),
  });
const get = (url: string) => fetch(url, { redirect: 'manual' });

describe('serveNames', () => {
  it('takes a record of our own name, gives it out, and leads to the edition', async () => {
    const { url, repository, holder, edition } = await open();
    const record = await holder.record(3, `/ipfs/${edition}`);
    expect((await get(`${url}/routing/v1/ipns/${holder.text}`)).status).toBe(404);
    expect((await put(url, holder.name.toString(), record.bytes)).status).toBe(200);
    expect(repository.names.own().map(({ sequence }) => sequence)).toEqual([3n]);
    for (const path of [`/routing/v1/ipns/${holder.text}`, `/ipns/${holder.text}?format=ipns-record`]) {
      const answer = await get(url + path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, TYPE]);
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(Uint8Array.from(record.bytes));
    }
    const page = await get(`${url}/ipns/${holder.text}/manifest.json`);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toContain('max-age=300');
    expect(await page.json()).toMatchObject({ format: 'ovn-manifest/1' });
  });

  it('never goes back for an older record, and takes none of a stranger or a forger', async () => {
    const { url, repository, holder, edition } = await open();
    const stranger = new TestName();
    const status = async (name: TestName, bytes: Uint8Array) => (await put(url, name.text, bytes)).status;
    expect(await status(holder, (await holder.record(3, `/ipfs/${edition}`)).bytes)).toBe(200);
    expect(await status(holder, (await holder.record(2, `/ipfs/${edition}`)).bytes)).toBe(409);
    expect(await status(stranger, (await stranger.record(1)).bytes)).toBe(403);
    expect(await status(holder, (await stranger.record(9)).bytes)).toBe(400);
    expect(await status(holder, new Uint8Array(11_000))).toBe(413);
    expect(repository.names.get(holder.name)?.sequence).toBe(3n);
    expect(repository.names.get(stranger.name)).toBeUndefined();
  });

  it('takes records of every name where it is told to', async () => {
    const { url, holder, edition } = await open({ any: true });
    const stranger = new TestName();
    expect(
      (await put(url, stranger.text, (await stranger.record(1, `/ipns/${holder.text}`)).bytes)).status,
    ).toBe(200);
    expect((await put(url, holder.text, (await holder.record(1, `/ipfs/${edition}`)).bytes)).status).toBe(
      200,
    );
    expect((await get(`${url}/ipns/${stranger.text}/feed.json`)).status).toBe(200);
  });

  it('asks routers for what is not here, and gives out nothing that has expired', async () => {
    const router = new TestRouter();
    const { url, holder, edition } = await open({ routers: [router] });
    router.held.set(holder.text, (await holder.record(5, `/ipfs/${edition}`)).bytes);
    expect((await get(`${url}/ipns/${holder.text}/manifest.json`)).status).toBe(200);
    expect((await get(`${url}/routing/v1/ipns/${holder.text}`)).status).toBe(200);
    expect(router.asked).toBe(1);
    const stranger = new TestName();
    const ended = await stranger.record(1, `/ipfs/${edition}`, { now: new Date('2020-01-01T00:00:00Z') });
    router.held.set(stranger.text, ended.bytes);
    expect((await get(`${url}/ipns/${stranger.text}/manifest.json`)).status).toBe(502);
    expect((await get(`${url}/routing/v1/ipns/${stranger.text}`)).status).toBe(404);
  });

  it('shows the site of a domain', async () => {
    const links: Record<string, string> = {};
    const { url, holder, edition, repository } = await open({ links });
    links['_dnslink.news.example'] = `/ipns/${holder.text}`;
    repository.names.putOwn(await holder.record(1, `/ipfs/${edition}`));
    expect((await get(`${url}/ipns/news.example/manifest.json`)).status).toBe(200);
    expect((await get(`${url}/ipns/other.example/manifest.json`)).status).toBe(502);
  });
});

describe('giveRecords', () => {
  it('gives what is ours and valid to every router, as it is', async () => {
    const { repository, holder, edition } = await open();
    const { url, repository: elsewhere } = await open({ any: true });
    const record = await holder.record(4, `/ipfs/${edition}`);
    repository.names.putOwn(record);
    repository.names.put(await new TestName().record(1));
    const ended = await new TestName().record(1, undefined, { now: new Date('2020-01-01T00:00:00Z') });
    repository.names.putOwn(ended);
    const given = await giveRecords(repository, { routers: [httpRouter(url)], now: NOW, signal });
    expect(given).toEqual([{ name: holder.text, sequence: 4n, routers: [{ router: url, problem: null }] }]);
    expect(Buffer.from(elsewhere.names.get(holder.name)?.bytes ?? [])).toEqual(Buffer.from(record.bytes));
  });
});
