import type { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RefusalReason, Served } from '../../../src/node/served/served.ts';
import { Site, textOf } from './site.ts';

const PAPER = { 'index.html': 'front', in: { 'index.html': 'inner', 'a.txt': 'a' } };

/** A view that can be changed while it is asked. */
class View implements Served {
  readonly refused = new Map<string, RefusalReason>();
  readonly hidden = new Set<string>();
  readonly paths = new Map<string, RefusalReason>();

  allows(cid: CID): boolean {
    return !this.hidden.has(`${cid}`) && !this.refused.has(`${cid}`);
  }

  refusal(cid: CID): RefusalReason | undefined {
    return this.refused.get(`${cid}`);
  }

  refusesPath(path: string): RefusalReason | undefined {
    return this.paths.get(path);
  }
}

describe('what is served', () => {
  let view: View;
  let site: Site;
  let root: CID;
  let inner: CID;
  beforeEach(async () => {
    view = new View();
    site = new Site({
      served: view,
      lookUpSite: async (host) => (host === 'a.example' ? `/ipfs/${root}` : undefined),
    });
    root = await site.publish(PAPER);
    inner = (await site.add(PAPER.in)).cid;
  });

  const ways = () => [
    `/ipfs/${inner}/`,
    `/ipfs/${inner}/a.txt`,
    `/ipfs/${inner}?format=raw`,
    `/ipfs/${inner}?format=car`,
    `/ipfs/${root}/in/`,
    `/ipfs/${root}/in/a.txt`,
    `/ipfs/${root}?format=car`,
    '/in/',
    '/in/a.txt?format=raw',
  ];

  it.each([
    ['is not', undefined, 404],
    ['was withheld', 'withheld', 410],
    ['is denied', 'denied', 451],
  ] as const)('%s: given by no address, before and after it was asked for', async (_, reason, status) => {
    for (const target of ways()) expect([target, (await site.get(target)).status]).toEqual([target, 200]);
    if (reason === undefined) view.hidden.add(`${inner}`);
    else view.refused.set(`${inner}`, reason);
    for (const target of ways()) {
      expect([target, (await site.get(target)).status]).toEqual([target, status]);
      // A head tells what is found at the end of the path; what a CAR would hold below, nobody looks up for it.
      if (target === `/ipfs/${root}?format=car`) continue;
      expect([target, (await site.get(target, {}, 'HEAD')).status]).toEqual([target, status]);
    }
    expect((await site.get('/')).status).toBe(200);
    expect(site.defects).toEqual([]);
  });

  it('is told by paths too, whatever they were asked as', async () => {
    const { cid } = await site.add({ 'a b': { c: 'c' } });
    const path = `/ipfs/${cid}/a%20b/c`;
    const asked = [
      [`/ipfs/${cid}/a%20b/c`, {}],
      ['/a%20b/c', { host: `${cid}.ipfs.localhost` }],
    ] as const;
    for (const [target, headers] of asked) expect((await site.get(target, headers)).status).toBe(200);
    view.paths.set(path, 'denied');
    for (const [target, headers] of asked) expect((await site.get(target, headers)).status).toBe(451);
    view.paths.set('/ipns/a.example/in', 'withheld');
    expect((await site.get('/in/', { host: 'a.example' })).status).toBe(410);
  });

  describe('is kept ready', () => {
    it('without the blocks that it was made from', async () => {
      await site.get(`/ipfs/${root}?format=car`);
      const asked = vi.spyOn(view, 'allows');
      await site.get(`/ipfs/${root}?format=car`);
      const cids = asked.mock.calls.map(([cid]) => cid);
      expect(cids.length).toBeGreaterThan(1);
      for (const { bytes, multihash } of cids) expect(multihash.bytes.buffer.byteLength).toBe(bytes.length);
    });

    it('and given again without reading it', async () => {
      const first = await site.get('/in/');
      site.blocks.reads = 0;
      const again = await site.get('/in/');
      expect(again).toEqual(first);
      const head = await site.get('/in/', {}, 'HEAD');
      expect(head.body).toBeUndefined();
      expect(head.headers).toEqual(first.headers);
      const known = await site.get('/in/', { 'if-none-match': first.headers['etag'] });
      expect(known.status).toBe(304);
      expect(known.body).toBeUndefined();
      expect(known.headers['content-length']).toBeUndefined();
      expect(site.blocks.reads).toBe(0);
    });

    it('only for the very same request', async () => {
      await site.get('/in/a.txt');
      site.blocks.reads = 0;
      expect((await site.get('/in/a.txt', { range: 'bytes=0-0' })).status).toBe(206);
      expect(
        (await site.get('/in/a.txt', { accept: 'application/vnd.ipld.raw' })).headers['content-type'],
      ).toBe('application/vnd.ipld.raw');
      expect((await site.get('/in/a.txt', { host: 'a.example' })).headers['x-ipfs-path']).toBe(
        '/ipns/a.example/in/a.txt',
      );
      expect(site.blocks.reads).toBeGreaterThan(0);
    });

    it('until there is another edition', async () => {
      await site.get('/in/');
      await site.publish({ ...PAPER, in: { 'index.html': 'newer' } });
      expect(await textOf(await site.get('/in/'))).toBe('newer');
    });

    it('never where nobody can say whether it is served', async () => {
      const open = new Site();
      await open.publish(PAPER);
      await open.get('/in/');
      open.blocks.reads = 0;
      await open.get('/in/');
      expect(open.blocks.reads).toBeGreaterThan(0);
    });
  });
});
