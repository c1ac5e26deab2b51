import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Kubo, type KuboAndPaper, noKubo, startKuboAndPaper } from '../helpers/kubo.ts';
import { makeRepository, type RunningProgram, type TestRepository } from '../helpers/program.ts';

/** What `ovn serve --json` says when it listens. */
interface Listening {
  peerId: string;
  multiaddrs: string[];
  ipns: string;
  edition: string;
}

describe.skipIf(noKubo)('Kubo and ovn serve', () => {
  let both: KuboAndPaper;
  let kubo: Kubo;
  let paper: TestRepository;
  let ovn: KuboAndPaper['ovn'];
  let server: RunningProgram;
  let listening: Listening;

  beforeAll(async () => {
    both = await startKuboAndPaper({ routing: 'dht', articles: 'samples' });
    ({ kubo, paper, ovn } = both);
    await ovn('publish');
    await ovn('name', 'publish');
    server = paper.start(['serve', '--json', '--http', '127.0.0.1:0']);
    listening = JSON.parse(await server.readLine());
    await kubo.ipfs('swarm', 'connect', listening.multiaddrs[0]!);
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await both?.[Symbol.asyncDispose]();
  });

  it('pins a category and the edition from it', async () => {
    const { cid } = JSON.parse(await ovn('export', 'technology', '-o', 'category.car', '--json'));
    await kubo.ipfs('pin', 'add', '--progress=false', cid);
    const { stdout } = await kubo.run(['dag', 'export', '--offline', '--progress=false', cid]);
    expect(stdout.equals(readFileSync(join(paper.dir, 'category.car')))).toBe(true);
    expect(await kubo.ipfs('pin', 'add', '--progress=false', listening.edition)).toContain('pinned');
  });

  it('finds it as who provides the edition, and resolves its name', async () => {
    await vi.waitFor(
      async () =>
        expect(await kubo.ipfs('routing', 'findprovs', listening.edition)).toContain(listening.peerId),
      { timeout: 20_000 },
    );
    expect(await kubo.ipfs('name', 'resolve', '--nocache', `/ipns/${listening.ipns}`)).toBe(
      `/ipfs/${listening.edition}`,
    );
  });

  it.each(['--peer', '--gateway'])('gives to ovn get %s what it holds', async (option) => {
    const { cid } = JSON.parse(await ovn('export', 'technology', '-o', 'given.car', '--json'));
    await kubo.run(['dag', 'import'], readFileSync(join(paper.dir, 'given.car')));
    await using reader = await makeRepository();
    const from = option === '--peer' ? kubo.address : kubo.gateway;
    const args = ['get', cid, option, from, '--format', 'car', '-o', 'got.car'];
    expect(await reader.run(args)).toMatchObject({ code: 0 });
    expect(readFileSync(join(reader.dir, 'got.car')).equals(readFileSync(join(paper.dir, 'given.car')))).toBe(
      true,
    );
  });
});
