import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../../src/log/text.ts';
import { listen } from '../../../src/node/gateway/server.ts';
import { type HeadLog, requireHeadLog } from '../../../src/workflows/logs/head-log.ts';
import { proveRevision } from '../../../src/workflows/logs/prove-revision.ts';
import { logKeys } from '../../../src/workflows/logs/show-log.ts';
import { Newsroom, source } from '../../helpers/newsroom.ts';
import { fsck, noPeers, verifyNote, verifyProof } from '../../helpers/peers.ts';
import { folderOf, idOf, publishOne, withLog } from './support.ts';

/** More than one full tile. */
const MANY = 300;

/** A newsroom with two editions, and what its log was after each. */
async function openLarge(): Promise<{ newsroom: Newsroom; vkey: string; before: Snapshot; after: Snapshot }> {
  const newsroom = await Newsroom.open();
  for (let at = 0; at < MANY; at++)
    newsroom.write(`articles/a${at}.md`, source({ title: `A ${at}`, slug: `a${at}` }));
  await newsroom.publish();
  const before = await snapshot(newsroom);
  await publishOne(newsroom, 'tower', 'Tower');
  const { keys } = await withLog(newsroom, ({ repository }) => logKeys(repository));
  return { newsroom, vkey: keys[0] ?? '', before, after: await snapshot(newsroom) };
}

interface Snapshot {
  checkpoint: string;
  size: number;
  root: string;
}

function snapshot(newsroom: Newsroom): Promise<Snapshot> {
  return withLog(newsroom, async (effects) => {
    const { note, checkpoint } = await requireHeadLog(effects);
    const { size, root } = checkpoint;
    return { checkpoint: Buffer.from(note).toString('utf8'), size, root: encodeBase64(root) };
  });
}

const hashesOf = async (newsroom: Newsroom, prove: (log: HeadLog) => Promise<Uint8Array[]>) =>
  withLog(newsroom, async (effects) => (await prove(await requireHeadLog(effects))).map(encodeBase64));

describe.skipIf(noPeers)('what others wrote', () => {
  it('torchwood accepts a proof of ours, and refuses another entry', async () => {
    const { newsroom, vkey } = await openLarge();
    const prove = (slug: string) =>
      withLog(newsroom, async (effects) =>
        proveRevision({ article: idOf(slug), revision: 1 }, await requireHeadLog(effects), effects),
      );
    const policy = `log ${vkey}\nquorum none\n`;
    const [early, late] = [await prove('a7'), await prove('tower')];
    for (const { proof, entryBytes: entry } of [early, late])
      expect(await verifyProof({ policy, entry, proof })).toStrictEqual({ ok: true, said: '' });
    const wrong = { policy, entry: early.entryBytes, proof: late.proof };
    expect(await verifyProof(wrong)).toMatchObject({ ok: false });
  });

  it('x/mod accepts checkpoints, inclusion, and consistency between two editions', async () => {
    const { newsroom, vkey, before, after } = await openLarge();
    const { checkpoint, size } = after;
    const index = 42;
    const entry = await withLog(newsroom, async (effects) =>
      (await requireHeadLog(effects)).tree.entry(index),
    );
    const inclusion = {
      entry,
      index,
      proof: await hashesOf(newsroom, ({ tree }) => tree.inclusionProof(index, size)),
    };
    const proof = await hashesOf(newsroom, ({ tree }) => tree.consistencyProof(before.size, size));
    const consistency = { size: before.size, root: before.root, proof };
    const vkeys = [vkey];
    expect(before.size).toBe(MANY + 1);
    expect(await verifyNote({ checkpoint: before.checkpoint, vkeys })).toMatchObject({ ok: true });
    expect(await verifyNote({ checkpoint, vkeys, inclusion, consistency })).toMatchObject({ ok: true });
    const other = { ...inclusion, entry: Buffer.from('{}') };
    expect(await verifyNote({ checkpoint, vkeys, inclusion: other })).toMatchObject({ ok: false });
    const rewritten = { ...consistency, root: after.root };
    expect(await verifyNote({ checkpoint, vkeys, consistency: rewritten })).toMatchObject({ ok: false });
  });

  it('Tessera’s fsck walks the log in a folder, and as it is served', async () => {
    const { newsroom, vkey } = await openLarge();
    const folder = await folderOf(newsroom);
    expect(await fsck(`${pathToFileURL(join(folder, 'log'))}/`, vkey)).toMatchObject({ ok: true });
    await newsroom.use(async ({ repository, node }) => {
      const head = () => repository.head()?.edition;
      await using server = await listen({ host: '127.0.0.1', port: 0 }, { read: node.read, head });
      expect(await fsck(`${server.url}/log/`, vkey)).toMatchObject({ ok: true });
      expect(await fsck(`${server.url}/ipfs/${head()}/log/`, vkey)).toMatchObject({ ok: true });
    });
  });
});
