import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { Home, Kept } from '../../../src/node/homes/home.ts';
import { openHome } from '../../../src/node/homes/open-home.ts';
import type { StoredHome } from '../../../src/repo/homes.ts';
import { cidKey } from '../../../src/unixfs/hash.ts';
import { pinName } from '../../../src/workflows/homes/home-effects.ts';
import { HOMES_TOKEN, Homesteads } from '../../helpers/homes.ts';

describe('remote evacuate', () => {
  it('moves all of ours, and releases nothing that the other did not confirm', async () => {
    const paper = await Homesteads.open();
    const from = await paper.service('from');
    const to = await paper.service('to', { states: ['queued', 'failed'] });
    const { edition } = await paper.push({ homes: ['from'] });
    from.have('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku', 'of somebody else');
    const failed = await paper.evacuate('from', 'to');
    expect(failed).toMatchObject({ done: false, moved: [{ cid: edition, released: false }] });
    expect(from.pins.size).toBe(2);
    to.options.states = ['queued', 'pinned'];
    const report = await paper.evacuate('from', 'to');
    expect(report).toMatchObject({
      done: true,
      moved: [{ cid: edition, subject: 'edition', at: { held: true }, released: true, problem: null }],
    });
    expect([...from.pins.values()].map(({ pin }) => pin.name)).toEqual(['of somebody else']);
    expect(await paper.held()).toEqual([`to ${edition}`]);
  });

  it('moves what only the first home still has', async () => {
    const paper = await Homesteads.open();
    const from = await paper.service('from');
    const { edition: old } = await paper.push();
    await paper.publish('two');
    // It is not here any more, and nobody remembers that it was pushed, as after a backup was restored.
    await paper.forget();
    await paper.newsroom.use(({ repository }) =>
      repository.blockstore.deleteAllBut(() => false, { dryRun: false }),
    );
    const to = await paper.service('to', { read: async (cid) => from.blocks.get(cidKey(cid)) });
    const report = await paper.evacuate('from', 'to');
    expect(report).toMatchObject({ done: true, moved: [{ cid: old, subject: 'edition', released: true }] });
    expect(from.pins.size).toBe(0);
    expect(to.blocks.has(cidKey(CID.parse(old ?? '')))).toBe(true);
  });

  it('leaves what neither is here nor can be had of the first home', async () => {
    const paper = await Homesteads.open();
    const from = await paper.service('from', { read: async () => undefined }, { readAt: [] });
    await paper.service('to');
    const publication = (await paper.newsroom.publish()).publication;
    const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
    from.have(cid, pinName(publication, 'category:gone', 4));
    const report = await paper.evacuate('from', 'to');
    expect(report).toMatchObject({
      done: false,
      moved: [{ cid, subject: 'category:gone', released: false }],
    });
    expect(report.moved[0]?.problem).toContain('is not whole here, and from cannot be read from');
    expect(from.pins.size).toBe(1);
  });

  it('goes from a home that is down to another, and lets it go later', async () => {
    const paper = await Homesteads.open();
    const from = await paper.service('from');
    await paper.service('to');
    const { edition } = await paper.push({ homes: ['from'] });
    from.options.misbehave = (_, response) => Boolean(response.writeHead(503).end());
    const report = await paper.evacuate('from', 'to');
    expect(report).toMatchObject({
      done: false,
      problem: { code: 'io' },
      moved: [{ cid: edition, at: { held: true }, released: false }],
    });
    delete from.options.misbehave;
    expect(await paper.evacuate('from', 'to')).toMatchObject({ done: true, problem: null });
    expect(from.pins.size).toBe(0);
  });

  it('does not believe a service that says it has nothing at all', async () => {
    const paper = await Homesteads.open();
    const from = await paper.service('from', { cluster: true });
    await paper.service('to');
    const { edition, publication } = await paper.newsroom.publish();
    from.have(edition, pinName(publication, 'edition', 1));
    // As IPFS Cluster while its Kubo is down; and nobody remembers that it was pushed there.
    from.options.misbehave = ({ method, path }, response) =>
      `${method} ${path}` === 'GET /pins' && Boolean(response.end('{"count": 0, "results": []}'));
    const problem = { code: 'incomplete', message: expect.stringContaining('nothing at all') };
    expect(await paper.evacuate('from', 'to')).toMatchObject({ done: false, moved: [], problem });
    delete from.options.misbehave;
    expect(await paper.evacuate('from', 'to')).toMatchObject({
      done: true,
      moved: [{ cid: edition, released: true }],
    });
  });

  it('leaves no pin behind that was asked for twice, under other names', async () => {
    const paper = await Homesteads.open();
    const from = await paper.service('from');
    await paper.service('to');
    const { edition: cid } = await paper.newsroom.publish();
    await paper.push({ homes: ['from'] });
    await paper.newsroom.use(({ repository }) =>
      repository.pins.add({ cid, name: 'first', kind: 'edition' }),
    );
    await paper.push({ homes: ['from'], pinned: true });
    expect(from.pins.size).toBe(1);
    expect(await paper.evacuate('from', 'to')).toMatchObject({ done: true, moved: [{ cid }, { cid }] });
    expect(from.pins.size).toBe(0);
  });

  it('counts as held no longer what the other home has lost', async () => {
    const paper = await Homesteads.open();
    await paper.service('from');
    const to = await paper.service('to');
    const { edition } = await paper.push();
    to.pins.clear();
    to.have('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku', 'of somebody else');
    to.options.misbehave = ({ method }, response) =>
      method === 'POST' && Boolean(response.writeHead(500).end());
    expect(await paper.evacuate('from', 'to')).toMatchObject({ done: false, moved: [{ released: false }] });
    expect(await paper.held()).toEqual([`from ${edition}`]);
  });

  it('goes through no list without an end', async () => {
    const paper = await Homesteads.open();
    const services = [await paper.service('from'), await paper.service('to')];
    const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
    const list = async function* (): AsyncGenerator<Kept> {
      for (;;) yield { cid, state: 'pinned', name: 'of somebody else' };
    };
    const open = async ({ name, url }: StoredHome): Promise<Home> => {
      const home = await openHome({ name, kind: 'pinning-service', url }, { token: HOMES_TOKEN });
      return { ...home, list };
    };
    paper.effects = { open };
    expect(await paper.evacuate('from', 'to')).toMatchObject({ done: false, problem: { code: 'limit' } });
    expect(services.flatMap(({ asked }) => asked)).toEqual([]);
  });

  it('asks nobody for anything in a dry run, and nothing of gateways', async () => {
    const paper = await Homesteads.open();
    await paper.service('from');
    const to = await paper.service('to');
    await paper.push({ homes: ['from'] });
    expect(await paper.evacuate('from', 'to', true)).toMatchObject({
      moved: [{ at: null, released: false }],
    });
    expect(to.asked).toEqual([]);
    await paper.add({ name: 'gate', url: to.url, kind: 'gateway', credentials: null });
    await expect(paper.evacuate('from', 'gate')).rejects.toMatchObject({ code: 'usage' });
    await expect(paper.evacuate('from', 'from')).rejects.toMatchObject({ code: 'usage' });
    await expect(paper.evacuate('from', 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
  });
});
