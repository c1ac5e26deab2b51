import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askRouters, putToRouters } from '../../../src/node/names/ask-routers.ts';
import { httpRouter } from '../../../src/node/names/http-router.ts';
import { memoryRecords } from '../../../src/node/names/memory-records.ts';
import type { Name } from '../../../src/node/names/name.ts';
import { putNameRecord } from '../../../src/node/names/put-record.ts';
import { RECORD_TIME, TestName } from '../../helpers/naming.ts';

const { signal } = new AbortController();

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers as `ovn serve` is to. */
async function serveRecords(isKnown: (name: Name) => boolean, any = false) {
  const records = memoryRecords();
  const requests: string[] = [];
  const url = await serve(async (request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.accept ?? ''}`);
    const name = (request.url ?? '').replace('/base/routing/v1/ipns/', '');
    const effects = { records, isKnown, any, now: () => RECORD_TIME };
    const { status, message } = await putNameRecord(name, await buffer(request), effects);
    response.writeHead(status).end(message);
  });
  return { url: `${url}/base/`, records, requests };
}

describe('httpRouter', () => {
  it('puts a record to one that decides as we do, and tells what it objects to', async () => {
    const [own, other] = [new TestName(), new TestName()];
    const { url, records, requests } = await serveRecords((name) => name.equals(own.name));
    const router = httpRouter(url);
    expect(router.id).toBe(url.slice(0, -1));
    await router.put(own.name, (await own.record(2)).bytes, { signal });
    expect(requests).toEqual([`PUT /base/routing/v1/ipns/${own.text} */*`]);
    expect(records.get(own.name)?.sequence).toBe(2n);
    const put = async (name: TestName, bytes: Uint8Array) => {
      const [answer] = await putToRouters({ name: name.name, bytes }, [router], signal);
      return answer?.problem;
    };
    expect(await put(own, (await own.record(2)).bytes)).toBeUndefined();
    expect(await put(own, (await own.record(1)).bytes)).toContain('status 409: A newer record');
    expect(await put(other, (await other.record(1)).bytes)).toContain('status 403');
    expect(await put(own, (await other.record(9)).bytes)).toContain('status 400');
    const ended = await own.record(9, undefined, { now: new Date('2020-01-01T00:00:00Z') });
    expect(await put(own, ended.bytes)).toContain('expired');
    expect(await put(own, new Uint8Array(20_000))).toContain('status 413');
    expect(records.get(own.name)?.sequence).toBe(2n);
  });

  it('takes every name where it is told to', async () => {
    const name = new TestName();
    const { url, records } = await serveRecords(() => false, true);
    await httpRouter(url).put(name.name, (await name.record(1)).bytes, { signal });
    expect(records.get(name.name)?.sequence).toBe(1n);
  });

  it('gets what is there, checked, and nothing where there is none', async () => {
    const name = new TestName();
    const record = await name.record(4);
    const there = await serve((request, response) => {
      const ok = request.headers.accept === 'application/vnd.ipfs.ipns-record';
      response.writeHead(ok ? 200 : 406).end(record.bytes);
    });
    const absent = await serve((_, response) => void response.writeHead(404).end('none'));
    const words = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('routing: not found');
    });
    const answers = await askRouters(name.name, [there, absent, words].map(httpRouter), signal);
    expect(answers).toEqual([
      { router: there, record: { ...record, bytes: expect.anything() } },
      { router: absent },
      { router: words },
    ]);
  });

  it.each<[string, RequestListener, string]>([
    ['breaks off', (_, response) => void response.write('x', () => response.destroy()), 'cannot be reached'],
    [
      'goes on for ever',
      (_, response) => {
        const more = () => response.write('x'.repeat(4096), () => setImmediate(more));
        more();
      },
      'longer than 10240 bytes',
    ],
    [
      'sends elsewhere',
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1' }).end(),
      'cannot be reached',
    ],
    [
      'fails',
      (_, response) => void response.writeHead(500).end('out of\u001b[31m order\nmore'),
      'status 500: out of?[31m order',
    ],
    ['sends something else', (_, response) => void response.end('<html>'), 'is refused'],
  ])('says so when a router %s', async (_what, listener, said) => {
    const [answer] = await askRouters(new TestName().name, [httpRouter(await serve(listener))], signal);
    expect(answer?.problem).toContain(said);
    expect(answer?.record).toBeUndefined();
  });

  it('ends at once when it is told to', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort(new Error('enough')));
    await expect(askRouters(new TestName().name, [httpRouter(url)], controller.signal)).rejects.toThrow(
      'enough',
    );
  });

  it.each(['', 'router', 'ftp://x', 'http://x/?a=b', 'http://u:p@x/'])('takes %j for no address', (url) => {
    expect(() => httpRouter(url)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('putNameRecord', () => {
  it('takes a name in any form, and nothing that is none', async () => {
    const name = new TestName();
    const records = memoryRecords();
    const effects = { records, isKnown: () => true, any: false, now: () => RECORD_TIME };
    const { bytes } = await name.record(1);
    for (const text of [name.text, name.name.toString(), name.name.toString().toUpperCase()])
      expect(await putNameRecord(text, bytes, effects)).toMatchObject({ status: 200 });
    for (const text of ['news.example', '', `${name.text}/x`])
      expect(await putNameRecord(text, bytes, effects)).toMatchObject({ status: 400 });
  });
});
