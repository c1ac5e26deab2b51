import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { multiaddr } from '@multiformats/multiaddr';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { MemoryDatastore } from 'datastore-core/memory';
import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNetworkNode } from '../../src/node/network/network-node.ts';
import type { NetworkNode } from '../../src/node/network/network-options.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { image } from '../helpers/images.ts';
import { makeRepository, type RunningProgram, type TestRepository } from '../helpers/program.ts';
import { cidAt, openIn, publishIn, sourceOf } from './support.ts';

interface Serving {
  program: RunningProgram;
  http: string;
  metrics: string;
  node: NetworkNode;
  /** What the peer holds. */
  blockstore: MemoryBlockstore;
}

/** `ovn serve` with a peer of this process connected to it. */
async function serveWithPeer(repository: TestRepository, ...args: string[]): Promise<Serving> {
  const program = repository.start(['serve', '--json', '--http', '127.0.0.1:0', ...args]);
  const { http, metrics, multiaddrs } = JSON.parse(await program.readLine());
  const blockstore = new MemoryBlockstore();
  const datastore = new MemoryDatastore();
  const node = await openNetworkNode(
    { blockstore, datastore },
    {
      listen: [],
      bootstrap: [],
      public: false,
      quic: false,
      dht: false,
    },
  );
  await node.dial(multiaddr(multiaddrs[0]), { signal: AbortSignal.timeout(5000) });
  return { program, http, metrics, node, blockstore };
}

/** By which ways a block is given. A peer that answers nothing has not got it. */
async function waysTo(
  cid: CID,
  { http, node, blockstore }: Serving,
  { patience = 1000 } = {},
): Promise<string[]> {
  const over = async (name: string, path: string): Promise<string[]> => {
    const response = await fetch(`${http}${path}`, { redirect: 'manual' });
    const body = await response.bytes().catch(() => undefined);
    return response.status < 400 && body !== undefined ? [name] : [];
  };
  const raw = CID.createV1(0x55, cid.multihash);
  const bitswap = async (): Promise<string[]> => {
    blockstore.delete(cid);
    const signal = AbortSignal.timeout(patience);
    const pieces = Array.fromAsync(node.helia.blockstore.get(cid, { signal }));
    return pieces.then(() => ['bitswap']).catch(() => []);
  };
  const ways = [
    over('path', `/ipfs/${cid}`),
    over('path', `/ipfs/${cid}/`),
    over('raw', `/ipfs/${cid}?format=raw`),
    over('raw', `/ipfs/${raw}?format=raw`),
    over('car', `/ipfs/${cid}?format=car`),
    over('car', `/ipfs/${raw}?format=car`),
    bitswap(),
  ];
  return [...new Set((await Promise.all(ways)).flat())].sort();
}

/** A busy machine takes its time. */
const PATIENT = { patience: 15_000 };
/** Bitswap gives nobody the same block twice within five seconds. */
const OVER_HTTP = expect.arrayContaining(['car', 'path', 'raw']);
const ALL = ['bitswap', 'car', 'path', 'raw'];

