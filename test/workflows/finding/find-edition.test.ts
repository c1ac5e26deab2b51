import type { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { memoryRecords } from '../../../src/node/names/memory-records.ts';
import { openHttp } from '../../../src/node/retrieve/http-client.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import { addDirectory } from '../../../src/unixfs/directory.ts';
import { addFile } from '../../../src/unixfs/file.ts';
import { editionFinder, type FindEditionEffects } from '../../../src/workflows/finding/find-edition.ts';
import type { FollowTarget } from '../../../src/workflows/finding/offers.ts';
import { takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { SOME_EDITION, showing, shown, startMirror } from '../../helpers/mirror-server.ts';
import { TestName, TestRouter } from '../../helpers/naming.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const blocks = new MemoryBlocks();
let id: string | undefined;
const editions: string[] = [];

/** A paper with two editions, of which the blocks are in memory. */
beforeEach(async () => {
  if (id !== undefined) return;
  const room = await Newsroom.open();
  for (const title of ['One', 'Two']) {
    room.write(`articles/${title}.md`, source({ title }));
    editions.push((await room.publish()).edition);
  }
  using repository = openRepository(room.dir);
  await takeBlocks(blocks, editions[1] ?? '', repository);
  await takeBlocks(blocks, editions[0] ?? '', repository);
  id = repository.publicationId;
});

async function mirror(edition: string | undefined, publication = id, more = {}): Promise<string> {
  const entry = shown({ edition: edition ?? '', ...more });
  const started = await startMirror(showing({ publications: new Map([[publication ?? '', entry]]) }));
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started.url;
}

interface Call extends Partial<FindEditionEffects> {
  read?: (cid: CID) => Promise<Uint8Array | undefined>;
}

function find(target: Partial<FollowTarget>, { read = blocks.read, ...effects }: Call = {}) {
  const client = openHttp();
  onTestFinished(() => client.close());
  const nobody = { urls: [], routers: [], records: memoryRecords(), held: () => undefined };
  const finder = editionFinder({ ...nobody, client, timeoutMs: 500, now: NOW, ...effects });
  return finder({ urls: [], peers: [], ...target }, { read, signal: new AbortController().signal });
}

const publication = () => ({ publication: id ?? '' });

describe('the newest edition that anybody shows', () => {
  it('is the one of the highest number that the paper signed, whatever is claimed', async () => {
    const urls = [
      await mirror(editions[0], id, { sequence: 99 }),
      await mirror(editions[1], id, { sequence: 2 }),
    ];
    const found = await find(publication(), { urls });
    expect(found?.path).toBe(`/ipfs/${editions[1]}`);
    expect(found?.unconfirmed).toEqual({ by: urls[1], since: '2026-01-10T12:00:00Z' });
    expect(found?.checkpoints?.map(({ from }) => from)).toEqual([urls[0]]);
  });

  it('is what is held here, where nobody has a newer one', async () => {
    const held = () => ({ edition: editions[1] ?? '', confirmed: '2026-01-11T00:00:00Z' });
    const found = await find(publication(), { held, urls: [await mirror(editions[0])] });
    expect(found?.path).toBe(`/ipfs/${editions[1]}`);
    expect(found?.unconfirmed).toEqual({ by: 'here', since: '2026-01-11T00:00:00Z' });
    expect(await find(publication())).toBeUndefined();
  });

  it('is not that of another paper, for an id or for a name', async () => {
    const other = new TestName();
    const url = await mirror(editions[1], id, { name: other.text });
    await expect(find({ name: other.text, urls: [url] })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(`publication ${id} does not have the name ${other.text}`),
    });
    const stranger = await Newsroom.open();
    using repository = openRepository(stranger.dir);
    const elsewhere = await mirror(editions[1], repository.publicationId);
    await expect(find({ urls: [elsewhere] })).rejects.toMatchObject({
      message: expect.stringContaining(`it is of publication ${id}, not of ${repository.publicationId}`),
    });
  });

  it('is not confirmed by a record of a name that is not the paper’s, which is not kept', async () => {
    const other = new TestName();
    const router = new TestRouter();
    const record = await other.record(1, `/ipfs/${editions[1]}`, { now: NOW });
    router.held.set(other.text, record.bytes);
    const records = memoryRecords();
    const urls = [await mirror(editions[1], id, { name: other.text })];
    const found = await find(publication(), { urls, routers: [router], records });
    expect(found?.path).toBe(`/ipfs/${editions[1]}`);
    expect(found).toMatchObject({ records: [], unconfirmed: { since: '2026-01-10T12:00:00Z' } });
    expect(records.get(other.name)).toBeUndefined();
  });

  it('is found beside one whose blocks never come', async () => {
    const urls = [await mirror(SOME_EDITION), await mirror(editions[1])];
    const read = (cid: CID) =>
      cid.toString() === SOME_EDITION ? new Promise<undefined>(() => undefined) : blocks.read(cid);
    const found = await find(publication(), { urls, read, documentsMs: 300 });
    expect(found?.path).toBe(`/ipfs/${editions[1]}`);
    await expect(
      find(publication(), { urls: [urls[0] ?? ''], read, documentsMs: 300 }),
    ).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('its documents do not come in 0.3 s'),
    });
  });

  it('is found beside what is larger than the documents of an edition can be, of which no more is read', async () => {
    const mastheads = Array.from({ length: 100 }, async (_, at) => ({
      name: `${at + 1}.json`,
      ...(await addFile(Buffer.alloc(250_000, `${at} `), blocks.sink)),
    }));
    const link = await addDirectory(await Promise.all(mastheads), blocks.sink);
    let read = 0;
    const counting = async (cid: CID) => {
      const bytes = await blocks.read(cid);
      read += bytes?.length ?? 0;
      return bytes;
    };
    const root = await addDirectory([{ name: 'masthead', ...link }], blocks.sink);
    const urls = [await mirror(root.cid.toString()), await mirror(editions[1])];
    const found = await find(publication(), { urls, read: counting });
    expect(found?.path).toBe(`/ipfs/${editions[1]}`);
    expect(read).toBeLessThan(18 * 1024 * 1024);
  });
});
