import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOME_LIMITS, type Home, type HomeLimits, type PushOptions } from '../../src/node/homes/home.ts';
import { openHome } from '../../src/node/homes/open-home.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { interrupted, makeDag, type TestDag } from '../helpers/dags.ts';
import { type Kubo, noKubo, startKubo } from '../helpers/kubo.ts';
import { makeRepository } from '../helpers/program.ts';

const TOKEN = 'a-token-of-0123456789';
/** All that is asked of it. */
const COMMANDS = ['block/get', 'dag/export', 'dag/import', 'dag/stat', 'pin/add', 'pin/ls', 'pin/rm'];
const KUBO = { token: 'of-who-runs-it', tokens: { [TOKEN]: COMMANDS } };
const { signal } = new AbortController();

describe.skipIf(noKubo)('Kubo as a home', () => {
  let kubo: Kubo;
  let home: Home;

  beforeAll(async () => {
    kubo = await startKubo(KUBO);
    home = await open(kubo);
  });

  afterAll(async () => {
    await home?.close?.();
    await kubo?.[Symbol.asyncDispose]();
  });

  const stateOf = async ({ root }: TestDag) => (await home.status([root], { signal })).get(`${root}`)?.state;

  it('keeps what it is given, under the name given, and gives it back', async () => {
    const dag = await makeDag(3_000_000, 10, 20);
    expect(await stateOf(dag)).toBe('absent');
    const sent: number[] = [];
    const onProgress: PushOptions['onProgress'] = ({ bytes }) => void sent.push(bytes ?? 0);
    const kept = { cid: `${dag.root}`, state: 'pinned', name: 'a paper' };
    expect(await home.push(dag.root, { ...pushing(dag), onProgress })).toEqual(kept);
    expect(sent.at(-1)).toBeGreaterThan(3_000_000);
    expect(await home.status([dag.root], { signal })).toEqual(new Map([[`${dag.root}`, kept]]));
    expect(await Array.fromAsync(home.list({ signal }))).toContainEqual(kept);
    expect(await kubo.ipfs('pin', 'ls', '--names', '--type=recursive', `${dag.root}`)).toContain('a paper');
    expect(await readBack(home, dag)).toEqual(dag.blocks.map(({ bytes }) => Buffer.from(bytes)));
    expect((await wholeOf(home, dag)).length).toBe(dag.blocks.length);
  });

  it('is given nothing a second time', async () => {
    const dag = await makeDag(1000);
    await home.push(dag.root, pushing(dag));
    expect(await home.push(dag.root, pushing(dag, never))).toMatchObject({ state: 'pinned' });
  });

  it('keeps the name that a pin has, and names one that has none', async () => {
    const [named, nameless] = [await makeDag(10), await makeDag(20)];
    await home.push(named.root, { ...pushing(named), name: 'of another day' });
    expect(await home.push(named.root, pushing(named))).toMatchObject({ name: 'of another day' });
    await kubo.run(['dag', 'import'], Buffer.concat(await Array.fromAsync(nameless.car())));
    expect(await home.push(nameless.root, pushing(nameless, never))).toMatchObject({ name: 'a paper' });
  });

  it('lets go, of what has the name given alone, and of nothing twice', async () => {
    const dag = await makeDag(10);
    await home.push(dag.root, pushing(dag));
    await home.release(dag.root, { name: 'of somebody else', signal });
    expect(await stateOf(dag)).toBe('pinned');
    await home.release(dag.root, { name: 'a paper', signal });
    expect(await stateOf(dag)).toBe('absent');
    await home.release(dag.root, { signal });
  });

  it('completes from what it has, and is given all where it has less', async () => {
    const dag = await makeDag(100_000, 10);
    const [root = never(), ...rest] = [...dag.blocks].reverse();
    const asked: number[] = [];
    const car: PushOptions['car'] = (less = []) => {
      asked.push(less.length);
      return less.length > 0 ? dag.carOf(() => [root]) : dag.car();
    };
    expect(await home.push(dag.root, { ...pushing(dag, car), have: [dag.root] })).toMatchObject(PINNED);
    expect(asked).toEqual([1, 0]);
    await home.release(dag.root, { signal });
    await kubo.ipfs('block', 'rm', `${root.cid}`);
    expect(rest.length).toBeGreaterThan(1);
    expect(await home.push(dag.root, { ...pushing(dag, car), have: [dag.root] })).toMatchObject(PINNED);
    expect(asked).toEqual([1, 0, 1]);
  });

  it('gets blocks again that it lost behind its pin', async () => {
    const dag = await makeDag(7777, 10);
    await home.push(dag.root, pushing(dag));
    loseBlock(kubo, 7777);
    expect(await stateOf(dag)).toBe('pinned');
    expect((await readBack(home, dag)).filter((bytes) => bytes === undefined)).toHaveLength(1);
    expect(await home.push(dag.root, pushing(dag))).toMatchObject(PINNED);
    expect(await readBack(home, dag)).not.toContain(undefined);
  });

  it.each([
    ['a CAR without one of its blocks', (blocks: Block[]) => blocks.slice(0, -1), /not found/],
    ['a CAR with an altered block', (blocks: Block[]) => blocks.map(altered), /mismatch/],
  ])('refuses %s, and says why', async (_, change, why) => {
    const dag = await makeDag(10, 20, 30);
    const impatient = await open(kubo, { pin: 500 });
    const kept = await impatient.push(
      dag.root,
      pushing(dag, () => dag.carOf(change)),
    );
    expect(kept).toMatchObject({ state: 'failed', detail: expect.stringMatching(why) });
    expect(await stateOf(dag)).toBe('absent');
    await impatient.close?.();
  });

  it('says what was wrong with the CAR on our side, and keeps nothing of it', async () => {
    const dag = await makeDag(3_000_000);
    const broken = pushing(dag, async function* () {
      for await (const chunk of dag.car()) {
        yield chunk;
        throw new Error('our disk');
      }
    });
    await expect(home.push(dag.root, broken)).rejects.toThrow('our disk');
    expect(await stateOf(dag)).toBe('absent');
  });

  it.each([['another-token'], [null]])('refuses the token %s', async (token) => {
    const stranger = await open(kubo, {}, token);
    const dag = await makeDag(10);
    const refused = { code: 'key', message: expect.not.stringContaining(`${token}`) };
    await expect(stranger.push(dag.root, pushing(dag, never))).rejects.toMatchObject(refused);
    await expect(stranger.status([dag.root], { signal })).rejects.toMatchObject(refused);
    await stranger.close?.();
  });

  it('is killed in the middle, is not taken for empty, and is finished by a rerun', async () => {
    const dag = await makeDag(5_000_000, 10);
    const dying = pushing(
      dag,
      interrupted(dag, () => kubo.stop()),
    );
    await expect(home.push(dag.root, dying)).rejects.toMatchObject({ code: 'io' });
    await expect(home.status([dag.root], { signal })).rejects.toMatchObject({ code: 'io' });
    await kubo.start();
    expect(await stateOf(dag)).toBe('absent');
    expect(await home.push(dag.root, pushing(dag))).toMatchObject(PINNED);
    expect((await readBack(home, dag)).length).toBe(dag.blocks.length);
  });
});

