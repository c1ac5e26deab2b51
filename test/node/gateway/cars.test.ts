import { encode } from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { create } from 'multiformats/hashes/digest';
import { sha256 } from 'multiformats/hashes/sha2';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { concat, ovnStream } from '../../helpers/streams.ts';
import { hasVectors, vectors } from '../../helpers/vectors.ts';
import { bytesOf, carCids, Site, textOf } from './site.ts';

const CAR = 'application/vnd.ipld.car';
const BIG = concat(ovnStream(3_500_000));

describe('a CAR', () => {
  let site: Site;
  let root: CID;
  let big: CID;
  let folder: CID;
  let chunks: string[];
  beforeEach(async () => {
    site = new Site();
    const files = { big: BIG, copy: BIG, small: 'small' };
    big = (await site.add(BIG)).cid;
    folder = (await site.add(files)).cid;
    root = (await site.add({ folder: files, other: 'other' })).cid;
    chunks = [0, 1, 2, 3].map((i) => `${rawCid(BIG.subarray(i << 20, (i + 1) << 20))}`);
  });

  async function cids(path: string, query: string, accept?: string): Promise<string[]> {
    const response = await site.get(`/ipfs/${path}?format=car&${query}`, { accept });
    expect(response.status).toBe(200);
    expect(response.headers).toMatchObject({ 'accept-ranges': 'none', 'x-content-type-options': 'nosniff' });
    return carCids(response);
  }

  it('holds the blocks of its path, then those of its scope', async () => {
    const way = [`${root}`, `${folder}`];
    const small = `${rawCid(Buffer.from('small'))}`;
    expect(await cids(`${root}/folder`, 'dag-scope=block')).toEqual(way);
    expect(await cids(`${root}/folder`, 'dag-scope=entity')).toEqual(way);
    expect(await cids(`${root}/folder`, 'dag-scope=all')).toEqual([...way, `${big}`, ...chunks, small]);
    expect(await cids(`${root}/folder/big`, 'dag-scope=block')).toEqual([...way, `${big}`]);
    expect(await cids(`${root}/folder/big`, 'dag-scope=entity')).toEqual([...way, `${big}`, ...chunks]);
    expect(await cids(`${root}/folder/small`, '')).toEqual([...way, small]);
  });

  it('has blocks more than once only where that is wanted', async () => {
    const twice = [`${folder}`, `${big}`, ...chunks, `${big}`, ...chunks, `${rawCid(Buffer.from('small'))}`];
    expect(await cids(`${folder}`, 'car-dups=y')).toEqual(twice);
    expect(await cids(`${folder}`, '', `${CAR}; dups=y`)).toEqual(twice);
    expect(await cids(`${folder}`, 'car-dups=n', `${CAR}; dups=y`)).toHaveLength(7);
    const { headers } = await site.get(`/ipfs/${folder}`, { accept: `${CAR}; order=unk; dups=y` });
    expect(headers['content-type']).toBe(`${CAR}; version=1; order=dfs; dups=y`);
  });

  it.each([
    ['0:*', [0, 1, 2, 3]],
    ['0:0', [0]],
    ['1048575:1048576', [0, 1]],
    ['1048576:2097151', [1]],
    ['2097152:*', [2, 3]],
    ['-1:*', [3]],
    ['-9999999:0', [0]],
    ['-9999999:-1402849', [0, 1]],
    ['3145728:9999999', [3]],
    ['5:4', [] as number[]],
  ])('holds what is needed for the bytes %s', async (bytes, expected) => {
    const wanted = expected.map((index) => chunks[index]);
    expect(await cids(`${big}`, `entity-bytes=${bytes}`)).toEqual([`${big}`, ...wanted]);
  });

  it('needs no block outside of the bytes that are asked for', async () => {
    for (const index of [0, 2, 3]) site.blocks.delete(CID.parse(chunks[index] ?? ''));
    expect(await cids(`${big}`, 'dag-scope=entity&entity-bytes=1048576:2097151')).toHaveLength(2);
    expect((await site.get(`/ipfs/${big}?format=car&entity-bytes=0:9`)).status).toBe(404);
  });

  it('is not made for bytes behind the end', async () => {
    expect((await site.get(`/ipfs/${big}?format=car&entity-bytes=3500000:*`)).status).toBe(400);
    expect(await cids(`${folder}`, 'entity-bytes=99999999:*')).toEqual([`${folder}`]);
  });

  it('has another tag for other blocks', async () => {
    const queries = [
      '',
      'dag-scope=block',
      'dag-scope=entity',
      'entity-bytes=0:9',
      'entity-bytes=0:8',
      'car-dups=y',
    ];
    const paths = [`${big}`, `${folder}/big`, `${root}/folder/big`];
    const tags = await Promise.all(
      paths.flatMap((path) =>
        queries.map(
          async (query) => (await site.get(`/ipfs/${path}?format=car&${query}`, {}, 'HEAD')).headers['etag'],
        ),
      ),
    );
    expect(new Set(tags).size).toBe(queries.length * paths.length);
  });

  it('never holds an identity CID', async () => {
    const inline = 'bafkqaf3imvwgy3zaneqgc3janfxgy2lomvscay3jmqfa';
    expect(await cids(inline, 'car-dups=y')).toEqual([]);
    expect(await textOf(await site.get(`/ipfs/${inline}`))).toBe('hello i am inlined cid\n');
  });

  it('leads through dag-cbor', async () => {
    const bytes = encode({ list: [{ file: rawCid(Buffer.from('small')) }], text: 'x' });
    const cid = CID.createV1(0x71, create(0x12, (await sha256.digest(bytes)).digest));
    site.blocks.put({ cid, bytes });
    expect(await cids(`${cid}/list/0/file`, '')).toEqual([`${cid}`, `${rawCid(Buffer.from('small'))}`]);
    expect(await textOf(await site.get(`/ipfs/${cid}/list/0/file`))).toBe('small');
    expect((await site.get(`/ipfs/${cid}/list/0?format=car`)).status).toBe(501);
    expect((await site.get(`/ipfs/${cid}/list/length/file`)).status).toBe(404);
    expect((await site.get(`/ipfs/${cid}/constructor`)).status).toBe(404);
    expect(await cids(`${cid}`, 'dag-scope=entity')).toEqual([`${cid}`]);
  });
});

