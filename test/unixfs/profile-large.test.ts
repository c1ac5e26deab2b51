import { readFileSync } from 'node:fs';
import { unixfs } from '@helia/unixfs';
import { BlackHoleBlockstore } from 'blockstore-core/black-hole';
import { describe, expect, it } from 'vitest';
import { addStream } from '../../src/unixfs/file.ts';
import { IMPORTER_OPTIONS } from '../../src/unixfs/profile.ts';
import { forget } from '../helpers/memory-blocks.ts';
import { chachaStream, ovnStream, share } from '../helpers/streams.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';

const GIB = 1024 ** 3;
const TIMEOUT = 240_000;

/** The CIDs of one stream by our way and by @helia/unixfs, which read it in step: a few MiB are in memory at a time. */
async function bothCids(stream: Iterable<Uint8Array>): Promise<[string, string]> {
  const [mine, helias] = share(stream, 2) as [AsyncIterable<Uint8Array>, AsyncIterable<Uint8Array>];
  const fs = unixfs({ blockstore: new BlackHoleBlockstore() });
  const [link, cid] = await Promise.all([
    addStream(mine, forget),
    fs.addByteStream(helias, { ...IMPORTER_OPTIONS }),
  ]);
  return [link.cid.toString(), cid.toString()];
}

describe('files of more than one layer of links', () => {
  it.each([
    [GIB, 'bafybeihmf37wcuvtx4hpu7he5zl5qaf2ineo2lqlfrapokkm5zzw7zyhvm'],
    [GIB + 1, 'bafybeibdsi225ugbkmpbdohnxioyab6jsqrmkts3twhpvfnzp77xtzpyhe'],
  ])(
    'IPIP-0499: %d bytes',
    async (size, cid) => {
      expect(await bothCids(chachaStream(size, 'v1-2025-seed'))).toEqual([cid, cid]);
    },
    TIMEOUT,
  );

  it.skipIf(!hasVectors)(
    'Kubo: 1,074,790,401 bytes',
    async () => {
      const { files } = JSON.parse(readFileSync(vectors('kubo/unixfs-v1-2025.json'), 'utf8'));
      const { bytes, cid } = files.at(-1);
      expect(bytes).toBe(1_074_790_401);
      expect(await bothCids(ovnStream(bytes))).toEqual([cid, cid]);
    },
    TIMEOUT,
  );
});
