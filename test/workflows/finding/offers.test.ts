import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { memoryRecords } from '../../../src/node/names/memory-records.ts';
import { formatName } from '../../../src/node/names/name.ts';
import type { NameRecord } from '../../../src/node/names/record.ts';
import type { Reach } from '../../../src/node/network/reach.ts';
import { HTTP_LIMITS, openHttp } from '../../../src/node/retrieve/http-client.ts';
import type { BlockSource } from '../../../src/node/retrieve/source.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import {
  type FindEffects,
  type FollowTarget,
  findOffers,
  type Offers,
} from '../../../src/workflows/finding/offers.ts';
import {
  endless,
  SOME_ID as ID,
  type MirrorAnswer,
  SOME_EDITION as OLD,
  showing,
  shown,
  silent,
  startMirror,
  type TestMirror,
  trickling,
} from '../../helpers/mirror-server.ts';
import { brokenRouter, TestName, TestRouter } from '../../helpers/naming.ts';

const NEW = 'bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
const OTHER_ID = rawCid(Buffer.from('another paper')).toString();
const paper = new TestName();
let older: NameRecord;
let newer: NameRecord;

beforeAll(async () => {
  older = await paper.record(1, `/ipfs/${OLD}`);
  newer = await paper.record(2, `/ipfs/${NEW}`);
});