/** Comes back when it holds; throws what is expected of it after a while. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await sleep(50);
  }
}

describe('a known CID', () => {
  let repository: TestRepository;
  let serving: Serving;
  let denied: CID;
  let deny: string;

  beforeAll(async () => {
    repository = await makeRepository({
      articles: {
        'open.md': sourceOf({ title: 'Open' }),
        'secret.md': sourceOf({ title: 'Secret', body: 'The secret text.\n\n![Own](own.png)\n' }),
        'banned.md': sourceOf({ title: 'Banned', body: 'The banned text.\n' }),
      },
    });
    writeFileSync(join(repository.dir, 'articles/own.png'), image('graphic.png'));
    const { articles, edition } = await publishIn(repository.dir);
    denied = CID.parse(articles.find(({ id }) => id.endsWith('banned'))?.cid ?? '');
    deny = join(repository.dir, 'list.deny');
    writeFileSync(deny, `# a list\n/ipfs/${denied}\n`);
    expect(edition).toMatch(/^bafy/);
    serving = await serveWithPeer(repository, '--deny', deny);
  });
  afterAll(async () => {
    await serving?.node.stop();
    await serving?.program[Symbol.asyncDispose]();
    await repository?.[Symbol.asyncDispose]();
  });

  it('that is published is given over every way', async () => {
    const bundle = await cidAt(repository.dir, `${await head()}/articles/2025/07/07/open`);
    expect(await waysTo(bundle, serving, PATIENT)).toEqual(ALL);
  });

  it('that is denied is given over none, nor what only it holds', async () => {
    expect(await waysTo(denied, serving)).toEqual([]);
    expect(await waysTo(await cidAt(repository.dir, `${denied}/index.html`), serving)).toEqual([]);
    const page = await fetch(`${serving.http}/articles/2025/07/07/banned/`);
    expect([410, 451]).toContain(page.status);
    expect((await fetch(`${serving.http}/articles/2025/07/07/open/`)).status).toBe(200);
  });

  it("that is denied is not given as the site's own page either", async () => {
    const site = `${await head()}/articles/2025/07/07`;
    const page = await cidAt(repository.dir, `${site}/banned.html`);
    expect(await waysTo(page, serving)).toEqual([]);
    for (const path of [`/articles/2025/07/07/banned.html`, `/ipfs/${site}/banned.html`, `/ipfs/${page}`]) {
      const answer = await fetch(`${serving.http}${path}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 451 });
      expect(await answer.text()).not.toContain('The banned text');
    }
    const car = await fetch(`${serving.http}/ipfs/${site}?format=car`);
    expect(Buffer.from(await car.arrayBuffer().catch(() => new ArrayBuffer())).toString()).not.toContain(
      'The banned text',
    );
    expect((await fetch(`${serving.http}/articles/2025/07/07/open.html`)).status).toBe(200);
  });

  it('that was never published is given over none', async () => {
    const bytes = Buffer.from('a draft that came into the store by some way');
    const cid = rawCid(bytes);
    {
      await using open = await openIn(repository.dir);
      open.repository.blockstore.put(cid, bytes);
    }
    expect(await waysTo(cid, serving)).toEqual([]);
  });

  it('that is pinned is given, and no more after it was unpinned', async () => {
    const bytes = Buffer.from('something of somebody else');
    const cid = rawCid(bytes);
    {
      await using open = await openIn(repository.dir);
      open.repository.blockstore.put(cid, bytes);
    }
    expect((await repository.run(['pin', 'add', `${cid}`])).code).toBe(0);
    expect(await waysTo(cid, serving, PATIENT)).toEqual(ALL);
    expect((await repository.run(['pin', 'rm', `${cid}`])).code).toBe(0);
    await eventually(async () => expect(await waysTo(cid, serving)).toEqual([]));
  });

  it('that is withheld is given over none from that moment on', async () => {
    const bundle = await cidAt(repository.dir, `${await head()}/articles/2025/07/07/secret`);
    const [media] = await mediaOf(bundle);
    const text = await cidAt(repository.dir, `${bundle}/article.json`);
    expect(await waysTo(text, serving, PATIENT)).toEqual(ALL);
    expect(await waysTo(media, serving, PATIENT)).toEqual(ALL);
    const { code, stderr } = await repository.run(['retract', 'secret', '--text', 'No.', '--withhold']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    await publishIn(repository.dir);
    expect(await waysTo(bundle, serving)).toEqual([]);
    expect(await waysTo(text, serving)).toEqual([]);
    expect(await waysTo(media, serving)).toEqual([]);
    const response = await fetch(`${serving.http}/ipfs/${bundle}/article.json`);
    expect([410, 451]).toContain(response.status);
    expect(await response.text()).toContain('withheld');
  });

  it('is denied within a second after the list says so, and given again when it does not', async () => {
    const bundle = await cidAt(repository.dir, `${await head()}/articles/2025/07/07/open`);
    writeFileSync(deny, `# a list\n/ipfs/${denied}\n/ipfs/${bundle}/*\n`);
    await eventually(async () => expect(await waysTo(bundle, serving)).toEqual([]));
    writeFileSync(deny, '# empty\n');
    await eventually(async () => expect(await waysTo(bundle, serving)).toEqual(OVER_HTTP));
    await eventually(async () => expect(await waysTo(denied, serving)).toEqual(OVER_HTTP));
  });

  it('goes on to be denied while its list cannot be understood', async () => {
    writeFileSync(deny, `/ipfs/${denied}\n`);
    await eventually(async () => expect(await waysTo(denied, serving)).toEqual([]));
    writeFileSync(deny, 'nonsense\n');
    await sleep(1200);
    expect(await waysTo(denied, serving)).toEqual([]);
    const numbers = await (await fetch(`${serving.metrics}/metrics`)).text();
    expect(numbers).toMatch(/^ovn_upkeep_failures_total\{part="deny"\} [1-9]/m);
    expect(numbers).toMatch(/^ovn_refused_total\{way="bitswap",reason="denied"\} [1-9]/m);
  });

  async function head(): Promise<string> {
    await using open = await openIn(repository.dir);
    return open.repository.head()?.edition ?? '';
  }

  async function mediaOf(bundle: CID): Promise<[CID]> {
    const json = await fetch(`${serving.http}/ipfs/${bundle}/article.json`);
    const { files } = (await json.json()) as { files: { path: string; cid: string }[] };
    const file = files.find(({ path }) => path.startsWith('media/'));
    return [CID.parse(file?.cid ?? '', base32)];
  }
});
