import { beforeAll, describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import type { BlockSource } from '../../../src/node/retrieve/source.ts';
import { rawBlock } from '../../helpers/blocks.ts';
import { honest, respond, startHostile, TYPES } from '../../helpers/hostile-gateway.ts';
import { carOf, gateways, MemoryStore, makeDag, retrieve, SHORT, type SmallDag } from './support.ts';

let dag: SmallDag;

beforeAll(async () => {
  dag = await makeDag(4, 8);
});

/** A source in this process that gives single blocks, and counts. */
function memorySource(
  id: string,
  has: (text: string) => boolean = () => true,
  window = 8,
): BlockSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    id,
    window,
    asked,
    block: async (cid) => {
      asked.push(cid.toString());
      return has(cid.toString()) ? dag.blocks.blocks.get(cid.toString())?.bytes : undefined;
    },
  };
}

function gatewayOf(withCar: boolean) {
  const car = carOf(dag.root, dag.list);
  return startHostile(honest(dag.blocks, (root) => (withCar && root.equals(dag.root) ? car : undefined)));
}

describe('retrieveDag', () => {
  it('takes a whole DAG as one CAR, in one request', async () => {
    await using gateway = await gatewayOf(true);
    const store = new MemoryStore();
    const report = await retrieve(dag.root, gateways(gateway.url), store);
    expect(gateway.asked).toEqual([`car ${dag.root}`]);
    expect(report).toMatchObject({ blocks: dag.list.length, held: 0 });
    expect([...store.held.values()].map(({ cid }) => cid.toString())).toEqual(
      dag.list.map(({ cid }) => cid.toString()),
    );
    expect(report.sources).toEqual([
      { source: gateway.url, blocks: report.blocks, bytes: report.bytes, said: null },
    ]);
  });

  it('goes on block by block where there are no CARs, and asks for each block once', async () => {
    await using gateway = await gatewayOf(false);
    const store = new MemoryStore();
    await retrieve(dag.root, gateways(gateway.url), store);
    expect(store.held.size).toBe(dag.list.length);
    const raw = gateway.asked.filter((asked) => asked.startsWith('raw'));
    expect(new Set(raw).size).toBe(raw.length);
    expect(raw).toHaveLength(dag.list.length);
  });

  it('puts together what is spread over several places', async () => {
    const at = (text: string): number => dag.list.findIndex(({ cid }) => cid.toString() === text);
    const even = memorySource('even', (text) => at(text) % 2 === 0);
    const odd = memorySource('odd', (text) => at(text) % 2 === 1);
    const store = new MemoryStore();
    const report = await retrieve(dag.root, [even, odd], store);
    expect(store.held.size).toBe(dag.list.length);
    expect(report.sources.map(({ blocks }) => blocks)).toEqual([
      Math.ceil(dag.list.length / 2),
      Math.floor(dag.list.length / 2),
    ]);
  });

  it('asks for nothing that is held, and walks what is held to find what is not', async () => {
    const store = new MemoryStore();
    store.put(dag.list.filter((_, index) => index !== 7 && index !== 20));
    const source = memorySource('one');
    const report = await retrieve(dag.root, [source], store);
    expect(source.asked.toSorted()).toEqual(
      [dag.list[7], dag.list[20]].map((block) => block?.cid.toString()).toSorted(),
    );
    expect(report).toMatchObject({ blocks: 2, held: dag.list.length - 2 });
  });

  it('asks nobody for what is whole', async () => {
    const store = new MemoryStore();
    store.put(dag.list);
    const source = memorySource('one');
    expect(await retrieve(dag.root, [source], store)).toMatchObject({ blocks: 0 });
    expect(source.asked).toEqual([]);
  });

  it('goes on after a break from what came in', async () => {
    const car = carOf(dag.root, dag.list);
    const half = car.subarray(0, car.length / 2);
    await using broken = await startHostile(({ format }) =>
      format === 'car'
        ? respond(200, half, { 'content-type': TYPES['car'] ?? '', 'content-length': String(car.length) })
        : respond(404, ''),
    );
    const store = new MemoryStore();
    const error = await retrieve(dag.root, gateways(broken.url), store).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'incomplete' });
    const came = store.held.size;
    expect(came).toBeGreaterThan(5);
    const source = memorySource('one');
    await retrieve(dag.root, [source], store);
    expect(source.asked).toHaveLength(dag.list.length - came);
    expect(store.held.size).toBe(dag.list.length);
  });

  it('names everybody who was asked, and what each answered', async () => {
    const silent: BlockSource = { id: 'silent', window: 1, block: () => new Promise(() => undefined) };
    const lacking = memorySource('lacking', () => false);
    const error = await retrieve(dag.root, [silent, lacking], new MemoryStore(), SHORT).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(OvnError);
    expect(error.code).toBe('not-found');
    expect(error.message).toContain('silent: no block in');
    expect(error.message).toContain(`lacking: it does not have block ${dag.root}`);
  });

  it('does not wait for one who is slow when another is not', async () => {
    const slow: BlockSource = { id: 'slow', window: 64, block: () => new Promise(() => undefined) };
    const begun = performance.now();
    const report = await retrieve(dag.root, [slow, memorySource('quick')], new MemoryStore(), {
      block: 60_000,
    });
    expect(report.blocks).toBe(dag.list.length);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('leaves a place that is busy alone for a while, and asks it again', async () => {
    let refusals = 2;
    const good = honest(dag.blocks, () => undefined);
    await using gateway = await startHostile((asked) =>
      asked.format === 'raw' && refusals-- > 0 ? respond(429, '') : good(asked),
    );
    const report = await retrieve(dag.root, gateways(gateway.url), new MemoryStore());
    expect(report.blocks).toBe(dag.list.length);
    expect(report.sources[0]?.said).toContain('status 429');
  });

  it('waits for sources that are still being found', async () => {
    const store = new MemoryStore();
    const { promise, resolve } = Promise.withResolvers<BlockSource[]>();
    const lacking = memorySource('lacking', (text) => {
      resolve([memorySource('found')]);
      return text === '';
    });
    const { retrieveDag } = await import('../../../src/node/retrieve/retrieve-dag.ts');
    const { signal } = new AbortController();
    const report = await retrieveDag(dag.root, { sources: [lacking], more: [promise], store, signal });
    expect(report.sources.map(({ source }) => source)).toEqual(['lacking', 'found']);
    expect(store.held.size).toBe(dag.list.length);
  });

  it('ends with its time, and says so', async () => {
    const silent: BlockSource = { id: 'silent', window: 1, block: () => new Promise(() => undefined) };
    const error = await retrieve(dag.root, [silent], new MemoryStore(), { total: 100, block: 60_000 }).catch(
      (thrown) => thrown,
    );
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(/the time is up.*silent: no answer so far/s);
  });

  it('ends with its signal, and keeps what came in', async () => {
    const controller = new AbortController();
    const store = new MemoryStore();
    let left = 10;
    const source = memorySource('one', () => {
      if (--left === 0) controller.abort(new OvnError('interrupted', 'interrupted'));
      return true;
    });
    const error = await retrieve(dag.root, [source], store, {}, controller.signal).catch((thrown) => thrown);
    expect(error.code).toBe('interrupted');
    expect(store.held.size).toBeGreaterThan(0);
    expect(store.held.size).toBeLessThan(dag.list.length);
  });

  it('refuses a DAG of more blocks or bytes than it may have', async () => {
    const source = memorySource('one');
    const blocks = retrieve(dag.root, [source], new MemoryStore(), { blocks: 10 });
    await expect(blocks).rejects.toMatchObject({ code: 'limit' });
    const bytes = retrieve(dag.root, [source], new MemoryStore(), { bytes: 1000 });
    await expect(bytes).rejects.toMatchObject({ code: 'limit' });
  });

  it('fetches one block alone where that is meant', async () => {
    const { retrieveDag } = await import('../../../src/node/retrieve/retrieve-dag.ts');
    const source = memorySource('one');
    const store = new MemoryStore();
    await retrieveDag(dag.root, {
      sources: [source],
      store,
      signal: new AbortController().signal,
      scope: 'block',
    });
    expect(source.asked).toEqual([dag.root.toString()]);
  });

  it('refuses a source in this process that gives other bytes', async () => {
    const lying: BlockSource = { id: 'lying', window: 4, block: async () => rawBlock('lie').bytes };
    const error = await retrieve(dag.root, [lying], new MemoryStore()).catch((thrown) => thrown);
    expect(error.message).toMatch(/lying: its bytes of .* do not match the CID/);
  });
});
