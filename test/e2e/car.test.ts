import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CarReader } from '@ipld/car/reader';
import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { sha256, sha512 } from 'multiformats/hashes/sha2';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Block } from '../../src/unixfs/block.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { flipped } from '../helpers/flipped.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import { collect } from '../helpers/streams.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';
import {
  CLOCK,
  carOf,
  copyTo,
  dropBlock,
  makeIn,
  openIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  snapshotOf,
  sourceOf,
  words,
} from './support.ts';

interface Exported {
  cid: string;
  name: string;
  output: string;
  blocks: number;
  bytes: number;
}

interface Imported {
  roots: { cid: string; blocks: number; bytes: number; missing: number }[];
}

const CBOR = 0x51;
const JSON_PLAIN = 0x0200;

describe('ovn export', () => {
  const folder = sharedFolder();
  let dir: string;
  let published: Published;

  beforeAll(async () => {
    dir = await makeIn(folder, {
      'first-light.md': sourceOf({ categories: ['Science', 'World'] }),
      'harbour.md': sourceOf({ title: 'Harbour' }),
    });
    published = await publishIn(dir);
  });

  it.each<[string, string[], () => string]>([
    ['the head edition', [], () => published.edition],
    ['a category', ['science'], () => published.categories['science']?.cid ?? ''],
    ['an article', ['harbour'], () => published.articles[1]?.cid ?? ''],
    ['a CID', ['CID'], () => published.edition],
  ])('writes %s whole, depth first, each block once', async (_, what, cid) => {
    const output = join(folder, 'whole.car');
    const args = ['export', ...what.map((name) => (name === 'CID' ? cid() : name)), '-o', output, '--json'];
    const report = readJson<Exported>(await runOvn(args, { cwd: dir }));
    const car = await CarReader.fromBytes(readFileSync(output));
    expect(car.version).toBe(1);
    expect((await car.getRoots()).map(String)).toEqual([cid()]);
    await using open = await openIn(dir);
    const walked = await collect(walkDag(CID.parse(cid()), open.read));
    expect((await collect(car.cids())).map(String)).toEqual(walked.map((block) => block.cid.toString()));
    expect(report).toEqual({
      cid: cid(),
      name: expect.any(String),
      output,
      blocks: walked.length,
      bytes: walked.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0),
    });
  });

  it('gives the same bytes each time, and in place of what was there', async () => {
    const output = join(folder, 'again.car');
    writeFileSync(output, 'something older');
    await runOvn(['export', 'science', '-o', output], { cwd: dir });
    const first = readFileSync(output);
    await runOvn(['get', 'science', '--format', 'car', '-o', output], { cwd: dir });
    expect(readFileSync(output).equals(first)).toBe(true);
  });

  it.each([['export'], ['get', '--format', 'car']])(
    '%s ends with 3 and leaves no file when a block is missing',
    async (...command) => {
      const copy = copyTo(folder, dir);
      const [article] = published.articles;
      await dropBlock(copy, `${article?.cid}/index.html`);
      const output = join(copy, 'out.car');
      const { code, stderr } = await runOvn([...command, `${article?.cid}`, '-o', output], { cwd: copy });
      expect(stderr).toMatch(/^ovn: .*missing/);
      expect(code).toBe(3);
      expect(readdirSync(copy).filter((name) => name.includes('out.car'))).toEqual([]);
    },
  );

  it('leaves no file of a category that is not whole either', async () => {
    const copy = copyTo(folder, dir);
    await dropBlock(copy, `${published.categories['science']?.cid}/feed.json`);
    const { code, stderr } = await runOvn(words('get science --format car -o out.car'), { cwd: copy });
    expect(stderr).toMatch(/^ovn: block .* is not here/);
    expect(code).toBe(3);
    expect(readdirSync(copy).filter((name) => name.includes('out.car'))).toEqual([]);
  });

  it.each([
    ['no file is named', ['export', 'science'], 2],
    ['nothing is called so', ['export', 'nothing', '-o', 'x.car'], 1],
    ['the file is a folder', ['export', 'science', '-o', 'articles'], 1],
    ['the file lies below a file', ['export', 'science', '-o', 'ovn.json/x.car'], 1],
  ])('ends with a sentence when %s', async (_, args, expected) => {
    const { code, stderr } = await runOvn(args, { cwd: dir });
    expect(stderr).toMatch(/^ovn: /);
    expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    expect(code).toBe(expected);
    expect(existsSync(join(dir, 'x.car'))).toBe(false);
  });
});

