import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DENY_FILE_LIMIT, DenyFiles } from '../../../src/node/served/deny-files.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const [a, b] = [rawCid(Buffer.from('a')), rawCid(Buffer.from('b'))];

async function open(...texts: string[]) {
  const folder = temporaryFolder();
  const paths = texts.map((text, at) => {
    const path = join(folder, `${at}.deny`);
    writeFileSync(path, text);
    return path;
  });
  const files = await DenyFiles.open(paths);
  const told: string[] = [];
  /** Looks twice: a file that is still being written is left alone. */
  const refresh = async (): Promise<boolean> => {
    const tell = (error: unknown) => void told.push(String(error));
    const first = await files.refresh(tell);
    return (await files.refresh(tell)) || first;
  };
  const denied = () => [a, b].map((cid) => files.list.deniesBlock(cid));
  return { files, paths, told, refresh, denied, path: paths[0] ?? '' };
}

describe('DenyFiles', () => {
  it('counts the last rule of all files', async () => {
    const { denied } = await open(`/ipfs/${a}\n/ipfs/${b}\n`, `!/ipfs/${a}\n`);
    expect(denied()).toEqual([false, true]);
  });

  it('reads again what has changed, once it rests', async () => {
    const { files, path, refresh, denied } = await open(`/ipfs/${a}\n`);
    expect(await refresh()).toBe(false);
    writeFileSync(path, `/ipfs/${b}\n\n`);
    expect(await files.refresh(() => undefined)).toBe(false);
    expect(denied()).toEqual([true, false]);
    expect(await refresh()).toBe(true);
    expect(denied()).toEqual([false, true]);
  });

  it('keeps what it said while it is gone or cannot be understood, and tells that once', async () => {
    const { path, refresh, denied, told } = await open(`/ipfs/${a}\n`);
    renameSync(path, `${path}.away`);
    await refresh();
    await refresh();
    expect(denied()).toEqual([true, false]);
    expect(told).toEqual([expect.stringContaining('cannot be read')]);
    writeFileSync(path, `/ipfs/${b}\nnonsense\n`);
    await refresh();
    await refresh();
    expect(denied()).toEqual([true, false]);
    expect(told.slice(1)).toEqual([expect.stringContaining(`${path}:2: `)]);
    rmSync(path);
    renameSync(`${path}.away`, path);
    await refresh();
    expect(denied()).toEqual([true, false]);
    writeFileSync(path, `/ipfs/${b}\n# again\n`);
    expect(await refresh()).toBe(true);
    expect(denied()).toEqual([false, true]);
  });

  it('does not open what is missing, too large, no text or wrong', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.deny');
    await expect(DenyFiles.open([path])).rejects.toMatchObject({ code: 'not-found' });
    writeFileSync(path, Uint8Array.of(0xff));
    await expect(DenyFiles.open([path])).rejects.toMatchObject({ code: 'malformed' });
    writeFileSync(path, '\nwhat\n');
    const findings = [expect.objectContaining({ file: path, line: 2 })];
    await expect(DenyFiles.open([path])).rejects.toMatchObject({ code: 'malformed', findings });
    writeFileSync(path, Buffer.alloc(DENY_FILE_LIMIT + 1, '\n'));
    await expect(DenyFiles.open([path])).rejects.toMatchObject({ code: 'limit' });
  });
});