async function mirror(answer: MirrorAnswer): Promise<TestMirror> {
  const started = await startMirror(answer);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

const place = (id: string): BlockSource => ({ id, window: 1, block: async () => undefined });

async function find(target: Partial<FollowTarget>, effects: Partial<FindEffects> = {}): Promise<Offers> {
  const client = openHttp();
  onTestFinished(() => client.close());
  const { signal } = new AbortController();
  const all = { routers: [], client, sourceOf: place, timeoutMs: 400, signal, ...effects };
  return findOffers({ urls: [], peers: [], ...target }, all);
}

/** Who offers which edition. */
const told = ({ offers }: Offers) => offers.map(({ from, edition }) => [from, edition]);

describe('who offers the newest edition', () => {
  it('a mirror, by the id of the publication, beside all who fail or lie', async () => {
    const good = await mirror(
      showing({ publications: new Map([[ID, shown({ edition: NEW, sequence: 9, checkpoint: 'note' })]]) }),
    );
    const forged = shown({ edition: NEW, name: new TestName().text, record: newer.bytes });
    const bad: [string, MirrorAnswer][] = [
      ['no whole answer in 0.4 s', silent],
      ['no whole answer in 0.4 s', trickling],
      ['it sends more than 1048576 bytes', endless],
      ['it is no JSON', (_, response) => response.end('<html>')],
      [
        'it redirects elsewhere, to http://192.0.2.1',
        (_, response) => response.writeHead(302, { location: 'http://192.0.2.1/' }).end(),
      ],
      ['it redirects more than 3 times', (_, response) => response.writeHead(302, { location: '/x' }).end()],
      ['it answers with status 500', (_, response) => response.writeHead(500).end()],
      ['it shows no publications', (_, response) => response.writeHead(404).end()],
      ['it breaks off', (_, response) => void response.destroy()],
      [`it does not show ${ID}`, showing({ publications: new Map([[OTHER_ID, shown()]]) })],
      ['is not signed by the key of', showing({ publications: new Map([[ID, forged]]) })],
    ];
    const liars = await Promise.all(bad.map(([, answer]) => mirror(answer)));
    const begun = performance.now();
    const urls = [...liars, good].map(({ url }) => url);
    const found = await find({ publication: ID, urls });
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(told(found)).toEqual([[good.url, NEW]]);
    expect(found.offers[0]).toMatchObject({
      publication: ID,
      sequence: 9,
      checkpoint: 'note',
      record: undefined,
    });
    const sources = found.offers[0]?.sources.map(({ id }) => id) ?? [];
    expect([sources[0], sources.toSorted()]).toEqual([good.url, urls.toSorted()]);
    expect(good.asked).toEqual([`GET /.well-known/openvoicenews?publication=${ID}`]);
    for (const [at, [why]] of bad.entries()) {
      const failure = found.failures.find(({ from }) => from === liars[at]?.url);
      expect.soft(failure?.why).toContain(why);
    }
  });

  it('nobody: a place that cannot be reached is named once, in however many ways it was asked', async () => {
    const url = 'http://127.0.0.1:9/';
    const { offers, failures } = await find({ publication: ID, name: new TestName().text, urls: [url] });
    expect(offers).toEqual([]);
    const ofUrl = failures.filter(({ from }) => from === url);
    expect(ofUrl).toEqual([{ from: url, why: expect.stringContaining('cannot be reached') }]);
  });

  it('by its name: newest record first, whoever has it, and then what others claim', async () => {
    const claims = shown({ edition: OLD, sequence: 5, name: paper.text, record: older.bytes });
    const behind = await mirror(showing({ publications: new Map([[ID, claims]]) }));
    const gateway = await mirror(({ url }, response) => {
      const isAsked = url === `/ipns/${paper.text}?format=ipns-record`;
      response.writeHead(isAsked ? 200 : 404).end(isAsked ? newer.bytes : '');
    });
    const records = memoryRecords();
    records.put(older);
    const found = await find(
      { name: paper.text, urls: [behind.url, `${gateway.url}/`] },
      { records, routers: [brokenRouter()] },
    );
    expect(told(found)).toEqual([
      [`${gateway.url}/`, NEW],
      ['kept', OLD],
      [behind.url, OLD],
    ]);
    expect(found.offers.map(({ record }) => record)).toEqual([newer.bytes, older.bytes, older.bytes]);
    expect(found.name).toBe(paper.text);
    expect(found.failures).toContainEqual({ from: 'a broken router', why: 'out of order' });
  });

  it('a router, by the name that a mirror claims for an id', async () => {
    const claims = shown({ edition: OLD, sequence: 5, name: paper.text, record: older.bytes });
    const behind = await mirror(showing({ publications: new Map([[ID, claims]]) }));
    const router = new TestRouter();
    router.held.set(paper.text, newer.bytes);
    const found = await find({ publication: ID, urls: [behind.url] }, { routers: [router] });
    expect(told(found)).toEqual([
      ['a router', NEW],
      [behind.url, OLD],
    ]);
  });

  it('a mirror by its address alone: its own paper, or the only one', async () => {
    const both = new Map([
      [OTHER_ID, shown({ edition: NEW })],
      [ID, shown()],
    ]);
    const own = await mirror(showing({ own: ID, publications: both }));
    const only = await mirror(showing({ publications: new Map([[ID, shown()]]) }));
    const many = await mirror(showing({ publications: both }));
    expect(told(await find({ urls: [own.url] }))).toEqual([[own.url, OLD]]);
    expect(told(await find({ urls: [only.url] }))).toEqual([[only.url, OLD]]);
    const { offers, failures } = await find({ urls: [many.url] });
    expect(offers).toEqual([]);
    expect(failures[0]?.why).toContain('it shows 2 publications, and none of its own');
  });

  it('both the edition that a mirror holds and the one that its record leads to', async () => {
    const entry = shown({ edition: OLD, sequence: 3, name: paper.text, record: newer.bytes });
    const { url } = await mirror(showing({ publications: new Map([[ID, entry]]) }));
    const { offers } = await find({ publication: ID, urls: [url] });
    expect(offers.map(({ edition, record }) => [edition, record])).toEqual([
      [NEW, newer.bytes],
      [OLD, undefined],
    ]);
  });

  it('a name that leads to a name, and none that leads in a circle or elsewhere', async () => {
    const [first, round, astray] = [new TestName(), new TestName(), new TestName()];
    const router = new TestRouter();
    for (const record of [
      await first.record(1, `/ipns/${paper.text}`),
      older,
      await round.record(1, `/ipns/${round.text}`),
      await astray.record(1, `/ipfs/${OLD}/articles`),
    ])
      router.held.set(formatName(record.name), record.bytes);
    expect(told(await find({ name: first.text }, { routers: [router] }))).toEqual([['a router', OLD]]);
    expect(told(await find({ name: round.text }, { routers: [router] }))).toEqual([]);
    const { failures } = await find({ name: astray.text }, { routers: [router] });
    expect(failures[0]?.why).toContain('which is no edition');
    const none = await find({ name: new TestName().text }, { routers: [router] });
    expect(none.failures[0]?.why).toBe('nobody who was asked has a record of it');
  });

  it('a domain, where DNS is given; an edition that is named itself', async () => {
    const lookUpTxt = async () => ({ texts: [`dnslink=/ipfs/${OLD}`], ttl: 60 });
    expect(told(await find({ domain: 'paper.example' }, { lookUpTxt }))).toEqual([['paper.example', OLD]]);
    expect((await find({ domain: 'paper.example' })).failures[0]?.why).toContain('no DNS is asked');
    expect(told(await find({ edition: OLD }))).toEqual([['named', OLD]]);
  });

  it('ends at once when it is told to', async () => {
    const { url } = await mirror(silent);
    const ending = new AbortController();
    const finding = find({ publication: ID, urls: [url] }, { signal: ending.signal, timeoutMs: 60_000 });
    setTimeout(() => ending.abort(new Error('enough')), 50);
    await expect(finding).rejects.toThrow('enough');
  });

  it('a mirror that the manifest names, asked no farther in than it may lie when it is asked', async () => {
    const entry = shown({ edition: NEW, sequence: 9 });
    const inside = await mirror(showing({ publications: new Map([[ID, entry]]) }));
    const { port } = new URL(inside.url);
    const lookups = { host: async () => [{ address: '127.0.0.1', family: 4 }], txt: async () => [] };
    const client = openHttp(HTTP_LIMITS, lookups);
    onTestFinished(() => client.close());
    const opened: unknown[] = [];
    const sourceOf: FindEffects['sourceOf'] = (id, within) => {
      opened.push([id, within]);
      return place(id);
    };
    const named = `http://mirror.example:${port}/`;
    const finding = async (within: Reach) => {
      const mirrors = { places: [named], within };
      return find({ publication: ID, name: formatName(paper.name), mirrors }, { client, sourceOf });
    };
    const refused = await finding('private');
    expect(told(refused)).toEqual([]);
    const failures = refused.failures.filter(({ from }) => from === named);
    expect(failures).toHaveLength(2);
    for (const { why } of failures)
      expect(why).toContain('mirror.example leads to nowhere that may be asked');
    expect(inside.asked).toEqual([]);
    expect(told(await finding('loopback'))).toEqual([[named, NEW]]);
    expect(inside.asked).toHaveLength(2); // what it shows, and the record of the name
    expect(opened).toEqual([
      [named, 'private'],
      [named, 'loopback'],
    ]);
  });
});
