import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CID } from 'multiformats/cid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HOME_LIMITS, type Home, type HomeLimits, type Kept } from '../../../src/node/homes/home.ts';
import { openHome } from '../../../src/node/homes/open-home.ts';
import { rawBlock } from '../../helpers/blocks.ts';
import { hasPinningApi, pinningFindings } from '../../helpers/openapi.ts';
import {
  type Misbehaviour,
  type PinningDouble,
  type PinningDoubleOptions,
  startPinningDouble,
} from '../../helpers/pinning-double.ts';

const TOKEN = 's3cret-token-of-ours';
const ROOT = rawBlock('an edition').cid;
const OTHER = rawBlock('another').cid;
const NAME = 'ovn/of-ours/edition/7';

/** Patience for tests: what takes seconds with others takes milliseconds here. */
const QUICK: HomeLimits = {
  ...HOME_LIMITS,
  answer: 2000,
  pin: 2000,
  poll: 2,
  maxPoll: 5,
  pause: 2,
  tries: 3,
};

const signal = new AbortController().signal;

async function service(
  options: PinningDoubleOptions = {},
  limits: Partial<HomeLimits> = {},
): Promise<{ double: PinningDouble; home: Home }> {
  const double = await startPinningDouble({ token: TOKEN, ...options });
  onTestFinished(() => double[Symbol.asyncDispose]());
  const config = { name: 'pins', kind: 'pinning-service', url: `${double.url}/` } as const;
  return { double, home: await openHome(config, { token: TOKEN }, { ...QUICK, ...limits }) };
}

function push(home: Home, root: CID = ROOT, given = signal): Promise<Kept> {
  const car = async function* () {};
  const origins = ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWNobody'];
  return home.push(root, { name: NAME, car, have: [], origins, signal: given });
}

async function all(home: Home): Promise<Kept[]> {
  return Array.fromAsync(home.list({ signal }));
}

/** Answers the first `times` requests of a kind with a status. */
function atFirst(
  times: number,
  kind: string,
  status: number,
  headers: Record<string, string> = {},
): Misbehaviour {
  let left = times;
  return ({ method, path }, response) => {
    if (`${method} ${path}` !== kind || left-- <= 0) return false;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { reason: 'NOT_NOW', details: `of ${TOKEN}` } }));
    return true;
  };
}

