import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HOME_LIMITS, type Home, type PushOptions } from '../../../src/node/homes/home.ts';
import { openHome } from '../../../src/node/homes/open-home.ts';
import { MAX_BLOCK } from '../../../src/unixfs/profile.ts';
import { makeDag } from '../../helpers/dags.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const TOKEN = 'a-secret-of-0123456789';
const LIMITS = { ...HOME_LIMITS, answer: 300, stall: 300, pin: 300, poll: 5, maxPoll: 5, tries: 3, pause: 1 };
const { signal } = new AbortController();
const dag = await makeDag(100, 2_000_000, 2_000_000, 2_000_000, 2_000_000);
const root = `${dag.root}`;
const opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

describe.each(['kubo', 'cluster'] as const)('a %s that is none, or means no good', (kind) => {
  const open = (handler: Handler) => openAt(kind, handler);
  const status = async (handler: Handler) => (await open(handler)).status([dag.root], { signal });

  it.each<[string, string, Handler]>([
    ['endless words', 'limit', (_, response) => endless(response.writeHead(500), 'no. ')],
    ['an endless line', 'limit', (_, response) => endless(response, ' ')],
    ['words of another language', 'malformed', (_, response) => void response.end('<html>')],
    ['JSON of another shape', 'malformed', (_, response) => void response.end('{"cid":7,"Keys":7}')],
    ['a CID that is none', 'malformed', (_, response) => void response.end('{"cid":"Q","Cid":"Q"}')],
    ['another pin than that asked for', 'malformed', (_, response) => void response.end(pinOf(OTHER))],
    ['no answer', 'io', () => undefined],
    ['an answer that never ends', 'io', (_, response) => void response.write('{')],
    ['an answer drop by drop', 'io', (_, response) => drip(response)],
    ['a compressed answer', 'refused', (_, response) => void response.writeHead(200, ZIPPED).end('x')],
    ['another place', 'refused', (_, response) => void response.writeHead(307, ELSEWHERE).end()],
    ['a page of somebody else', 'refused', (_, response) => void response.writeHead(404).end()],
    ['its patience is over', 'busy', (_, response) => void response.writeHead(429).end()],
    ['it asks for hours', 'busy', (_, response) => void response.writeHead(503, HOURS).end()],
    ['it closes', 'io', ({ socket }) => void socket.destroy()],
  ])('%s: %s', async (_, code, handler) => {
    await expect(status(handler)).rejects.toMatchObject({ code });
  });

  it('is asked again when it was busy', async () => {
    let asked = 0;
    const answers = await status((_, response) => {
      asked++;
      if (asked < 3) response.writeHead(429).end();
      else response.end(pinOf(root));
    });
    expect(answers.get(root)).toMatchObject({ cid: root, state: 'pinned' });
  });

  it('has our secret, and cannot make us tell it', async () => {
    const asked: (string | undefined)[] = [];
    const failed = status(({ headers }, response) => {
      asked.push(headers.authorization);
      response.writeHead(500).end(`you say ${headers.authorization}\u0007\u202e`);
    });
    const refused = { code: 'refused', message: expect.stringMatching(/you say Bearer (…|\*\*\*)$/) };
    await expect(failed).rejects.toMatchObject(refused);
    expect(asked).toEqual([`Bearer ${TOKEN}`]);
  });

  it('gives a list that breaks off, and it is not taken for all of it', async () => {
    const home = await open(({ url = '' }, response) => {
      if (!/pin\/ls|allocations/.test(url)) return void response.end(pinOf(root));
      response.writeHead(200, { trailer: 'X-Stream-Error' }).write(`${pinOf(root)}\n`);
      response.addTrailers({ 'X-Stream-Error': 'its node went away' });
      response.end();
    });
    await expect(Array.fromAsync(home.list({ signal }))).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('its node went away'),
    });
  });

  it('takes nothing of what it is given: it is given up, and nothing is heaped up for it', async () => {
    let made = 0;
    const home = await open((request, response) => {
      if (isUpload(request)) request.pause();
      else answerAbsent(request, response);
    });
    const pushing = home.push(
      dag.root,
      give(async function* () {
        for (;;) {
          made += 65_536;
          yield Buffer.alloc(65_536);
        }
      }),
    );
    await Promise.allSettled([pushing]);
    expect(made).toBeLessThan(16 * 1024 * 1024);
    if (kind === 'cluster') await expect(pushing).rejects.toMatchObject({ code: 'io' });
    else expect(await pushing).toMatchObject({ state: 'failed' });
  });

  it('refuses before it has heard all', async () => {
    const home = await open((request, response) => {
      if (!isUpload(request)) return answerAbsent(request, response);
      response.writeHead(500, { 'content-type': 'application/json', connection: 'close' });
      response.end('{"Message":"too much","message":"too much"}');
    });
    expect(await home.push(dag.root, give(dag.car))).toMatchObject({ state: 'failed', detail: 'too much' });
  });
});

