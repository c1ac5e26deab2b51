import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFetch, Missing } from '../../src/search-page/fetch-file.ts';

const { signal } = new AbortController();
let server: Server;
let base: string;

/** Answers `/<status>` with that status. */
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => response.writeHead(Number(url.slice(1))).end('words'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('a file that the page asks for', () => {
  it('is read as far as it may be long', async () => {
    const fetchFile = createFetch(base);
    expect(Buffer.from(await fetchFile('200', 5, signal)).toString()).toBe('words');
    await expect(fetchFile('200', 4, signal)).rejects.toThrow('too long');
  });

  it.each([403, 404, 410, 451])('is not there where a host says %d', async (status) => {
    await expect(createFetch(base)(`${status}`, 5, signal)).rejects.toThrow(Missing);
  });

  it.each([408, 429, 500, 504])('may be there later where a host says %d', async (status) => {
    const error = await createFetch(base)(`${status}`, 5, signal).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(Missing);
  });

  it('keeps nobody waiting whose turn comes after questions that were given up', async () => {
    const fetchFile = createFetch(base);
    const all = Array.from({ length: 20 }, () => fetchFile('200', 5, AbortSignal.abort()));
    const next = fetchFile('200', 5, signal);
    expect((await Promise.allSettled(all)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await next).toHaveLength(5);
  });
});
