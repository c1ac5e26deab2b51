import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kubo, type KuboAndPaper, noKubo, startKuboAndPaper } from '../helpers/kubo.ts';
import { makeRepository, type ProgramResult, runOvn, type TestRepository } from '../helpers/program.ts';

interface Published {
  edition: string;
  articles: { id: string; cid: string }[];
}

describe.skipIf(noKubo)('fetching from Kubo', () => {
  let both: KuboAndPaper;
  let kubo: Kubo;
  let paper: TestRepository;
  let published: Published;

  beforeAll(async () => {
    both = await startKuboAndPaper({ routing: 'dht', articles: 'samples' });
    ({ kubo, paper } = both);
    published = JSON.parse(await both.ovn('publish', '--json')) as Published;
    await both.ovn('export', '-o', 'edition.car');
    await kubo.ipfs('dag', 'import', join(paper.dir, 'edition.car'));
  });

  afterAll(() => both?.[Symbol.asyncDispose]());

  /** Runs `ovn` where no repository is. */
  function outside(...args: string[]): Promise<ProgramResult> {
    return runOvn(args, { cwd: kubo.folder });
  }

  it.each([
    ['its gateway', () => ['--gateway', kubo.gateway]],
    ['it as a peer', () => ['--peer', kubo.address]],
    ['both at once', () => ['--gateway', kubo.gateway, '--peer', kubo.address]],
  ])('an article and an edition from %s', async (_, from) => {
    const { cid = '', id = '' } = published.articles[0] ?? {};
    const article = await outside('get', cid, ...from());
    expect(article.code).toBe(0);
    expect(article.stdout).toBe((await paper.run(['get', id])).stdout);
    const edition = await outside('verify', published.edition, ...from(), '--json');
    expect(JSON.parse(edition.stdout)).toMatchObject({ ok: true });
  });

  it('an edition into a repository, byte for byte', async () => {
    await using reader = await makeRepository();
    const { code } = await reader.run(['import', published.edition, '--peer', kubo.address]);
    expect(code).toBe(0);
    const { stdout } = await reader.run([
      'get',
      published.edition,
      '--format',
      'car',
      '-o',
      'back.car',
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ cid: published.edition });
    expect((await reader.run(['verify', 'back.car'])).code).toBe(
      (await paper.run(['verify', 'edition.car'])).code,
    );
  });

  it('and says what it does not have', async () => {
    const unknown = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    const { code, stderr } = await outside('get', unknown, '--peer', kubo.address, '--timeout', '20');
    expect(code).toBe(1);
    expect(stderr).toContain(`${kubo.address}: it does not have block ${unknown}`);
  });

  it('what it says by the DHT that it has', async () => {
    const path = join(kubo.folder, 'words.txt');
    writeFileSync(path, 'words\n');
    const cid = await kubo.ipfs('add', '-Q', '--pin=false', path);
    await using serving = paper.start(['serve', '--http', '127.0.0.1:0', '--json']);
    const { multiaddrs } = JSON.parse(await serving.readLine()) as { multiaddrs: string[] };
    const [entry = ''] = multiaddrs;
    await kubo.ipfs('swarm', 'connect', entry);
    await expect
      .poll(async () => (await kubo.run(['routing', 'provide', cid])).ok, { timeout: 30_000 })
      .toBe(true);
    const { code, stdout, stderr } = await outside('get', cid, '--peer', entry, '--dht');
    expect({ code, stdout, stderr: code === 0 ? '' : stderr }).toEqual({
      code: 0,
      stdout: 'words\n',
      stderr: '',
    });
  });
});
