import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { relockCheaply } from '../helpers/cheap-keyring.ts';
import { type ProgramOptions, type ProgramResult, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  copyTo,
  failuresOf,
  keysOf,
  makeIn,
  moveKey,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  words,
  writeSources,
} from './support.ts';

interface Changed {
  status: string;
  version: number;
  proposal: string | null;
  added: { role: string; id: string }[];
  missing: { waiting: string[] }[];
}

const ovn = (dir: string, line: string, options: ProgramOptions = {}): Promise<ProgramResult> =>
  runOvn(words(line), { cwd: dir, env: CLOCK, ...options });

const changed = async (dir: string, line: string): Promise<Changed> =>
  readJson(await ovn(dir, `${line} --json`));

describe('keys that change', () => {
  const folder = sharedFolder();
  let dir: string;
  /** Another machine: it has no repository. */
  let away: string;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'first-light.md': sourceOf() });
    await publishIn(dir);
    away = join(folder, 'away');
    mkdirSync(away);
  });

  it('a desk key is rotated: old articles stay genuine, new ones bear the new key', async () => {
    const copy = copyTo(folder, dir);
    const [old] = await keysOf(copy, 'desk');
    const { version, added } = await changed(copy, 'key rotate desk');
    expect(version).toBe(2);
    expect(await keysOf(copy, 'desk')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: old?.id, state: 'retired', held: true }),
        expect.objectContaining({ id: added[0]?.id, state: 'current', held: true }),
      ]),
    );
    writeSources(join(copy, 'articles'), { 'harbour.md': sourceOf({ title: 'Harbour' }) });
    const { articles, sequence } = await publishIn(copy);
    expect(sequence).toBe(2);
    const signer = async (id: string) => (await ovn(copy, `get ${id} --format json`)).stdout;
    expect(await signer('harbour')).toContain(added[0]?.id);
    expect(await signer('first-light')).toContain(old?.id);
    for (const what of ['', ' first-light', ' harbour', ` ${articles[0]?.cid}`]) {
      const { code, stdout } = await ovn(copy, `verify${what}`);
      expect({ code, stdout }, what).toMatchObject({ code: 0 });
    }
    expect(await failuresOf(copy)).toEqual([]);
  });

  it('a retired key signs nothing new, though it is all that is here', async () => {
    const copy = copyTo(folder, dir);
    const { added } = await changed(copy, 'key rotate desk');
    moveKey(copy, added[0]?.id ?? '', join(away, 'desk.pem'));
    writeSources(join(copy, 'articles'), { 'harbour.md': sourceOf({ title: 'Harbour' }) });
    const { code, stderr } = await ovn(copy, 'publish');
    expect(stderr).toMatch(/^ovn: the keyring has no desk key that the masthead names/m);
    expect(code).toBe(1);
    expect((await ovn(copy, `key import desk ${join(away, 'desk.pem')}`)).code).toBe(0);
    expect(await publishIn(copy)).toMatchObject({ status: 'published', sequence: 2 });
  });

  it('a revoked key is shown so, with what is disowned', async () => {
    const copy = copyTo(folder, dir);
    const [old] = await keysOf(copy, 'desk');
    await changed(copy, 'key new desk');
    const revoked = await ovn(copy, `key revoke ${old?.id} --from-entry 1`);
    expect(revoked.code).toBe(0);
    expect(revoked.stderr).toContain('disowned: 2025/07/07/first-light, revision 1, entry 1');
    expect((await ovn(copy, 'key ls')).stdout).toMatch(
      new RegExp(`^desk +${old?.id} +revoked from entry 1$`, 'm'),
    );
    expect(await keysOf(copy, 'desk')).toContainEqual(
      expect.objectContaining({ id: old?.id, state: 'revoked', fromEntry: 1 }),
    );
  });

  it('a masthead key on another machine signs a proposal there', async () => {
    const copy = copyTo(folder, dir);
    const [masthead] = await keysOf(copy, 'masthead');
    const key = join(away, 'masthead.pem');
    moveKey(copy, masthead?.id ?? '', key);
    const proposed = await ovn(copy, 'key new desk --category sports --json');
    expect(proposed.code).toBe(3);
    const { proposal, status, missing } = JSON.parse(proposed.stdout) as Changed;
    expect({ status, waiting: missing[0]?.waiting }).toEqual({ status: 'proposed', waiting: [masthead?.id] });
    expect((await ovn(copy, 'key new desk')).stderr).toContain('there is a file');
    const carried = join(away, 'masthead-2.proposal.json');
    copyFileSync(proposal ?? '', carried);
    expect((await ovn(away, `sign ${carried}`)).code).toBe(1);
    const before = readFileSync(carried);
    const dry = await ovn(away, `sign ${carried} --key ${key} --dry-run`);
    expect(dry.stdout).toMatch(/^Masthead 2, good until[\s\S]*^\+ desk/m);
    expect(readFileSync(carried)).toEqual(before);
    expect((await ovn(copy, `masthead sign ${carried}`)).code).toBe(3);
    const signed = await ovn(away, `sign ${carried} --key ${key}`);
    expect({ code: signed.code, stdout: signed.stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Signed by ${masthead?.id}`),
    });
    expect(await changed(copy, `masthead finish ${carried}`)).toMatchObject({
      status: 'recorded',
      version: 2,
    });
    expect(await publishIn(copy)).toMatchObject({ status: 'refreshed', sequence: 2 });
    expect((await ovn(copy, 'verify')).code).toBe(0);
    expect(await keysOf(copy, 'desk')).toContainEqual(expect.objectContaining({ categories: ['sports'] }));
    expect(await failuresOf(copy)).toEqual([]);
  });

  it('an edition that needs two keys is proposed, signed elsewhere, and finished', async () => {
    const copy = copyTo(folder, dir);
    const { id } = readJson<{ id: string }>(await ovn(away, 'key make edition.pem --json'));
    expect(statSync(join(away, 'edition.pem')).mode & 0o077).toBe(0);
    expect((await ovn(away, 'key make edition.pem')).code).toBe(1);
    await changed(copy, `key add edition ${id}`);
    await changed(copy, 'masthead threshold edition 2');
    writeSources(join(copy, 'articles'), { 'harbour.md': sourceOf({ title: 'Harbour' }) });
    const alone = await ovn(copy, 'publish');
    expect(alone.code).toBe(1);
    expect(alone.stderr).toMatch(/an edition needs 2 edition keys; 1 are here\n.*--propose/);
    const file = join(away, 'edition-2.json');
    const proposed = await ovn(copy, `publish --propose ${file}`);
    expect(proposed.code).toBe(0);
    expect(proposed.stdout).toContain('nothing is published yet');
    expect((await ovn(copy, `publish --finish ${file}`)).code).toBe(3);
    const signed = await ovn(away, `sign ${file} --key edition.pem`);
    expect(signed.stdout).toMatch(
      /^Edition 2 of OpenVoiceNews[\s\S]*2 articles in 1 category[\s\S]*log ovn\.log\//m,
    );
    const tomorrow = { SOURCE_DATE_EPOCH: String(Number(CLOCK.SOURCE_DATE_EPOCH) + 86_400) };
    const report = readJson<Published>(await ovn(copy, `publish --finish ${file} --json`, { env: tomorrow }));
    expect(report).toMatchObject({ status: 'published', sequence: 2 });
    expect((await ovn(copy, 'verify', { env: tomorrow })).code).toBe(0);
    const again = await ovn(copy, `publish --finish ${file}`);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('edition 2 is the head now') });
    expect(await failuresOf(copy)).toEqual([]);
  });

  it('an editor elsewhere signs an article of his categories', async () => {
    const copy = copyTo(folder, dir);
    const { id } = readJson<{ id: string }>(await ovn(away, 'key make editor.pem --json'));
    const [desk] = await keysOf(copy, 'desk');
    await changed(copy, `key add desk ${id} --category world`);
    await changed(copy, `key limit ${desk?.id} --category science`);
    writeSources(join(copy, 'articles'), {
      'abroad.md': sourceOf({ title: 'Abroad', categories: ['World'] }),
    });
    const alone = await ovn(copy, 'publish');
    expect(alone).toMatchObject({ code: 1, stderr: expect.stringContaining('2025/07/07/abroad (world)') });
    const file = join(away, 'abroad.json');
    expect((await ovn(copy, `publish --propose ${file}`)).code).toBe(0);
    const signed = await ovn(away, `sign ${file} --key editor.pem`);
    expect(signed.stdout).toMatch(/^Abroad\n {2}2025\/07\/07\/abroad, revision 1, in world$/m);
    expect((await ovn(copy, `publish --finish ${file}`)).code).toBe(0);
    expect((await ovn(copy, 'verify abroad')).code).toBe(0);
    expect((await ovn(copy, 'verify')).code).toBe(0);
  });

  it('the masthead is shown, and extended', async () => {
    const copy = copyTo(folder, dir);
    expect((await ovn(copy, 'masthead extend --days 4000 --dry-run')).stdout).toContain(
      'Would make masthead 2',
    );
    expect((await ovn(copy, 'masthead extend --days 4000')).code).toBe(0);
    const { stdout } = await ovn(copy, 'masthead show');
    expect(stdout).toMatch(
      /^Masthead 2 {2}bafkrei\w+\n {2}good until 2036-06-22T12:00:00Z\n {2}signed by did:key/m,
    );
    expect(stdout).toMatch(/^ {2}desk \(1 of 1\):$/m);
    const { versions } = readJson<{ versions: unknown[] }>(await ovn(copy, 'masthead show --json'));
    expect(versions).toHaveLength(2);
  });

  it.each<[string, number, RegExp]>([
    ['key new editor', 2, /editor is no role/],
    ['key revoke did:key:z6Mk', 2, /--from-entry/],
    ['key revoke did:key:z6Mk --from-entry -1', 2, /from-entry/],
    ['masthead threshold desk two', 2, /a number from 1 on/],
    ['masthead threshold desk 2', 2, /2 of 1 desk keys can never sign/],
    ['key retire did:key:z6Mk', 1, /the masthead names no key did:key:z6Mk/],
    ['sign ovn.json', 1, /ovn\.json: /],
    ['publish --finish missing.json', 1, /there is no file missing\.json/],
    ['publish articles --finish missing.json', 2, /--finish takes no paths/],
  ])('%s is refused with %i', async (line, code, said) => {
    const result = await ovn(dir, line);
    expect(result.stderr).toMatch(said);
    expect(result.stderr).not.toMatch(/unexpected|\n\s+at /);
    expect(result.code).toBe(code);
  });
});

describe('a keyring with a passphrase', () => {
  const folder = sharedFolder();

  it('gives new keys the same one, and changes nothing without it', async () => {
    const env = { ...CLOCK, OVN_PASSPHRASE: 'correct horse' };
    const dir = join(folder, 'paper');
    await ovn(folder, `init ${dir} --no-sample`, { env });
    await relockCheaply(join(dir, '.ovn/keys'), 'correct horse');
    const files = () => readdirSync(join(dir, '.ovn/keys'));
    const before = files();
    expect((await ovn(dir, 'key rotate desk')).stderr).toContain('the keys are locked with a passphrase');
    const wrong = await ovn(dir, 'key rotate desk', { env: { ...CLOCK, OVN_PASSPHRASE: 'wrong' } });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('wrong passphrase') });
    expect(files()).toEqual(before);
    expect((await ovn(dir, 'key rotate desk', { env })).code).toBe(0);
    expect(files()).toHaveLength(before.length + 1);
    expect(files().every((name) => name.endsWith('.age'))).toBe(true);
    writeSources(join(dir, 'articles'), { 'first-light.md': sourceOf() });
    expect((await ovn(dir, 'publish', { env })).code).toBe(0);
    expect((await ovn(dir, 'verify')).code).toBe(0);
  });
});