describe('ovn import', () => {
  const folder = sharedFolder();
  const from = sharedFolder();
  let empty: string;
  let published: Published;
  let whole: Uint8Array;

  beforeAll(async () => {
    const dir = await makeIn(from, { 'first-light.md': sourceOf({ body: 'Some text.\n'.repeat(40) }) });
    published = await publishIn(dir);
    await runOvn(['export', '-o', join(from, 'whole.car')], { cwd: dir });
    whole = readFileSync(join(from, 'whole.car'));
    empty = await makeIn(folder);
    await runOvn(['check'], { cwd: empty }); // the node notes the version of its records when it first starts
  });

  async function importInto(dir: string, car: Uint8Array, ...flags: string[]): Promise<ProgramResult> {
    writeFileSync(join(dir, 'in.car'), car);
    return runOvn(['import', 'in.car', ...flags], { cwd: dir, env: CLOCK });
  }

  async function block(
    codec: number,
    bytes: Uint8Array,
    hasher: { digest(bytes: Uint8Array): unknown } = sha256,
  ): Promise<Block> {
    return { cid: CID.createV1(codec, (await hasher.digest(bytes)) as never), bytes };
  }

  it('takes in another publication: all of it, once, and what it is', async () => {
    const dir = copyTo(folder, empty);
    const first = readJson<Imported>(await importInto(dir, whole, '--json'));
    expect(first.roots).toEqual([
      { cid: published.edition, blocks: expect.any(Number), bytes: expect.any(Number), missing: 0 },
    ]);
    const after = snapshotOf(dir);
    expect(after.blocks).toHaveLength(first.roots[0]?.blocks ?? 0);
    expect(readJson(await importInto(dir, whole, '--json'))).toEqual(first);
    expect(snapshotOf(dir)).toEqual(after);
    expect((await runOvn(['verify', published.edition], { cwd: dir, env: CLOCK })).code).toBe(0);
    expect((await runOvn(['pin', 'add', published.edition], { cwd: dir })).code).toBe(0);
    expect((await runOvn(['check'], { cwd: dir })).code).toBe(0);
  });

  it('does nothing with --dry-run but say what it would do', async () => {
    const dir = copyTo(folder, empty);
    const before = snapshotOf(dir);
    const said = readJson<Imported>(await importInto(dir, whole, '--dry-run', '--json'));
    expect(said.roots[0]).toMatchObject({ cid: published.edition, missing: 0 });
    expect(snapshotOf(dir)).toEqual(before);
  });

  it.skipIf(!hasVectors)('takes in what Kubo exported', async () => {
    const dir = copyTo(folder, empty);
    const { roots } = readJson<Imported>(
      await importInto(dir, readFileSync(vectors('kubo/bundle.car')), '--json'),
    );
    expect(roots).toHaveLength(1);
    expect(roots[0]?.missing).toBe(0);
    await runOvn(['export', roots[0]?.cid ?? '', '-o', 'out.car'], { cwd: dir });
    expect(readFileSync(join(dir, 'out.car')).equals(readFileSync(vectors('kubo/bundle.car')))).toBe(true);
  });

  it('follows the links of every codec, and keeps nothing else', async () => {
    const dir = copyTo(folder, empty);
    const leaves = [
      await block(0x55, Buffer.from('raw')),
      await block(CBOR, Buffer.from([0xa0])),
      await block(JSON_PLAIN, Buffer.from('{}')),
      await block(0x55, Buffer.from('hashed by sha2-512'), sha512),
    ];
    const json = await block(dagJson.code, dagJson.encode({ leaves: leaves.map(({ cid }) => cid) }));
    const root = await block(dagCbor.code, dagCbor.encode({ json: json.cid }));
    const stranger = await block(0x55, Buffer.from('reached by nothing'));
    const said = readJson<Imported>(
      await importInto(dir, carOf([root.cid], [stranger, ...leaves, json, root]), '--json'),
    );
    expect(said.roots).toEqual([
      expect.objectContaining({ cid: root.cid.toString(), blocks: 6, missing: 0 }),
    ]);
    expect(snapshotOf(dir).blocks).toHaveLength(6);
  });

  it('keeps what is not whole, says how much is missing, and neither pins nor exports it', async () => {
    const dir = copyTo(folder, empty);
    const leaves = [1, 2, 3].map((at) => Buffer.from(`leaf ${at}`));
    const root = await block(dagCbor.code, dagCbor.encode(leaves.map(rawCid)));
    const kept = { cid: rawCid(Buffer.from('leaf 2')), bytes: Buffer.from('leaf 2') };
    const { code, stdout, stderr } = await importInto(dir, carOf([root.cid], [root, kept]), '--json');
    expect(code).toBe(3);
    expect((JSON.parse(stdout) as Imported).roots).toEqual([
      { cid: root.cid.toString(), blocks: 2, bytes: root.bytes.length + 6, missing: 2 },
    ]);
    expect(stderr).toMatch(/incomplete: 2 blocks are missing/);
    for (const args of [
      ['pin', 'add', `${root.cid}`],
      ['export', `${root.cid}`, '-o', 'x.car'],
    ]) {
      const refused = await runOvn(args, { cwd: dir });
      expect(refused.code).toBe(3);
      expect(refused.stderr).toMatch(/2 blocks are missing/);
    }
    expect(existsSync(join(dir, 'x.car'))).toBe(false);
    await using open = await openIn(dir);
    expect(open.repository.pins.list()).toEqual([]);
    expect(open.repository.pins.isComplete(root.cid.toString())).toBe(false);
  });

  it('is whole once the rest has come, or where it was here before', async () => {
    const leaf = { cid: rawCid(Buffer.from('leaf')), bytes: Buffer.from('leaf') };
    const root = await block(dagCbor.code, dagCbor.encode([leaf.cid]));
    const alone = { root: carOf([root.cid], [root]), leaf: carOf([leaf.cid], [leaf]) };
    for (const [first, second] of [
      ['root', 'leaf'],
      ['leaf', 'root'],
    ] as const) {
      const dir = copyTo(folder, empty);
      expect((await importInto(dir, alone[first])).code).toBe(first === 'root' ? 3 : 0);
      expect((await importInto(dir, alone[second])).code).toBe(0);
      expect((await runOvn(['pin', 'add', `${root.cid}`], { cwd: dir })).code).toBe(0);
    }
  });

  describe('refuses and leaves everything as it was', () => {
    async function expectRefused(car: Uint8Array, said: RegExp): Promise<void> {
      const dir = copyTo(folder, empty);
      const before = snapshotOf(dir);
      const { code, stdout, stderr } = await importInto(dir, car);
      expect(stderr).toMatch(said);
      expect(stderr).not.toMatch(/ovn: unexpected|\n\s+at /);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(snapshotOf(dir)).toEqual(before);
      expect(readdirSync(join(dir, '.ovn/tmp'))).toEqual([]);
    }

    it('a poisoned block, at the front, in the middle and at the end', async () => {
      for (const at of [150, Math.floor(whole.length / 2), whole.length - 1]) {
        await expectRefused(flipped(whole, at, 0), /^ovn: .*(does not match its CID|no CID|breaks off|hold)/);
      }
    });

    it('a file that breaks off', async () => {
      for (const length of [0, 1, 20, 100, Math.floor(whole.length / 2), whole.length - 1]) {
        await expectRefused(whole.subarray(0, length), /^ovn: .*(breaks off|does not hold it)/);
      }
    });

    it('a block above 2 MiB', async () => {
      const large = await block(0x55, new Uint8Array(2 * 1024 * 1024 + 1));
      await expectRefused(carOf([large.cid], [large]), /^ovn: block .* has 2097153 bytes/);
    });

    it('a block under a hash that it does not know', async () => {
      const bytes = Buffer.from('some bytes');
      const cid = CID.createV1(0x55, createDigest(0x1e, new Uint8Array(32)));
      await expectRefused(carOf([cid], [{ cid, bytes }]), /hash that is not accepted/);
    });

    it('a block of a codec that it does not know', async () => {
      const odd = await block(0x78, Buffer.from('git'));
      await expectRefused(carOf([odd.cid], [odd]), /codec 0x78, which is not known/);
    });

    it('a second root that cannot be decoded, with the first that can', async () => {
      const good = await block(0x55, Buffer.from('good'));
      const bad = await block(dagCbor.code, Buffer.from([0xff]));
      await expectRefused(carOf([good.cid, bad.cid], [good, bad]), /cannot be decoded/);
    });

    it('a block that cannot be decoded below one that can', async () => {
      const bad = await block(0x70, Buffer.from([0xff, 0xff]));
      const root = await block(dagCbor.code, dagCbor.encode([bad.cid]));
      await expectRefused(carOf([root.cid], [root, bad]), /cannot be decoded/);
    });

    it('a file without a root, and one that is no CAR', async () => {
      await expectRefused(carOf([], []), /no CAR header/);
      await expectRefused(Buffer.from('This is no CAR file at all.'), /^ovn: /);
    });

    it('a root that it does not hold', async () => {
      await expectRefused(carOf([rawCid(Buffer.from('x'))], []), /does not hold it/);
    });
  });

  it('ends with a sentence for a file that is not there', async () => {
    const { code, stderr } = await runOvn(['import', 'missing.car'], { cwd: empty });
    expect(stderr).toMatch(/^ovn: there is no such file/);
    expect(code).toBe(1);
  });
});
