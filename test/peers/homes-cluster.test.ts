import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HOME_LIMITS,
  type Home,
  type HomeConfig,
  type Kept,
  type PushOptions,
} from '../../src/node/homes/home.ts';
import { openHome } from '../../src/node/homes/open-home.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { type Cluster, noCluster, startCluster } from '../helpers/cluster.ts';
import { interrupted, makeDag, type TestDag } from '../helpers/dags.ts';
import { type Kubo, startKubo } from '../helpers/kubo.ts';
import { type Namespace, openNamespace } from '../helpers/namespace.ts';
import { makeRepository, type TestRepository } from '../helpers/program.ts';
import { findPort } from './servers.ts';

const { signal } = new AbortController();
const LIMITS = { ...HOME_LIMITS, poll: 50, maxPoll: 200, pause: 50 };

describe.skipIf(noCluster)('IPFS Cluster as a home', () => {
  let inside: Namespace;
  let kubo: Kubo;
  let cluster: Cluster;
  /** One with blocks of its own, outside. */
  let origin: Kubo;
  let home: Home;

  beforeAll(async () => {
    inside = await openNamespace();
    kubo = await startKubo({ inside });
    [cluster, origin] = await Promise.all([startCluster(inside, kubo), startKubo()]);
    await inside.lead('out', Number(origin.address.split('/')[4]));
    home = await open();
  });

  afterAll(async () => {
    await home?.close?.();
    await cluster?.[Symbol.asyncDispose]();
    await origin?.[Symbol.asyncDispose]();
    await kubo?.[Symbol.asyncDispose]();
    await inside?.[Symbol.asyncDispose]();
  });

  function open(config: Partial<HomeConfig> = {}, token: string | null = cluster.token): Promise<Home> {
    const whole: HomeConfig = { name: 'theirs', kind: 'cluster', url: cluster.rest, ...config };
    return openHome(whole, token === null ? {} : { token }, LIMITS);
  }

  const look = async ({ root }: TestDag, at = home): Promise<Kept | undefined> =>
    (await at.status([root], { signal })).get(`${root}`);

  it('keeps what it is given as a CAR, and lets go of it', async () => {
    const dag = await makeDag(3_000_000, 10);
    expect(await look(dag)).toEqual({ cid: `${dag.root}`, state: 'absent' });
    const kept = { cid: `${dag.root}`, state: 'pinned', name: 'a paper', copies: { want: 1, have: 1 } };
    expect(await home.push(dag.root, pushing(dag))).toEqual(kept);
    expect(await Array.fromAsync(home.list({ signal }))).toEqual([kept]);
    expect(await kubo.ipfs('pin', 'ls', '--type=recursive', `${dag.root}`)).toContain(`${dag.root}`);
    await home.release(dag.root, { name: 'of somebody else', signal });
    expect(await look(dag)).toEqual(kept);
    await home.release(dag.root, { name: 'a paper', signal });
    await home.release(dag.root, { signal });
    expect(await look(dag)).toMatchObject({ state: 'absent' });
    expect(await Array.fromAsync(home.list({ signal }))).toEqual([]);
  });

  it('completes from what it has, under the name that it has', async () => {
    const dag = await makeDag(10, 20);
    await home.push(dag.root, { ...pushing(dag), name: 'of another day' });
    expect(await home.push(dag.root, pushing(dag))).toMatchObject({ name: 'of another day' });
    await home.release(dag.root, { signal });
    const asked: number[] = [];
    const car: PushOptions['car'] = (less = []) => {
      asked.push(less.length);
      return dag.carOf(([root = never()]) => [root]);
    };
    const kept = await home.push(dag.root, { ...pushing(dag, car), have: [dag.root] });
    expect(kept).toMatchObject({ state: 'pinned', name: 'a paper' });
    expect(asked).toEqual([1]);
    await home.release(dag.root, { signal });
  });

  it('keeps as many copies as it can, and says how many that are', async () => {
    const three = await open({ copies: 3 });
    const dag = await makeDag(10);
    const short = {
      state: 'pinned',
      copies: { want: 3, have: 1 },
      detail: expect.stringContaining('not enough peers'),
    };
    expect(await three.push(dag.root, pushing(dag))).toMatchObject(short);
    expect(await three.push(dag.root, pushing(dag, never))).toMatchObject(short);
    expect(await look(dag, three)).toMatchObject({ copies: { want: 3, have: 1 } });
    await three.close?.();
  });

  it('takes a token of its own, and refuses others', async () => {
    const dag = await makeDag(10);
    const friend = await open({}, await cluster.bearer());
    expect(await look(dag, friend)).toMatchObject({ state: 'absent' });
    await friend.close?.();
    for (const token of ['another-token', 'basic:newsroom:another-password', null]) {
      const stranger = await open({}, token);
      const refused = { code: 'key', message: expect.not.stringContaining('another') };
      await expect(stranger.push(dag.root, pushing(dag, never))).rejects.toMatchObject(refused);
      await stranger.close?.();
    }
  });

  it('pins by its pinning API what it fetches from an origin, and replaces it without losing it', async () => {
    const ours = await open({ kind: 'pinning-service', url: cluster.pinning });
    const [one, two] = [await makeDag(10_000), await makeDag(20_000)];
    for (const { car } of [one, two]) await origin.run(['dag', 'import'], await bytesOf(car()));
    const asking = { ...pushing(one, never), origins: [origin.address] };
    expect(await ours.push(one.root, asking)).toMatchObject({ state: 'pinned', name: 'a paper' });
    expect(await ours.push(two.root, { ...asking, name: 'the next one' })).toMatchObject({ state: 'pinned' });
    expect((await look(one, ours))?.state).toBe('pinned');
    const listed = (await Array.fromAsync(ours.list({ signal }))).map(({ cid }) => cid);
    expect(listed).toEqual(expect.arrayContaining([`${one.root}`, `${two.root}`]));
    await ours.release(one.root, { name: 'a paper', signal });
    expect((await look(one, ours))?.state).toBe('absent');
    expect((await look(two, ours))?.state).toBe('pinned');
    expect(await look(two)).toMatchObject({ state: 'pinned', name: 'the next one' });
    await ours.close?.();
  });

  it('says why it does not keep a DAG, by both of its APIs, and keeps it once it is given all', async () => {
    const ours = await open({ kind: 'pinning-service', url: cluster.pinning });
    const [dag, lost] = [await makeDag(10, 20, 30), await makeDag(10)];
    const flipped = (block: Block, at: number): Block =>
      at === 2 ? { ...block, bytes: Buffer.of(1) } : block;
    const altered = pushing(dag, () => dag.carOf((blocks) => blocks.map(flipped)));
    expect(await home.push(dag.root, altered)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/mismatch|integrity|hash/),
    });
    const part = pushing(dag, () => dag.carOf((blocks) => blocks.slice(0, -1)));
    const [partly, nothing] = await Promise.all([
      home.push(dag.root, part),
      ours.push(lost.root, pushing(lost, never)),
    ]);
    const detail = expect.stringMatching(/canceled|timeout/);
    expect(partly).toMatchObject({ state: 'failed', detail, copies: { want: 1, have: 0 } });
    expect(nothing).toMatchObject({ state: 'failed' });
    expect(await look(lost)).toMatchObject({ state: 'failed', detail });
    expect(await home.push(dag.root, pushing(dag))).toMatchObject({ state: 'pinned' });
    await ours.close?.();
  });

  it('is not taken for empty while its Kubo is down, and finishes afterwards', async () => {
    const [kept, dag] = [await makeDag(10), await makeDag(5_000_000)];
    await home.push(kept.root, pushing(kept));
    const dying = pushing(
      dag,
      interrupted(dag, () => kubo.stop()),
    );
    expect(await home.push(dag.root, dying)).toMatchObject({ state: 'failed' });
    expect(await look(kept)).toMatchObject({ state: 'unknown', detail: expect.stringContaining('refused') });
    const listed = await Array.fromAsync(home.list({ signal }));
    expect(listed).toContainEqual(await look(kept));
    const pinning = await open({ kind: 'pinning-service', url: cluster.pinning });
    expect(await look(kept, pinning)).toMatchObject({ state: expect.stringMatching(/unknown|failed/) });
    await expect(Array.fromAsync(pinning.list({ signal }))).rejects.toMatchObject({ code: 'incomplete' });
    expect(await look(await makeDag(10), pinning)).toMatchObject({ state: 'unknown' });
    await pinning.close?.();
    await kubo.start();
    expect(await look(kept)).toMatchObject({ state: 'pinned' });
    expect(await home.push(dag.root, pushing(dag))).toMatchObject({ state: 'pinned' });
  });

  it('takes over all that a Kubo holds of ours, also what that one alone has, and fetches what is new', async () => {
    await using paper = await makeRepository({ articles: { 'one.md': article('One') } });
    const ovn = async (...args: string[]) => {
      const { code, stdout } = await paper.run([...args, '--json'], { env: { CLUSTER: cluster.token } });
      return { code, ...JSON.parse(stdout) };
    };
    await ovn('remote', 'add', 'near', 'kubo', origin.api);
    const { code, edition: first } = await ovn('publish', '--push');
    expect(code).toBe(0);
    writeFileSync(join(paper.dir, 'articles', 'two.md'), article('Two'));
    const { edition } = await ovn('publish');
    forget(paper, first);
    const readAt = ['--read-at', kubo.gateway, '--token-env', 'CLUSTER'];
    await ovn('remote', 'add', 'far', 'cluster', cluster.rest, ...readAt);
    const readBack = { via: kubo.gateway };
    const at = { held: true, copies: { want: 1, have: 1 }, readBack };
    expect(await ovn('remote', 'evacuate', 'near', 'far')).toMatchObject({
      code: 0,
      done: true,
      moved: [{ cid: first, released: true, at }],
    });
    expect(await origin.ipfs('pin', 'ls', '--type=recursive')).not.toContain(first);
    const { ok, stdout } = await kubo.run(['cat', '--offline', `/ipfs/${first}/index.html`]);
    expect(ok && stdout.toString()).toContain('One');

    const port = await findPort();
    await inside.lead('out', port);
    await ovn('remote', 'add', 'fetching', 'pinning-service', cluster.pinning, ...readAt);
    expect(await ovn('push', 'fetching', '--listen', `/ip4/127.0.0.1/tcp/${port}`)).toMatchObject({
      code: 0,
      homes: [{ wanted: [{ cid: edition, held: true, readBack }] }],
    });
  });

  it('is killed in the middle, and is finished by a rerun', async () => {
    const dag = await makeDag(5_000_000);
    const dying = pushing(
      dag,
      interrupted(dag, () => cluster.stop()),
    );
    await expect(home.push(dag.root, dying)).rejects.toMatchObject({ code: 'io' });
    await expect(look(dag)).rejects.toMatchObject({ code: 'io' });
    await cluster.start();
    expect(await look(dag)).toMatchObject({ state: 'absent' });
    expect(await home.push(dag.root, pushing(dag))).toMatchObject({ state: 'pinned' });
  });
});

const article = (title: string): string =>
  `---\ntitle: ${title}\ndate: 2025-07-07\nauthor: A. Person\ncategories: Science\n---\nText of ${title}.\n`;

/** As if the disk had lost a block. */
function forget({ dir }: TestRepository, cid: string): void {
  using database = new DatabaseSync(join(dir, '.ovn', 'ovn.db'));
  database.prepare('DELETE FROM blocks WHERE multihash = ?').run(CID.parse(cid).multihash.bytes);
}

function pushing(dag: TestDag, car: PushOptions['car'] = dag.car): PushOptions {
  return { name: 'a paper', car, have: [], origins: [], signal };
}

/** Without a copy in between: blocks come one by one. */
const bytesOf = async (car: AsyncIterable<Uint8Array>): Promise<Uint8Array> =>
  Buffer.concat(await Array.fromAsync(car));

function never(): never {
  throw new Error('it is asked for');
}