describe.skipIf(!hasVectors)('the fixtures of gateway-conformance', () => {
  let site: Site;
  const roots = new Map<string, string>();
  beforeAll(async () => {
    site = new Site();
    for (const name of [
      'trustless/dir-with-dag-cbor-with-links',
      'trustless/dir-with-duplicate-files',
      'trustless/file-3k-and-3-blocks-missing-block',
      'trustless/single-layer-hamt-with-multi-block-files',
      'trustless/subdir-with-mixed-block-files',
      'path/dir-with-files',
      'path/dir-with-percent-encoded-filename',
      'path/symlink',
    ]) {
      const [root] = await site.importCar(vectors(`car/${name}.car`));
      roots.set(name.split('/')[1] ?? '', `${root}`);
    }
  });

  function get(name: string, rest = '', headers = {}) {
    return site.get(`/ipfs/${roots.get(name)}${rest}`, headers);
  }

  it('give only the nodes of a sharded folder that lead to a file', async () => {
    const hamt = await carCids(
      await get('single-layer-hamt-with-multi-block-files', '?format=car&dag-scope=entity'),
    );
    const way = await carCids(
      await get('single-layer-hamt-with-multi-block-files', '/685.txt?format=car&dag-scope=block'),
    );
    expect(way).toHaveLength(3);
    expect(hamt.slice(0, 1)).toEqual(way.slice(0, 1));
    expect(hamt).toContain(way[1]);
    expect(hamt).not.toContain(way[2]);
    expect(hamt).toHaveLength(237);
  });

  it('give ranges of a file that is not whole', async () => {
    const name = 'file-3k-and-3-blocks-missing-block';
    for (const range of ['bytes=997-1000', 'bytes=2200-2201'])
      expect((await get(name, '', { range })).status).toBe(206);
    expect((await bytesOf(await get(name, '', { range: 'bytes=2200-2201' }))).length).toBe(2);
    expect(await carCids(await get(name, '?format=car&entity-bytes=2200:*'))).toHaveLength(2);
    // The root has room for it: what is missing is found out before the answer begins.
    expect((await get(name, '?format=car')).status).toBe(404);
  });

  it('give files with odd names, and symbolic links as what they say', async () => {
    const percent = await get(
      'dir-with-percent-encoded-filename',
      '/Portugal%252C+Espa%C3%B1a=Peninsula%20Ib%C3%A9rica.txt',
    );
    expect(percent.status).toBe(200);
    expect(await textOf(await get('symlink', '/bar'))).toBe('foo');
    expect((await get('symlink', '/bar', { 'if-none-match': '*' })).status).toBe(304);
  });

  it('give the first of several ranges', async () => {
    const whole = await textOf(await get('dir-with-files', '/ascii.txt'));
    const response = await get('dir-with-files', '/ascii.txt', { range: 'bytes=6-16,0-4' });
    expect(response.headers['content-range']).toBe('bytes 6-16/31');
    expect(await textOf(response)).toBe(whole.slice(6, 17));
    const raw = await get('dir-with-files', '/ascii.txt?format=raw', { range: 'bytes=-3' });
    expect(raw).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 28-30/31' } });
    expect(await textOf(raw)).toBe(whole.slice(28));
  });

  it('end a path within dag-cbor by its links', async () => {
    const response = await get('dir-with-dag-cbor-with-links', '/document/files/single?format=car');
    expect(await carCids(response)).toHaveLength(3);
  });

  it('give duplicates where they are wanted', async () => {
    const all = await carCids(await get('dir-with-duplicate-files', '?format=car&car-dups=y'));
    const once = await carCids(await get('dir-with-duplicate-files', '?format=car'));
    expect(all.length).toBeGreaterThan(once.length);
    expect(new Set(all)).toEqual(new Set(once));
    expect(once).toHaveLength(new Set(once).size);
  });
});
