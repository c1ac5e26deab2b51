import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeCar } from '../../../src/node/car.ts';
import { listen } from '../../../src/node/gateway/server.ts';
import { type Comparison, compareLogs } from '../../../src/workflows/logs/compare-logs.ts';
import { writeWholeFile } from '../../../src/workflows/write-folder.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import type { Newsroom } from '../../helpers/newsroom.ts';
import { folderOf, idOf, openPaper, publishOne, withLog } from './support.ts';

const { signal } = new AbortController();

/** What a comparison says, and which longer logs were noted on the way. */
async function compare(newsroom: Newsroom, what: string): Promise<{ found: Comparison; noted: number[] }> {
  return withLog(newsroom, async (effects) => {
    const found = await compareLogs(what, effects);
    return { found, noted: effects.repository.seenCheckpoints.list().map(({ size }) => size) };
  });
}

/** Two newsrooms with one history, up to the editions that they have not in common. */
async function split(): Promise<[Newsroom, Newsroom]> {
  const ours = await openPaper();
  return [ours, ours.copy()];
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('log compare', () => {
  it('knows the same history in every form that it is shown in', async () => {
    const newsroom = await openPaper();
    const folder = await folderOf(newsroom);
    const car = join(temporaryFolder(), 'edition.car');
    await newsroom.use(({ repository, node }) =>
      writeWholeFile(car, writeCar(CID.parse(repository.head()?.edition ?? ''), node.read), signal),
    );
    for (const what of [folder, join(folder, 'log'), join(folder, 'log/checkpoint'), car]) {
      const { found, noted } = await compare(newsroom, what);
      expect([found.relation, found.ahead, noted]).toEqual(['same', 0, []]);
    }
    await newsroom.use(async ({ repository, node }) => {
      const head = () => repository.head()?.edition;
      await using server = await listen({ host: '127.0.0.1', port: 0 }, { read: node.read, head });
      for (const base of [server.url, `${server.url}/log/`, `${server.url}/ipfs/${head()}/log`])
        expect((await compare(newsroom, base)).found.relation).toBe('same');
    });
  });

  it('says who is ahead, and notes a longer log', async () => {
    const [ours, theirs] = await split();
    await publishOne(theirs, 'tower', 'Tower');
    const folder = await folderOf(theirs);
    const ahead = await compare(ours, folder);
    expect(ahead.found).toMatchObject({ relation: 'theirs-ahead', ahead: 2 });
    expect(ahead.noted).toEqual([7]);
    await expect(publishOne(ours, 'bridge', 'Bridge')).rejects.toThrow('this repository is not the newest');
    const behind = await compare(theirs, await folderOf(ours));
    expect(behind.found).toMatchObject({ relation: 'ours-ahead', ahead: 2 });
    expect(behind.noted).toEqual([]);
  });

  it('proves by our own tiles that we are ahead of a checkpoint, and nothing where it is ahead', async () => {
    const [ours, theirs] = await split();
    await publishOne(theirs, 'tower', 'Tower');
    const [older, newer] = [await folderOf(ours), await folderOf(theirs)].map((each) =>
      join(each, 'log/checkpoint'),
    );
    expect((await compare(theirs, older ?? '')).found.relation).toBe('ours-ahead');
    const { found, noted } = await compare(ours, newer ?? '');
    expect(found.relation).toBe('not-checked');
    expect(found.detail).toContain('only a checkpoint is at hand');
    expect(noted).toEqual([7]);
  });

  it('does not take tiles that are not those of the checkpoint for a fork', async () => {
    const [ours, theirs] = await split();
    await publishOne(theirs, 'tower', 'Tower');
    const folder = await folderOf(theirs);
    writeFileSync(join(folder, 'log/tile/0/000.p/7'), Buffer.alloc(7 * 32));
    expect((await compare(ours, folder)).found.relation).toBe('not-checked');
    rmSync(join(folder, 'log/tile'), { recursive: true });
    const { found } = await compare(ours, folder);
    expect([found.relation, found.detail]).toEqual(['not-checked', expect.stringContaining('is missing')]);
  });

  it.each([
    ['of one length', ['bridge'], ['tower']],
    ['that is longer', ['bridge'], ['tower', 'ferry']],
    ['that is shorter', ['bridge', 'canal'], ['tower']],
  ])('shows a fork %s, with the first entry that differs', async (_, here, there) => {
    const [ours, theirs] = await split();
    for (const name of here) await publishOne(ours, name, name);
    for (const name of there) await publishOne(theirs, name, name);
    const { found, noted } = await compare(ours, await folderOf(theirs));
    expect(found.relation).toBe('fork');
    // Entry 5 is edition 2, which both have.
    expect(found.difference?.index).toBe(6);
    expect(JSON.parse(found.difference?.ours ?? '')).toMatchObject({ article: idOf('bridge') });
    expect(JSON.parse(found.difference?.theirs ?? '')).toMatchObject({ article: idOf('tower') });
    expect(noted).toEqual(there.length > here.length ? [9] : []);
    expect(found.ours.checkpoint).not.toBe(found.theirs.checkpoint);
  });

  it('shows a fork by a checkpoint alone, where ours is not shorter', async () => {
    const [ours, theirs] = await split();
    await publishOne(ours, 'bridge', 'Bridge');
    await publishOne(theirs, 'tower', 'Tower');
    const checkpoint = join(await folderOf(theirs), 'log/checkpoint');
    const { found } = await compare(ours, checkpoint);
    expect(found.relation).toBe('fork');
    expect(found.difference).toBeUndefined();
    expect(found.proof).toEqual({ hashes: [], root: found.ours.root });
  });

  it('refuses a checkpoint of another log, or one that its log did not sign', async () => {
    const [newsroom, other] = [await openPaper(), await openPaper()];
    await expect(compare(newsroom, await folderOf(other))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('it is of the log'),
    });
    const folder = await folderOf(newsroom);
    const text = (await compare(newsroom, folder)).found.ours.checkpoint;
    writeFileSync(join(folder, 'log/checkpoint'), text.replace('\n5\n', '\n6\n'));
    await expect(compare(newsroom, folder)).rejects.toThrow('is false');
  });

  it('says what it cannot read', async () => {
    const newsroom = await openPaper();
    const empty = temporaryFolder();
    await expect(compare(newsroom, empty)).rejects.toThrow('neither checkpoint nor log/checkpoint');
    await expect(compare(newsroom, join(empty, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    writeFileSync(join(empty, 'text'), 'Hello.\n');
    await expect(compare(newsroom, join(empty, 'text'))).rejects.toThrow('no checkpoint, and no CAR');
  });

  it('takes no more from a server than a checkpoint can have, and gives up on errors', async () => {
    const newsroom = await openPaper();
    const endless = await serve((_request, response) => {
      response.on('error', () => undefined);
      const more = (): void => void (response.writable && response.write(Buffer.alloc(65_536), more));
      more();
    });
    await expect(compare(newsroom, endless)).rejects.toMatchObject({ code: 'limit' });
    const broken = await serve((_request, response) => response.writeHead(500).end());
    await expect(compare(newsroom, broken)).rejects.toThrow('status 500');
    await expect(compare(newsroom, 'http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'io' });
    const nothing = await serve((_request, response) => response.writeHead(404).end());
    await expect(compare(newsroom, nothing)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('reads a log over HTTP from any place, and stops when it is told to', async () => {
    const [ours, theirs] = await split();
    await publishOne(theirs, 'tower', 'Tower');
    const served = temporaryFolder();
    cpSync(await folderOf(theirs), join(served, 'paper'), { recursive: true });
    const { createReadStream } = await import('node:fs');
    const base = await serve((request, response) => {
      createReadStream(join(served, request.url ?? ''))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    expect((await compare(ours, `${base}/paper/log`)).found.relation).toBe('theirs-ahead');
    expect((await compare(ours, `${base}/paper/`)).found.relation).toBe('theirs-ahead');
    const silent = await serve(() => undefined);
    const controller = new AbortController();
    const stopped = withLog(ours, (effects) =>
      compareLogs(silent, { ...effects, signal: controller.signal }),
    );
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(stopped).rejects.toThrow('enough');
  });
});
