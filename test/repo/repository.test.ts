import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildManifest, signManifest } from '../../src/manifest/build-manifest.ts';
import { createRepository } from '../../src/repo/create-repository.ts';
import { findRepository, openRepository } from '../../src/repo/open-repository.ts';
import type { Repository } from '../../src/repo/repository.ts';
import { parseSettings, type Settings } from '../../src/repo/settings.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import { rawBlock } from '../helpers/blocks.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { manifestParts } from '../helpers/manifest-parts.ts';
import { KEYS, mastheadBytes } from '../helpers/publication.ts';

const SETTINGS: Settings = { name: 'First Light', tagline: '', language: 'en', articles: 'articles' };
const masthead = { version: 1, cid: 'bafkrei', bytes: Uint8Array.of(1) };
const addMasthead = async (repository: Repository) => repository.addMasthead(masthead);
const withCode = (code: string) => expect.objectContaining({ code });

describe('createRepository', () => {
  it('makes what openRepository opens', async () => {
    const dir = join(temporaryFolder(), 'paper');
    (await createRepository(dir, SETTINGS, addMasthead)).close();
    using repository = openRepository(dir);
    expect(repository.settings).toEqual(SETTINGS);
    expect(repository.publicationId).toBe(masthead.cid);
    expect(repository.head()).toBeUndefined();
    expect(Object.keys(repository.categories())).toEqual([]);
    expect(repository.articlesDir).toBe(join(dir, 'articles'));
    expect(parseSettings(readFileSync(join(dir, 'ovn.json'), 'utf8'))).toEqual(SETTINGS);
  });

  it('keeps .ovn out of git and from others', async () => {
    const dir = temporaryFolder();
    (await createRepository(dir, SETTINGS, addMasthead)).close();
    expect(readFileSync(join(dir, '.ovn', '.gitignore'), 'utf8')).toBe('*\n');
    expect(statSync(join(dir, '.ovn')).mode & 0o777).toBe(0o700);
  });

  it('changes nothing where there is one', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'ovn.json'), 'mine');
    await expect(createRepository(dir, SETTINGS, addMasthead)).rejects.toEqual(withCode('exists'));
    expect(readFileSync(join(dir, 'ovn.json'), 'utf8')).toBe('mine');
    expect(existsSync(join(dir, '.ovn'))).toBe(false);
  });

  it('leaves an ovn.json that came meanwhile as it is', async () => {
    const dir = temporaryFolder();
    const meanwhile = async () => writeFileSync(join(dir, 'ovn.json'), 'mine');
    await expect(createRepository(dir, SETTINGS, meanwhile)).rejects.toEqual(withCode('exists'));
    expect(readFileSync(join(dir, 'ovn.json'), 'utf8')).toBe('mine');
    expect(readdirSync(join(dir, '.ovn')).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('gives ovn.json its name when it is whole, and takes away what a crash left of it', async () => {
    const dir = temporaryFolder();
    const draft = (pid: number | string) => join(dir, '.ovn', `ovn.json.${pid}.partial`);
    mkdirSync(draft(process.pid), { recursive: true });
    await expect(createRepository(dir, SETTINGS, addMasthead)).rejects.toThrow();
    expect(existsSync(join(dir, 'ovn.json'))).toBe(false);
    rmdirSync(draft(process.pid));
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(draft(pid), '{"na');
    (await createRepository(dir, SETTINGS, async () => undefined)).close();
    expect(parseSettings(readFileSync(join(dir, 'ovn.json'), 'utf8'))).toEqual(SETTINGS);
    expect(existsSync(draft(pid))).toBe(false);
  });

  it('goes on where it stopped', async () => {
    const dir = temporaryFolder();
    const stop = async (repository: Repository) => {
      await addMasthead(repository);
      throw new Error('no power');
    };
    await expect(createRepository(dir, SETTINGS, stop)).rejects.toThrow('no power');
    expect(() => findRepository(dir)).toThrow(withCode('not-found'));
    const found: number[] = [];
    const look = async (repository: Repository) => void found.push(repository.mastheads().length);
    (await createRepository(dir, SETTINGS, look)).close();
    expect(found).toEqual([1]);
  });
});

describe('findRepository', () => {
  it('looks upward for the nearest ovn.json', async () => {
    const dir = temporaryFolder();
    (await createRepository(dir, SETTINGS, addMasthead)).close();
    const below = join(dir, 'articles', '2025', '07');
    mkdirSync(below, { recursive: true });
    expect(findRepository(below)).toBe(dir);
    expect(findRepository(dir)).toBe(dir);
    expect(() => findRepository(join(dir, '..'))).toThrow(withCode('not-found'));
  });
});

describe('openRepository', () => {
  it('says what is missing or wrong', async () => {
    const dir = temporaryFolder();
    expect(() => openRepository(dir)).toThrow(withCode('not-found'));
    (await createRepository(dir, SETTINGS, addMasthead)).close();
    rmSync(join(dir, '.ovn'), { recursive: true });
    expect(() => openRepository(dir)).toThrow(
      expect.objectContaining({ code: 'not-found', hint: expect.stringContaining('backup') }),
    );
    writeFileSync(join(dir, 'ovn.json'), '{}');
    expect(() => openRepository(dir)).toThrow(withCode('malformed'));
  });

  it('gives every command the same store, head and index', async () => {
    const dir = temporaryFolder();
    using one = await createRepository(dir, SETTINGS, addMasthead);
    using other = openRepository(dir);
    const block = rawBlock('hello');
    const head = { sequence: 1, edition: 'e', manifest: block.cid.toString(), issued: 'i', expires: 'x' };
    one.transaction(() => {
      one.blockstore.putBatch([block]);
      one.writeHead(head);
      expect(other.head()).toBeUndefined();
    });
    expect(other.head()).toEqual(head);
    expect(other.blockstore.getBytes(block.cid)).toEqual(block.bytes);
    expect(() => other.categories()).toThrow(withCode('malformed'));
  });

  it('tells the categories of the head as its manifest lists them, whatever they are called', async () => {
    using repository = await createRepository(temporaryFolder(), SETTINGS, addMasthead);
    const mastheads = readMastheads([mastheadBytes()]);
    const parts = manifestParts(mastheads);
    const block = rawBlock(signManifest(buildManifest(parts), [KEYS.edition]));
    repository.blockstore.putBatch([block]);
    const manifest = block.cid.toString();
    repository.writeHead({ sequence: 1, edition: 'e', manifest, issued: 'i', expires: 'x' });
    const categories = repository.categories();
    expect({ ...categories }).toEqual(parts.categories);
    expect(categories.toString).toBeUndefined();
  });

  it('tells of a repository without masthead, and of a head whose manifest is gone', async () => {
    const dir = temporaryFolder();
    using repository = await createRepository(dir, SETTINGS, async () => undefined);
    expect(() => repository.publicationId).toThrow(withCode('damaged'));
    const manifest = rawBlock('gone').cid.toString();
    repository.writeHead({ sequence: 1, edition: 'e', manifest, issued: 'i', expires: 'x' });
    expect(() => repository.categories()).toThrow(withCode('damaged'));
  });
});
