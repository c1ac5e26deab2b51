import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShownName } from '../../src/workflows/naming/show-name.ts';
import { type Kubo, type KuboAndPaper, noKubo, startKuboAndPaper } from '../helpers/kubo.ts';
import type { TestRepository } from '../helpers/program.ts';

describe.skipIf(noKubo)('names and keys of Kubo', () => {
  let both: KuboAndPaper;
  let kubo: Kubo;
  let paper: TestRepository;
  let ovn: KuboAndPaper['ovn'];
  let name: string;
  let edition: string;

  beforeAll(async () => {
    const articles = { 'a.md': '---\ntitle: A\ndate: 2025-07-07\ncategories: [News]\n---\nText.\n' };
    both = await startKuboAndPaper({ routing: 'dht', articles });
    ({ kubo, paper, ovn } = both);
    edition = JSON.parse(await ovn('publish', '--json')).edition;
    name = JSON.parse(await ovn('name', 'publish', '--json')).names[0].name;
  });

  afterAll(() => both?.[Symbol.asyncDispose]());

  const file = (called: string) => join(paper.dir, called);
  const show = async (of: string): Promise<ShownName> => JSON.parse(await ovn('name', 'show', of, '--json'));

  it('verifies our record, keeps it and gives it back', async () => {
    await ovn('name', 'export', '-o', 'ours');
    const bytes = readFileSync(file('ours'));
    const inspected = await kubo.run(['name', 'inspect', '--enc=json', `--verify=${name}`], bytes);
    expect(JSON.parse(inspected.stdout.toString())).toMatchObject({
      Entry: { Value: `/ipfs/${edition}`, Sequence: 1, TTL: 300_000_000_000 },
      SignatureType: 'V2',
      Validation: { Valid: true, Name: name },
    });
    expect((await kubo.run(['name', 'put', '--allow-offline', name], bytes)).stderr).toBe('');
    expect((await kubo.run(['name', 'get', name])).stdout.equals(bytes)).toBe(true);
    expect(await kubo.ipfs('name', 'resolve', name)).toBe(`/ipfs/${edition}`);
  });

  it('signs with our key, and its record is taken for ours', async () => {
    await ovn('key', 'export', 'name', '--format', 'libp2p', '-o', 'ours.libp2p');
    await ovn('key', 'export', 'name', '-o', 'ours.pem');
    expect(await kubo.ipfs('key', 'import', 'one', file('ours.libp2p'))).toBe(name);
    const pem = ['key', 'import', 'two', '--format=pem-pkcs8-cleartext', file('ours.pem')];
    expect(await kubo.ipfs(...pem)).toBe(name);
    const publish = ['--allow-offline', '--resolve=false', '--key=one', '--sequence=7', `/ipfs/${edition}`];
    await kubo.ipfs('name', 'publish', ...publish);
    writeFileSync(file('theirs'), (await kubo.run(['name', 'get', name])).stdout);
    await ovn('name', 'import', 'theirs');
    expect((await show(name)).record).toMatchObject({ sequence: 7, edition: 1, value: `/ipfs/${edition}` });
    const { names } = JSON.parse(await ovn('name', 'publish', '--renew', '--json'));
    expect(names).toMatchObject([{ sequence: 8 }]);
  });

  it('exports keys that we take, and names that we read', async () => {
    const theirs = await kubo.ipfs('key', 'gen', 'theirs');
    await kubo.ipfs('key', 'export', 'theirs', '-o', file('theirs.libp2p'));
    await kubo.ipfs('key', 'export', 'theirs', '--format=pem-pkcs8-cleartext', '-o', file('theirs.pem'));
    for (const key of ['theirs.libp2p', 'theirs.pem']) chmodSync(file(key), 0o600);
    await ovn('key', 'import', 'name', 'theirs.libp2p');
    expect((await paper.run(['key', 'import', 'name', 'theirs.pem'])).stderr).toContain('has this name key');
    await kubo.ipfs(
      'name',
      'publish',
      '--allow-offline',
      '--resolve=false',
      '--key=theirs',
      `/ipfs/${edition}`,
    );
    writeFileSync(file(`${theirs}.ipns-record`), (await kubo.run(['name', 'get', theirs])).stdout);
    await ovn('name', 'import', `${theirs}.ipns-record`);
    expect((await show(theirs)).record).toMatchObject({ value: `/ipfs/${edition}` });
    expect(JSON.parse(await ovn('verify', `ipns://${theirs}`, '--json'))).toMatchObject({
      verdict: 'current',
    });
  });
});
