import { encode, prepare } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { REQUEST_LIMITS } from '../../../src/node/gateway/limits.ts';
import { dagPbCid, rawCid } from '../../../src/unixfs/hash.ts';
import { bytesOf, Site } from './site.ts';

/** Small ones, so that it is soon seen whether they hold. */
const LIMITS = { ...REQUEST_LIMITS, resolve: 1000, pathBlocks: 200, blocks: 2000, bytes: 8 * 1024 * 1024 };

describe('a hostile DAG', () => {
  let site: Site;
  beforeEach(() => {
    site = new Site({}, { limits: LIMITS });
  });

  function put(data: UnixFS | undefined, links: { Hash: CID; Name?: string; Tsize?: number }[]): CID {
    const bytes = encode(prepare({ ...(data && { Data: data.marshal() }), Links: links }));
    return site.blocks.put({ cid: dagPbCid(bytes), bytes });
  }

  /** A file whose levels each have the one below so many times: what it says to have grows by that factor. */
  function bomb(levels: number, width: number, leaf: Uint8Array): CID {
    let cid = site.blocks.put({ cid: rawCid(leaf), bytes: leaf });
    let size = BigInt(leaf.length);
    for (let level = 0; level < levels; level++) {
      const data = new UnixFS({ type: 'file', blockSizes: Array.from({ length: width }, () => size) });
      const Hash = cid;
      cid = put(
        data,
        Array.from({ length: width }, () => ({ Hash, Name: '', Tsize: 1 })),
      );
      size *= BigInt(width);
    }
    return cid;
  }

  it('that claims a terabyte is told by its head, and given only as far as somebody reads', async () => {
    const cid = bomb(2, 1000, new Uint8Array(1_000_000));
    const head = await site.get(`/ipfs/${cid}`, {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '1000000000000' } });
    expect(site.blocks.reads).toBeLessThan(5);
    const { body } = await site.get(`/ipfs/${cid}`);
    if (body === undefined || body instanceof Uint8Array) throw new Error('it is no stream');
    let read = 0;
    for await (const piece of body) {
      read += piece.length;
      if (read > 3_000_000) break;
    }
    expect(site.blocks.reads).toBeLessThan(20);
  });

  it('is given once in a CAR, and with duplicates up to a limit', async () => {
    const cid = bomb(3, 300, Buffer.from('x'));
    expect((await bytesOf(await site.get(`/ipfs/${cid}?format=car`))).length).toBeLessThan(100_000);
    expect((await bytesOf(await site.get(`/ipfs/${cid}?format=car&dag-scope=entity`))).length).toBeLessThan(
      100_000,
    );
    for (const scope of ['all', 'entity']) {
      const response = await site.get(`/ipfs/${cid}?format=car&car-dups=y&dag-scope=${scope}`);
      if (response.status === 200)
        await expect(bytesOf(response)).rejects.toThrow('than one request may read');
      else expect(response.status).toBe(500);
    }
  });

  it('that is deep is followed so far', async () => {
    let cid = site.blocks.put({ cid: rawCid(Buffer.from('x')), bytes: Buffer.from('x') });
    for (let i = 0; i < 300; i++) {
      const data = new UnixFS({ type: 'file', blockSizes: [1n] });
      cid = put(data, [{ Hash: cid, Name: '', Tsize: 1 }]);
    }
    expect((await site.get(`/ipfs/${cid}`)).status).toBe(500);
    expect((await site.get(`/ipfs/${cid}?format=car&dag-scope=entity`)).status).toBe(500);
    expect((await bytesOf(await site.get(`/ipfs/${cid}?format=car`))).length).toBeGreaterThan(0);
  });

  it('of folders within themselves has no longer paths than others', async () => {
    const target = (depth: number) => `/ipfs/${folder}/${'a/'.repeat(depth)}`;
    let folder = (await site.add({ 'index.html': 'x' })).cid;
    for (let i = 0; i < 140; i++)
      folder = put(new UnixFS({ type: 'directory' }), [{ Hash: folder, Name: 'a', Tsize: 1 }]);
    expect((await site.get(target(120))).status).toBe(200);
    expect((await site.get(target(130))).status).toBe(400);
  });

  it('of a folder that is too wide is not listed', async () => {
    const Hash = site.blocks.put({ cid: rawCid(Buffer.from('x')), bytes: Buffer.from('x') });
    const links = Array.from({ length: 10_001 }, (_, i) => ({
      Hash,
      Name: String(i).padStart(5, '0'),
      Tsize: 1,
    }));
    const cid = put(new UnixFS({ type: 'directory' }), links);
    expect((await site.get(`/ipfs/${cid}/`)).status).toBe(500);
    expect((await site.get(`/ipfs/${cid}/00007`)).status).toBe(200);
  });

  it('of shards that repeat themselves is refused', async () => {
    const data = () =>
      new UnixFS({
        type: 'hamt-sharded-directory',
        fanout: 256n,
        hashType: 0x22n,
        data: new Uint8Array(32).fill(255),
      });
    let cid = put(data(), []);
    for (let level = 0; level < 7; level++) {
      const Hash = cid;
      const links = Array.from({ length: 256 }, (_, i) => ({
        Hash,
        Name: i.toString(16).toUpperCase().padStart(2, '0'),
        Tsize: 1,
      }));
      cid = put(data(), links);
    }
    expect((await site.get(`/ipfs/${cid}/`)).status).toBe(500);
    expect((await site.get(`/ipfs/${cid}/name`)).status).toBe(500);
    const car = await site.get(`/ipfs/${cid}?format=car&dag-scope=entity`);
    expect((await bytesOf(car)).length).toBeLessThan(200_000);
  });

  it('whose blocks come slowly is given up', async () => {
    let now = 0;
    const slow = new Site(
      {
        read: (cid) => {
          now = performance.now();
          while (performance.now() < now + 30);
          return slow.blocks.read(cid);
        },
      },
      { limits: { ...LIMITS, resolve: 100 } },
    );
    let { cid } = await slow.add('x');
    for (let i = 0; i < 50; i++) {
      const bytes = encode(
        prepare({
          Data: new UnixFS({ type: 'directory' }).marshal(),
          Links: [{ Hash: cid, Name: 'a', Tsize: 1 }],
        }),
      );
      cid = slow.blocks.put({ cid: dagPbCid(bytes), bytes });
    }
    // Timers fire meanwhile: others are answered too.
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect((await slow.get(`/ipfs/${cid}/${'a/'.repeat(50)}`)).status).toBe(504);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(slow.blocks.reads).toBeLessThan(10);
  });
});