describe('a pinning service', () => {
  it('is asked once, and looked at until it has pinned', async () => {
    const { double, home } = await service();
    expect(await push(home)).toMatchObject({ cid: ROOT.toString(), state: 'pinned', name: NAME });
    const [made] = double.pins.values();
    expect(made?.pin).toMatchObject({ name: NAME, origins: ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWNobody'] });
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    expect(double.asked.filter((asked) => asked === 'POST /pins')).toHaveLength(1);
    expect(double.findings).toEqual([]);
  });

  it('goes on with a request that is under way', async () => {
    const { double, home } = await service();
    double.have(ROOT.toString(), NAME).states = ['queued', 'pinning', 'pinned'];
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    expect(double.asked).not.toContain('POST /pins');
  });

  it('says why it failed, and is asked again', async () => {
    const { double, home } = await service({ states: ['queued', 'failed'] });
    expect(await push(home)).toMatchObject({ state: 'failed', detail: 'nobody has it' });
    double.options.states = ['pinned'];
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    expect((await home.status([ROOT], { signal })).get(ROOT.toString())).toMatchObject({ state: 'pinned' });
    expect(double.findings).toEqual([]);
  });

  it('is not waited for without an end', async () => {
    const { home } = await service({ states: ['pinning'] }, { pin: 30 });
    expect(await push(home)).toMatchObject({ state: 'pinning' });
  });

  it('is left when the signal says so', async () => {
    const { home } = await service({ states: ['pinning'] });
    const controller = new AbortController();
    const pushing = push(home, ROOT, controller.signal);
    controller.abort(new Error('enough'));
    await expect(pushing).rejects.toThrow('enough');
  });

  it('tells of what it has, of what it has not, and only of that', async () => {
    const { double, home } = await service();
    double.have(ROOT.toString(), NAME);
    const roots = [ROOT, OTHER, ...Array.from({ length: 12 }, (_, n) => rawBlock(`${n}`).cid)];
    const said = await home.status(roots, { signal });
    expect([...said.keys()]).toEqual(roots.map(String));
    expect(said.get(ROOT.toString())).toMatchObject({ state: 'pinned' });
    expect(said.get(OTHER.toString())).toEqual({ cid: OTHER.toString(), state: 'absent' });
    expect(double.findings).toEqual([]);
  });

  it('never reads a failure as gone', async () => {
    const { home } = await service({ misbehave: atFirst(99, 'GET /pins', 500) });
    await expect(home.status([ROOT], { signal })).rejects.toMatchObject({ code: 'io' });
  });

  it('lets go of our requests, and of no other', async () => {
    const { double, home } = await service();
    double.have(ROOT.toString(), NAME);
    double.have(ROOT.toString(), NAME);
    const other = double.have(ROOT.toString(), 'of somebody else');
    await home.release(ROOT, { name: NAME, signal });
    expect([...double.pins.keys()]).toEqual([other.requestid]);
    await home.release(OTHER, { name: NAME, signal });
    expect(double.findings).toEqual([]);
  });

  it('has requests whose ids can be remembered', async () => {
    const { home, double } = await service();
    double.have(ROOT.toString(), NAME).requestid = 'r'.repeat(256);
    await expect(all(home)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('lists all pins, page by page, of one millisecond too', async () => {
    const { double, home } = await service();
    for (let n = 0; n < 2100; n++) {
      const nanoseconds = n < 1200 ? `2026-01-01T00:00:00.${String(n).padStart(9, '0')}Z` : undefined;
      double.have(rawBlock(`${n}`).cid.toString(), `${n}`, nanoseconds);
    }
    // A page holds a thousand: of more in one millisecond it cannot be told where to go on.
    await expect(all(home)).rejects.toMatchObject({ code: 'refused' });
    for (const pin of [...double.pins.values()].slice(0, 300)) double.pins.delete(pin.requestid);
    expect(new Set((await all(home)).map(({ cid }) => cid)).size).toBe(1800);
    expect(double.findings).toEqual([]);
  });
});

describe('a pinning service in trouble', () => {
  it('is asked again where it failed, but never for a second pin', async () => {
    const { double, home } = await service();
    let heard = 0;
    double.options.misbehave = async ({ method }, response) => {
      if (method !== 'POST' || heard++ > 0) return false;
      double.have(ROOT.toString(), NAME).states = ['pinning', 'pinned'];
      response.destroy();
      return true;
    };
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    expect(double.pins.size).toBe(1);
  });

  it.each([500, 502, 503, 504])('is asked again after status %i', async (status) => {
    const { double, home } = await service();
    double.options.misbehave = atFirst(2, 'GET /pins', status);
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    double.options.misbehave = atFirst(99, 'POST /pins', status);
    await expect(push(home, OTHER)).rejects.toMatchObject({ code: 'io' });
    expect(double.asked.filter((asked) => asked === 'POST /pins')).toHaveLength(1 + QUICK.tries);
  });

  it('is left alone for as long as it asks for', async () => {
    const { double, home } = await service();
    double.options.misbehave = atFirst(1, 'POST /pins', 429, { 'retry-after': '1' });
    const begun = performance.now();
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    expect(performance.now() - begun).toBeGreaterThan(990);
    double.options.misbehave = atFirst(1, 'GET /pins', 429, {
      'retry-after': new Date(Date.now() + 3_600_000).toUTCString(),
    });
    await expect(push(home, OTHER)).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('left alone for 3'),
    });
    double.options.misbehave = atFirst(99, 'POST /pins', 429);
    await expect(push(home, OTHER)).rejects.toMatchObject({ code: 'busy' });
  });

  it.each([
    [400, 'refused'],
    [401, 'key'],
    [403, 'key'],
    [409, 'refused'],
    [418, 'refused'],
  ])('refuses with status %i once, and does not give the token away', async (status, code) => {
    const { double, home } = await service({ misbehave: atFirst(99, 'POST /pins', status) });
    const refused = await push(home).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code, message: expect.stringMatching(/^pins: .*NOT_NOW: of \*\*\*/) });
    expect(double.asked.filter((asked) => asked === 'POST /pins')).toHaveLength(1);
  });

  it('has another token', async () => {
    const { home } = await service({ token: 'another' });
    await expect(home.status([ROOT], { signal })).rejects.toMatchObject({ code: 'key' });
  });

  it.each([
    ['no JSON', 'what?'],
    ['an empty body', ''],
    ['another type', '[]'],
    ['null', 'null'],
    ['no results', '{"count": 1}'],
    ['a result that is none', '{"count": 1, "results": [{}]}'],
    [
      'no CID',
      '{"count": 1, "results": [{"requestid": "1", "status": "pinned", "created": "2026-01-01T00:00:00Z", "pin": {"cid": "../x"}, "delegates": []}]}',
    ],
    [
      'no time',
      `{"count": 1, "results": [{"requestid": "1", "status": "pinned", "created": "soon", "pin": {"cid": "${ROOT}"}, "delegates": []}]}`,
    ],
  ])('answers with %s', async (_, body) => {
    const misbehave: Misbehaviour = (_, response) => Boolean(response.writeHead(200).end(body));
    const { home } = await service({ misbehave });
    await expect(home.status([ROOT], { signal })).rejects.toMatchObject({ code: 'malformed' });
    await expect(push(home)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('does not answer, or never ends', async () => {
    const { double, home } = await service({ misbehave: () => true }, { answer: 30, tries: 2 });
    await expect(push(home)).rejects.toMatchObject({ code: 'io', message: 'pins: no answer in 0.03 s' });
    double.options.misbehave = (_, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20, 0x20)));
        if (!response.destroyed) response.once('drain', pour);
      };
      response.writeHead(200);
      pour();
      return true;
    };
    const patient = await openHome(
      { name: 'pins', kind: 'pinning-service', url: double.url },
      {},
      { ...QUICK, answer: 20_000 },
    );
    await expect(push(patient)).rejects.toMatchObject({ code: 'limit' });
  });

  it('is elsewhere, where our token does not go', async () => {
    let visited = 0;
    const elsewhere = createServer((_, response) => void response.end(`${++visited}`)).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    onTestFinished(() => void elsewhere.close());
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/pins`;
    const { home } = await service({
      misbehave: (_, response) => Boolean(response.writeHead(307, { location }).end()),
    });
    await expect(push(home)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('redirect'),
    });
    expect(visited).toBe(0);
  });

  it('says what is not to be shown', async () => {
    const { double, home } = await service({ states: ['failed'] });
    double.options.misbehave = ({ method }) => {
      for (const pin of double.pins.values())
        pin.info = { status_details: `\u001b[31m${TOKEN}\n${encodeURIComponent(TOKEN)} ${'x'.repeat(9999)}` };
      return method === 'never';
    };
    double.have(ROOT.toString(), NAME).states = ['failed'];
    const { detail = '' } = (await home.status([ROOT], { signal })).get(ROOT.toString()) ?? {};
    expect(detail).toMatch(/^\[31m\*\*\* \*\*\* x+…$/);
    expect(detail.length).toBeLessThan(210);
  });
});

describe('the pinning service of IPFS Cluster', () => {
  it('answers 200, lists in no order, without delegates, and has one request a CID', async () => {
    const { double, home } = await service({ cluster: true });
    double.have(OTHER.toString(), 'of somebody else');
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    expect(await push(home)).toMatchObject({ state: 'pinned' });
    expect((await all(home)).map(({ cid }) => cid).sort()).toEqual([ROOT, OTHER].map(String).sort());
    await home.release(ROOT, { name: NAME, signal });
    expect((await home.status([ROOT], { signal })).get(ROOT.toString())).toMatchObject({ state: 'absent' });
  });

  it('has nothing at all while its Kubo is down, which is no word on anything', async () => {
    const { double, home } = await service({ cluster: true });
    await push(home);
    const body = '{"count": 0, "results": []}';
    double.options.misbehave = ({ method, path }, response) =>
      method === 'GET' && path === '/pins' && Boolean(response.writeHead(200).end(body));
    const said = await home.status([ROOT], { signal });
    expect(said.get(ROOT.toString())).toMatchObject({ state: 'unknown' });
    await expect(all(home)).rejects.toMatchObject({ code: 'incomplete' });
    await home.release(ROOT, { name: NAME, signal });
    expect(double.pins.size).toBe(0);
  });

  it('is not gone through in several pages, which would leave some out', async () => {
    const { double, home } = await service({ cluster: true });
    for (let n = 0; n < 1001; n++) double.have(rawBlock(`${n}`).cid.toString(), `${n}`);
    await expect(all(home)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('no order'),
    });
  });
});

describe.skipIf(!hasPinningApi)('the description of the API', () => {
  it('finds what is wrong', () => {
    expect(pinningFindings('Pin', { cid: 'x', name: 'n'.repeat(256), origins: ['a', 'a'] })).toEqual([
      'Pin.name is too long',
      'Pin.origins repeats itself',
    ]);
    const status = { requestid: 'r', status: 'lost', created: 'soon', pin: {}, delegates: [] };
    expect(pinningFindings('PinStatus', status)).toEqual([
      'PinStatus.status is lost',
      'PinStatus.created is no time',
      'PinStatus.pin.cid is missing',
      'PinStatus.delegates has 0 items',
    ]);
    expect(pinningFindings('PinResults', { count: -1 })).toEqual([
      'PinResults.results is missing',
      'PinResults.count is -1',
    ]);
  });
});
