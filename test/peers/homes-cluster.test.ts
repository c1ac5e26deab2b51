import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HOME_LIMITS,
  type Home,
  type HomeConfig,
  type Kept,
  type PushOptions,
} from '../../src/node/homes/home.ts';
import { openHome } from '../../src/node/homes/open-home.ts';
import { type Cluster, noCluster, startCluster } from '../helpers/cluster.ts';
import { interrupted, makeDag, type TestDag } from '../helpers/dags.ts';
import { type Kubo, startKubo } from '../helpers/kubo.ts';
import { type Namespace, openNamespace } from '../helpers/namespace.ts';

const { signal } = new AbortController();
const LIMITS = { ...HOME_LIMITS, poll: 50, pause: 50 };

describe.skipIf(noCluster)('IPFS Cluster as a home', () => {
  let inside: Namespace;
  let kubo: Kubo;
  let cluster: Cluster;
  let home: Home;

  beforeAll(async () => {
    inside = await openNamespace();
    kubo = await startKubo({ inside });
    cluster = await startCluster(inside, kubo);
    home = await open();
  });

  afterAll(async () => {
    await home?.close?.();
    await cluster?.[Symbol.asyncDispose]();
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

  it('says why it does not keep a DAG, and keeps it once it is given all', async () => {
    const dag = await makeDag(10, 20, 30);
    const altered = pushing(dag, () =>
      dag.carOf((blocks) =>
        blocks.map((block, at) => (at === 2 ? { ...block, bytes: Buffer.of(1) } : block)),
      ),
    );
    expect(await home.push(dag.root, altered)).toMatchObject({ state: 'failed', detail: /./ });
    const part = pushing(dag, () => dag.carOf((blocks) => blocks.slice(0, -1)));
    const failed = await home.push(dag.root, part);
    expect(failed).toMatchObject({ state: 'failed', copies: { want: 1, have: 0 } });
    expect(await home.push(dag.root, pushing(dag))).toMatchObject({ state: 'pinned' });
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
    await kubo.start();
    expect(await look(kept)).toMatchObject({ state: 'pinned' });
    expect(await home.push(dag.root, pushing(dag))).toMatchObject({ state: 'pinned' });
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

function pushing(dag: TestDag, car: PushOptions['car'] = dag.car): PushOptions {
  return { name: 'a paper', car, have: [], origins: [], signal };
}

function never(): never {
  throw new Error('it is asked for');
}