describe('a Kubo that means no good', () => {
  it('pins nothing, and says so behind a 200', async () => {
    const home = await openAt('kubo', (request, response) => {
      if (!isUpload(request)) return answerAbsent(request, response);
      request.resume().on('end', () => {
        response.end(`{"Root":{"Cid":{"/":"${root}"},"PinErrorMsg":"block not found"}}\n`);
      });
    });
    const kept = { cid: root, state: 'failed', detail: 'block not found' };
    expect(await home.push(dag.root, give(dag.car))).toEqual(kept);
  });

  it.each([
    ['other bytes', 'malformed', Buffer.from('other')],
    ['more bytes than a block has', 'limit', Buffer.alloc(MAX_BLOCK + 1)],
  ])('gives back %s', async (_, code, bytes) => {
    const { reader } = await openAt('kubo', (__, response) => void response.end(bytes));
    await expect(reader?.block(dag.root, { signal })).rejects.toMatchObject({ code });
  });

  it('gives a CAR back that is not whole', async () => {
    const { reader } = await openAt('kubo', async (_, response) => {
      response.writeHead(200, { trailer: 'X-Stream-Error' });
      for await (const chunk of dag.carOf((blocks) => blocks.slice(0, 2))) response.write(chunk);
      response.addTrailers({ 'X-Stream-Error': 'walk failed' });
      response.end();
    });
    const reading = Array.fromAsync(reader?.dag?.(dag.root, [], { signal, scope: 'all' }) ?? []);
    await expect(reading).rejects.toMatchObject({ code: 'io' });
  });
});

const OTHER = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const ZIPPED = { 'content-encoding': 'gzip' };
const ELSEWHERE = { location: 'http://127.0.0.1:1/' };
const HOURS = { 'retry-after': '7200' };

/** A pin, as both kinds say it. */
function pinOf(cid: string): string {
  const ofKubo = { Cid: cid, Type: 'recursive', Name: 'a paper' };
  return JSON.stringify({
    ...ofKubo,
    cid,
    name: 'a paper',
    type: 'pin',
    peer_map: { a: { status: 'pinned' } },
  });
}

const isUpload = ({ url = '' }: IncomingMessage): boolean => /\/(add|dag\/import)\?/.test(url);

/** Of both kinds: it has nothing yet. */
function answerAbsent({ url = '' }: IncomingMessage, response: ServerResponse): void {
  if (url.startsWith('/api')) response.writeHead(500, { 'content-type': 'application/json' });
  const absent = { cid: root, peer_map: { a: { status: 'unpinned' } } };
  response.end(JSON.stringify({ ...absent, Message: 'block was not found locally; it is not pinned' }));
}

function endless(response: ServerResponse, text: string): void {
  const more = (): void => {
    while (response.writable && response.write(text.repeat(16_384)));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '.repeat(2000)), 10);
  response.on('close', () => clearInterval(timer));
}

function give(car: PushOptions['car']): PushOptions {
  return { name: 'a paper', car, have: [], origins: [], signal };
}

async function openAt(kind: 'kubo' | 'cluster', handler: Handler): Promise<Home> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const home = await openHome({ name: 'theirs', kind, url }, { token: TOKEN }, LIMITS);
  opened.push({
    async [Symbol.asyncDispose]() {
      await home.close?.();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
  return home;
}
