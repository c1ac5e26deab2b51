import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OvnError } from '../../src/errors.ts';
import { postBytes } from '../../src/node/post-bytes.ts';

const BYTES = Uint8Array.of(0, 1, 2, 255);
const patient = { timeoutMs: 5_000, limit: 1_000, signal: new AbortController().signal };

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('postBytes', () => {
  it('sends the bytes as they are and gives back what is said, whatever the status', async () => {
    const url = await serve(async (request, response) => {
      response.writeHead(409, { 'x-method': request.method }).end(await buffer(request));
    });
    const { status, body } = await postBytes(url, BYTES, patient);
    expect(status).toBe(409);
    expect([...body]).toEqual([...BYTES]);
  });

  it('reads no more than the limit, of an answer without end too', async () => {
    const url = await serve((_, response) => {
      const more = () => response.write('x'.repeat(400), () => setImmediate(more));
      more();
    });
    await expect(postBytes(url, BYTES, patient)).rejects.toMatchObject({ code: 'limit' });
  });

  it('gives up when the headers, or the rest of the body, do not come', async () => {
    const silent = await serve(() => undefined);
    const slow = await serve((_, response) => void response.write('x'));
    for (const url of [silent, slow]) {
      await expect(postBytes(url, BYTES, { ...patient, timeoutMs: 100 })).rejects.toMatchObject({
        code: 'io',
        message: 'no answer within 0.1 s',
      });
    }
  });

  it('follows no redirect', async () => {
    const visits: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      visits.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await expect(postBytes(url, BYTES, patient)).rejects.toMatchObject({ code: 'io' });
    expect(visits).toEqual(['/']);
  });

  it('ends with the signal, and says why', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    const asking = postBytes(url, BYTES, { ...patient, signal: controller.signal });
    controller.abort(new OvnError('interrupted', 'it was enough'));
    await expect(asking).rejects.toMatchObject({ code: 'io', message: 'no answer: it was enough' });
  });

  it('says that nobody is there', async () => {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    await expect(postBytes(`http://127.0.0.1:${port}/`, BYTES, patient)).rejects.toMatchObject({
      code: 'io',
      message: 'it cannot be reached: ECONNREFUSED',
    });
  });
});
