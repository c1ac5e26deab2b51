import { describe, expect, it } from 'vitest';
import { memoryRecords } from '../../../src/node/names/memory-records.ts';
import type { NameRouter } from '../../../src/node/names/name-router.ts';
import { nameResolver } from '../../../src/node/names/resolver.ts';
import { brokenRouter, RECORD_TIME, SOME_CID, TestName, TestRouter } from '../../helpers/naming.ts';

const { signal } = new AbortController();
const DAY = 86_400_000;
const OLD = '/ipfs/bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354';

/** Domains by their links. */
const zone = (links: Record<string, string[]>) => async (host: string) =>
  links[host] === undefined ? undefined : { texts: links[host], ttl: 60 };

function resolverOf({
  records = memoryRecords(),
  routers = [] as NameRouter[],
  links = undefined as Record<string, string[]> | undefined,
  now = RECORD_TIME,
  allowExpired = false,
} = {}) {
  const lookUpTxt = links === undefined ? undefined : zone(links);
  const resolve = nameResolver({ records, routers, lookUpTxt, now: () => now, allowExpired });
  return { records, resolve: (path: string) => resolve(path, { signal }) };
}

describe('nameResolver', () => {
  it('gives a CID back as it is, with what is behind it', async () => {
    const { resolve } = resolverOf();
    expect(await resolve(`/ipfs/${SOME_CID}/a b/ü`)).toEqual({
      path: `/ipfs/${SOME_CID}/a b/ü`,
      ttl: Number.POSITIVE_INFINITY,
      records: [],
      steps: [`/ipfs/${SOME_CID}/a b/ü`],
    });
  });

  it('follows a record that is kept, and asks nobody', async () => {
    const name = new TestName();
    const { records, resolve } = resolverOf();
    const record = await name.record(1, `/ipfs/${SOME_CID}/below/`);
    records.put(record);
    for (const form of [name.text, name.name.toString(), name.name.toV1().toString()]) {
      const { path, ttl, record: found } = await resolve(`/ipns/${form}/x`);
      expect({ path, ttl, found }).toEqual({ path: `/ipfs/${SOME_CID}/below/x`, ttl: 300, found: record });
    }
  });

  it('goes through a domain and several names, and says every step', async () => {
    const [one, two] = [new TestName(), new TestName()];
    const links = { '_dnslink.news.example': ['v=spf1', `dnslink=/ipns/${one.text}/a`] };
    const { records, resolve } = resolverOf({ links });
    records.put(await one.record(1, `/ipns/${two.text}/b`));
    records.put(await two.record(7, `/ipfs/${SOME_CID}`));
    const { path, steps, ttl, records: way } = await resolve('/ipns/News.Example./c');
    expect(path).toBe(`/ipfs/${SOME_CID}/b/a/c`);
    expect(steps).toHaveLength(4);
    expect(way.map(({ sequence }) => sequence)).toEqual([1n, 7n]);
    expect(ttl).toBe(60);
  });

  it('takes the newest of what is kept and what routers give, and keeps it', async () => {
    const name = new TestName();
    const [old, newer, empty] = [new TestRouter('old'), new TestRouter('newer'), new TestRouter('empty')];
    old.held.set(name.text, (await name.record(1, OLD)).bytes);
    const { bytes } = await name.record(3, `/ipfs/${SOME_CID}`);
    newer.held.set(name.text, bytes);
    const { records, resolve } = resolverOf({ routers: [old, brokenRouter(), newer, empty] });
    records.put(await name.record(2, OLD));
    expect((await resolve(`/ipns/${name.text}`)).path).toBe(`/ipfs/${SOME_CID}`);
    expect(records.get(name.name)?.sequence).toBe(3n);
  });

  it('does not go back when a router gives an older record than the one that is kept', async () => {
    const name = new TestName();
    const router = new TestRouter();
    router.held.set(name.text, (await name.record(1, OLD)).bytes);
    const { records, resolve } = resolverOf({ routers: [router] });
    records.put(await name.record(2));
    expect((await resolve(`/ipns/${name.text}`)).path).toBe(`/ipfs/${SOME_CID}`);
    expect(records.get(name.name)?.sequence).toBe(2n);
  });

  it('asks again only when the time has passed for which a record may be used', async () => {
    const [name, brief] = [new TestName(), new TestName()];
    const router = new TestRouter();
    router.held.set(name.text, (await name.record(1)).bytes);
    router.held.set(brief.text, (await brief.record(1, undefined, { ttl: 0 })).bytes);
    const { resolve } = resolverOf({ routers: [router] });
    for (let time = 0; time < 3; time++) await resolve(`/ipns/${name.text}`);
    expect(router.asked).toBe(1);
    for (let time = 0; time < 3; time++) await resolve(`/ipns/${brief.text}`);
    expect(router.asked).toBe(4);
  });

  it('says who was asked, and what each said', async () => {
    const name = new TestName();
    const { resolve } = resolverOf({ routers: [new TestRouter('r1'), brokenRouter('r2')] });
    await expect(resolve(`/ipns/${name.text}`)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('r1: it has none; r2: out of order'),
    });
    await expect(resolverOf().resolve(`/ipns/${name.text}`)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses a record that is forged, and takes none of it', async () => {
    const [name, other] = [new TestName(), new TestName()];
    const router = new TestRouter();
    router.held.set(name.text, (await other.record(9)).bytes);
    const { records, resolve } = resolverOf({ routers: [router] });
    await expect(resolve(`/ipns/${name.text}`)).rejects.toMatchObject({ code: 'refused' });
    expect(records.get(name.name)).toBeUndefined();
    records.put(await name.record(1));
    expect((await resolve(`/ipns/${name.text}`)).path).toBe(`/ipfs/${SOME_CID}`);
  });

  it('does not follow a record that has expired, unless it is told to', async () => {
    const name = new TestName();
    const records = memoryRecords();
    records.put(await name.record(1));
    const now = new Date(RECORD_TIME.getTime() + 2 * DAY);
    await expect(resolverOf({ records, now }).resolve(`/ipns/${name.text}`)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('expired 2026-01-11T12:00:00.000Z'),
    });
    const { path, ttl } = await resolverOf({ records, now, allowExpired: true }).resolve(
      `/ipns/${name.text}`,
    );
    expect({ path, ttl }).toEqual({ path: `/ipfs/${SOME_CID}`, ttl: 0 });
  });

  it('names a circle, and ends after 32 steps', async () => {
    const links: Record<string, string[]> = {
      '_dnslink.a.example': ['dnslink=/ipns/b.example'],
      '_dnslink.b.example': ['dnslink=/ipns/a.example/x'],
    };
    for (let step = 0; step < 40; step++)
      links[`_dnslink.n${step}.example`] = [`dnslink=/ipns/n${step + 1}.example`];
    links['_dnslink.n40.example'] = [`dnslink=/ipfs/${SOME_CID}`];
    const { resolve } = resolverOf({ links });
    await expect(resolve('/ipns/a.example')).rejects.toMatchObject({
      code: 'malformed',
      message: '/ipns/a.example leads in a circle: /ipns/a.example -> /ipns/b.example -> /ipns/a.example/x',
    });
    await expect(resolve('/ipns/n0.example')).rejects.toMatchObject({ code: 'limit' });
    expect((await resolve('/ipns/n10.example')).steps).toHaveLength(32);
  });

  it('asks no DNS where none was given, and says how to', async () => {
    await expect(resolverOf().resolve('/ipns/news.example')).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--dns'),
    });
    await expect(resolverOf({ links: {} }).resolve('/ipns/news.example')).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it.each(['', '/', '/ipfs', '/ipfs/x', '/ipns/', `/ipns/${SOME_CID}`, '/ipns/a b', '/https/x', 'x'])(
    'takes %j for no path',
    async (path) => {
      await expect(resolverOf({ links: {} }).resolve(path)).rejects.toMatchObject({ code: 'malformed' });
    },
  );

  it('does not follow a record that leads to anything else', async () => {
    const name = new TestName();
    const { records, resolve } = resolverOf();
    records.put(await name.record(1, '/https/news.example'));
    await expect(resolve(`/ipns/${name.text}`)).rejects.toMatchObject({ code: 'malformed' });
  });
});
