import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOfKeyObject } from '../../src/node/names/make-record.ts';
import { formatName } from '../../src/node/names/name.ts';
import { publicKeyOf } from '../../src/trust/did-key.ts';
import { type Kubo, type KuboAndPaper, noKubo, startKuboAndPaper } from '../helpers/kubo.ts';
import type { TestRepository } from '../helpers/program.ts';

describe.skipIf(noKubo)('Kubo', () => {
  let both: KuboAndPaper;
  let kubo: Kubo;
  let paper: TestRepository;
  let ovn: KuboAndPaper['ovn'];
  let edition: string;

  beforeAll(async () => {
    both = await startKuboAndPaper({ articles: 'samples' });
    ({ kubo, paper, ovn } = both);
    edition = JSON.parse(await ovn('publish', '--json')).edition;
  });

  afterAll(() => both?.[Symbol.asyncDispose]());

  /** The CID that Kubo gives a folder. */
  const add = (folder: string) => kubo.ipfs('add', '-r', '-Q', '--hidden', '--pin=false', folder);

  describe.each(['an article', 'a category', 'the edition'])('and %s', (what) => {
    let cid: string;
    let car: Buffer;

    beforeAll(async () => {
      cid = await cidOf(what);
      const name = what.replaceAll(' ', '-');
      await ovn('get', cid, '--format', 'dir', '-o', name);
      await ovn('export', cid, '-o', `${name}.car`);
      car = readFileSync(join(paper.dir, `${name}.car`));
    });

    it('gives its files our CID', async () => {
      expect(await add(join(paper.dir, what.replaceAll(' ', '-')))).toBe(cid);
    });

    it('takes our CAR, and writes the same one', async () => {
      const imported = await kubo.run(['dag', 'import', '--pin-roots=true', '--stats'], car);
      expect(`${imported.stdout}${imported.stderr}`).toMatch(new RegExp(`^Pinned root\\t${cid}\\tsuccess`));
      const { ok, stdout } = await kubo.run(['dag', 'export', '--progress=false', cid]);
      expect(ok).toBe(true);
      expect(stdout.equals(car)).toBe(true);
    });
  });

  it('writes a CAR that we take', async () => {
    const cid = await kubo.ipfs(
      'add',
      '-Q',
      '--pin=false',
      write(kubo.folder, 'large', randomBytes(3_000_000)),
    );
    const { stdout: car } = await kubo.run(['dag', 'export', '--progress=false', cid]);
    write(paper.dir, 'theirs.car', car);
    await ovn('import', 'theirs.car');
    await ovn('export', cid, '-o', 'back.car');
    expect(readFileSync(join(paper.dir, 'back.car')).equals(car)).toBe(true);
  });

  it('takes our name key, and gives the name that we give it', async () => {
    await ovn('key', 'export', 'name', '--format', 'libp2p', '-o', 'name.key');
    await ovn('key', 'export', 'name', '-o', 'name.pem');
    const { name } = JSON.parse(await ovn('name', 'show', '--json'));
    expect(await kubo.ipfs('key', 'import', 'ours', join(paper.dir, 'name.key'))).toBe(name);
    await kubo.ipfs('key', 'rm', 'ours');
    const pem = ['--format=pem-pkcs8-cleartext', 'ours', join(paper.dir, 'name.pem')];
    expect(await kubo.ipfs('key', 'import', ...pem)).toBe(name);
  });

  it.each(['libp2p-protobuf-cleartext', 'pem-pkcs8-cleartext'])(
    'gives its keys as %s to us',
    async (format) => {
      const name = await kubo.ipfs('key', 'gen', format);
      const file = join(kubo.folder, `${format}.key`);
      await kubo.ipfs('key', 'export', `--format=${format}`, '-o', file, format);
      const { id } = JSON.parse(await ovn('key', 'import', 'name', file, '--json'));
      expect(formatName(nameOfKeyObject(publicKeyOf(id)))).toBe(name);
    },
  );

  it('finds our record valid', async () => {
    await ovn('name', 'publish');
    const { name } = JSON.parse(await ovn('name', 'show', '--json'));
    await ovn('name', 'export', '-o', 'ours.record');
    const ours = readFileSync(join(paper.dir, 'ours.record'));
    const inspected = await kubo.run(['name', 'inspect', '--enc=json', '--verify', name], ours);
    expect(JSON.parse(inspected.stdout.toString())).toMatchObject({
      Entry: { Value: `/ipfs/${edition}` },
      Validation: { Valid: true, Name: name },
    });
  });

  async function cidOf(what: string): Promise<string> {
    if (what === 'the edition') return edition;
    const [article] = JSON.parse(await ovn('list', '--json'));
    if (what === 'an article') return article.cid;
    return JSON.parse(await ovn('export', article.categories[0], '-o', 'any.car', '--json')).cid;
  }
});

function write(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