describe.skipIf(noKubo)('ovn and a Kubo that keeps what it publishes', () => {
  it('pushes, reads back, and lets go of what was replaced', async () => {
    await using kubo = await startKubo(KUBO);
    await using paper = await makeRepository({ articles: { 'one.md': article('One') } });
    const ovn = async (args: string[], token = TOKEN) => {
      const { code, stdout, stderr } = await paper.run(args, { env: { KUBO_TOKEN: token } });
      expect(stdout + stderr).not.toContain(token);
      return { code, stderr, ...JSON.parse(stdout) };
    };
    const { edition: first } = await ovn(['publish', '--json']);
    await ovn(['remote', 'add', 'theirs', 'kubo', kubo.api, '--token-env', 'KUBO_TOKEN', '--json']);
    const refused = await ovn(['push', '--json'], 'another-token-0123456789');
    expect(refused).toMatchObject({ code: 3, homes: [{ problem: { code: 'key' } }] });
    const readBack = { via: 'theirs' };
    const held = { cid: first, state: 'pinned', held: true, readBack };
    expect(await ovn(['push', '--json'])).toMatchObject({ code: 0, homes: [{ wanted: [held] }] });

    writeFileSync(join(paper.dir, 'articles', 'two.md'), article('Two'));
    const { code, edition } = await ovn(['publish', '--push', '--json']);
    expect({ code, edition }).toEqual({ code: 0, edition: expect.not.stringContaining(first) });
    expect(await ovn(['remote', 'status', '--json'])).toMatchObject({
      code: 0,
      homes: [{ wanted: [{ cid: edition, held: true, readBack }], others: [] }],
    });
    const pins = await kubo.ipfs('pin', 'ls', '--type=recursive', '--names');
    expect(pins).toContain(`${edition} recursive`);
    expect(pins).not.toContain(first);
  });
});

const article = (title: string): string =>
  `---\ntitle: ${title}\ndate: 2025-07-07\nauthor: A. Person\ncategories: Science\n---\nText of ${title}.\n`;

const PINNED = { state: 'pinned', name: 'a paper' };

function open(kubo: Kubo, limits: Partial<HomeLimits> = {}, token: string | null = TOKEN) {
  const config = { name: 'theirs', kind: 'kubo' as const, url: kubo.api };
  return openHome(config, token === null ? {} : { token }, { ...HOME_LIMITS, ...limits });
}

function pushing(dag: TestDag, car: PushOptions['car'] = dag.car): PushOptions {
  return { name: 'a paper', car, have: [], origins: [], signal };
}

function never(): never {
  throw new Error('it is asked for');
}

function altered(block: Block, at: number): Block {
  return at === 2 ? { ...block, bytes: Buffer.from(block.bytes).fill(1) } : block;
}

/** As a broken disk would: the block of so many bytes is gone. */
function loseBlock({ repository }: Kubo, size: number): void {
  const files = readdirSync(join(repository, 'blocks'), { recursive: true, encoding: 'utf8' });
  const lost = files
    .map((name) => join(repository, 'blocks', name))
    .find((path) => statSync(path).size === size);
  rmSync(lost ?? never());
}

/** Block by block. */
async function readBack({ reader }: Home, { blocks }: TestDag): Promise<(Uint8Array | undefined)[]> {
  return Promise.all(blocks.map(({ cid }) => reader?.block(cid, { signal })));
}

async function wholeOf({ reader }: Home, { root }: TestDag): Promise<Block[]> {
  return Array.fromAsync(reader?.dag?.(root, [], { signal, scope: 'all' }) ?? []);
}
