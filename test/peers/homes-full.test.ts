import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OvnError } from '../../src/errors.ts';
import { HOME_LIMITS, type HomeConfig, type Kept } from '../../src/node/homes/home.ts';
import { openHome } from '../../src/node/homes/open-home.ts';
import { noCluster, startCluster } from '../helpers/cluster.ts';
import { makeDag } from '../helpers/dags.ts';
import { type Kubo, startKubo } from '../helpers/kubo.ts';
import { type Namespace, openNamespace } from '../helpers/namespace.ts';

const ROOM = 16 * 1024 * 1024;
const { signal } = new AbortController();

describe.skipIf(noCluster)('a home whose disk is full', () => {
  let inside: Namespace;
  let kubo: Kubo;

  beforeAll(async () => {
    inside = await openNamespace();
    kubo = await startKubo({ inside, room: ROOM });
  });

  afterAll(async () => {
    await kubo?.[Symbol.asyncDispose]();
    await inside?.[Symbol.asyncDispose]();
  });

  /** What it says of a DAG that it has no room for: at once, and afterwards. */
  async function overfill(
    config: Pick<HomeConfig, 'kind' | 'url'>,
    token?: string,
  ): Promise<[Kept | OvnError, Kept]> {
    const limits = { ...HOME_LIMITS, stall: 3000, pin: 10_000, poll: 100, maxPoll: 200 };
    const home = await openHome({ name: 'full', ...config }, token === undefined ? {} : { token }, limits);
    const dag = await makeDag(ROOM);
    const options = { name: 'a paper', car: dag.car, have: [], origins: [], signal };
    const said = await home.push(dag.root, options).catch((error: OvnError) => error);
    const [after] = (await home.status([dag.root], { signal })).values();
    await home.close?.();
    if (after === undefined) throw new Error('no answer');
    return [said, after];
  }

  // A Cluster takes all, and then fails to pin it, or does not answer at all. It gives up before we stop asking.
  it('is never said to hold what a Cluster on it took', async () => {
    await using cluster = await startCluster(inside, kubo, { pin: 2, request: 5 });
    const [said, after] = await overfill({ kind: 'cluster', url: cluster.rest }, cluster.token);
    expect(said instanceof OvnError ? said.code : said.state).toMatch(/^(io|failed)$/);
    expect(after.state).toMatch(/^(failed|absent)$/);
  });

  it('says so, of a Kubo', async () => {
    const [said, after] = await overfill({ kind: 'kubo', url: kubo.api });
    expect(said).toMatchObject({ state: 'failed', detail: expect.stringContaining('no space left') });
    expect(after.state).toBe('absent');
  });
});
