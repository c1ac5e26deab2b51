import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kubo, noKubo, startKubo } from '../helpers/kubo.ts';
import { makeRepository, type TestRepository } from '../helpers/program.ts';

describe.skipIf(noKubo)('Kubo', () => {
  let kubo: Kubo;
  let paper: TestRepository;
  let edition: string;

  beforeAll(async () => {
    kubo = await startKubo();
    paper = await makeRepository({ articles: 'samples' });
    edition = JSON.parse(await ovn('publish', '--json')).edition;
  });

  afterAll(async () => {
    await kubo?.[Symbol.asyncDispose]();
    await paper?.[Symbol.asyncDispose]();
  });

  async function ovn(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await paper.run(args);
    if (code !== 0) throw new Error(`ovn ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

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
