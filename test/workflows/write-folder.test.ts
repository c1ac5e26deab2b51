import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { addDirectory } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { writeFolder } from '../../src/workflows/write-folder.ts';
import { endlessFolders, numbered } from '../helpers/endless-folders.ts';
import { fileBomb } from '../helpers/file-bomb.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';

const { signal } = new AbortController();

describe('writeFolder', () => {
  async function refusalOf(root: CID, blocks: MemoryBlocks): Promise<unknown> {
    const dir = temporaryFolder();
    const refused = await writeFolder(root, join(dir, 'out'), blocks.read, signal).catch((error) => error);
    expect(readdirSync(dir)).toEqual([]);
    return refused;
  }

  it('writes what lies in many places as often as it does', async () => {
    const blocks = new MemoryBlocks();
    const file = await addFile(Buffer.from('the same'), blocks.sink);
    const { cid } = await endlessFolders([numbered(30, 2), numbered(20, 2)], file, blocks.sink);
    const target = join(temporaryFolder(), 'out');
    await writeFolder(cid, target, blocks.read, signal);
    expect(readdirSync(target)).toHaveLength(30);
    expect(readFileSync(join(target, '29', '19'), 'utf8')).toBe('the same');
  });

  it('writes no folders without end', async () => {
    const blocks = new MemoryBlocks();
    const levels = Array(5).fill(numbered(1000, 3));
    const { cid } = await endlessFolders(levels, await addDirectory([], blocks.sink), blocks.sink);
    expect(await refusalOf(cid, blocks)).toMatchObject({
      code: 'limit',
      message: 'the folder is more than 100 times as large as its blocks',
    });
  });

  it('writes no file of a petabyte that is a few blocks', async () => {
    const blocks = new MemoryBlocks();
    const cid = fileBomb(blocks, 3, 1000, 1_000_000);
    const folder = await addDirectory([{ name: 'large', cid, size: 1 }], blocks.sink);
    expect(await refusalOf(folder.cid, blocks)).toMatchObject({ code: 'limit' });
  });

  it('says what is missing, and writes nothing', async () => {
    const blocks = new MemoryBlocks();
    const file = await addFile(Buffer.from('gone'), blocks.sink);
    const folder = await addDirectory([{ name: 'a', ...file }], blocks.sink);
    blocks.delete(file.cid);
    expect(await refusalOf(folder.cid, blocks)).toMatchObject({ code: 'incomplete' });
  });
});
