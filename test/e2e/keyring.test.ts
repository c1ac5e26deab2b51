import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { relockCheaply } from '../helpers/cheap-keyring.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  copyTo,
  type Published,
  readJson,
  sharedFolder,
  sourceOf,
  words,
  writeSources,
} from './support.ts';

const SECRET = 'correct horse battery staple';
const ROLES = ['masthead', 'edition', 'desk', 'log', 'name'];

describe('keys with a passphrase', () => {
  const folder = sharedFolder();
  const given = { ...CLOCK, OVN_PASSPHRASE: SECRET };
  let dir: string;
  let init: ProgramResult;

  // A passphrase as strong as the program makes it is used where backups and exit codes are tested.
  beforeAll(async () => {
    dir = join(folder, 'paper');
    init = await runOvn(['init', dir, '--no-sample', '--json'], { cwd: folder, env: given });
    await relockCheaply(join(dir, '.ovn/keys'), SECRET);
    writeSources(join(dir, 'articles'), { 'first-light.md': sourceOf() });
    writeFileSync(join(folder, 'secret'), `${SECRET}\r\na second line\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'other'), 'another passphrase\n', { mode: 0o600 });
    writeFileSync(join(folder, 'empty'), '\n', { mode: 0o600 });
  });

  function ovn(args: readonly string[], env: Record<string, string>, at = dir): Promise<ProgramResult> {
    return runOvn(args, { cwd: at, env });
  }

  it('are made by init from OVN_PASSPHRASE, and lie encrypted where only their owner reads them', async () => {
    const { encrypted, keys } = readJson<{ encrypted: boolean; keys: { role: string }[] }>(init);
    expect(encrypted).toBe(true);
    expect(keys.map(({ role }) => role)).toEqual(ROLES);
    const files = readdirSync(join(dir, '.ovn/keys'));
    expect(files).toHaveLength(6);
    for (const file of files) {
      expect(readFileSync(join(dir, '.ovn/keys', file), 'latin1')).toMatch(/^age-encryption\.org/);
      expect(statSync(join(dir, '.ovn/keys', file)).mode & 0o077).toBe(0);
    }
    expect(init.stdout + init.stderr).not.toContain(SECRET);
  });

  it('are listed without it', async () => {
    const keys = readJson<{ role: string; id: string; encrypted: boolean }[]>(
      await ovn(['key', 'ls', '--json'], {}),
    );
    expect(keys.map(({ role, encrypted }) => [role, encrypted])).toEqual(ROLES.map((role) => [role, true]));
    expect(Object.keys(keys[0] ?? {})).toEqual(['role', 'id', 'encrypted', 'held', 'state']);
  });

  it.each<[string, string[], Record<string, string>]>([
    ['OVN_PASSPHRASE', [], { OVN_PASSPHRASE: SECRET }],
    ['--passphrase-file', ['--passphrase-file', '../secret'], {}],
    ['OVN_PASSPHRASE_FILE', [], { OVN_PASSPHRASE_FILE: '../secret' }],
  ])('publish with %s', async (_, args, env) => {
    const copy = copyTo(folder, dir);
    const { status } = readJson<Published>(
      await ovn(['publish', '--json', ...args], { ...CLOCK, ...env }, copy),
    );
    expect(status).toBe('published');
    expect((await ovn(['verify'], CLOCK, copy)).code).toBe(0);
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['a wrong one', [], { OVN_PASSPHRASE: 'wrong' }, /^ovn: wrong passphrase$/m],
    ['a wrong one in a file', ['--passphrase-file', '../other'], {}, /^ovn: wrong passphrase$/m],
    [
      'none, and nobody to ask',
      [],
      {},
      /^ovn: the keys are locked with a passphrase$[\s\S]*OVN_PASSPHRASE or with --passphrase-file/m,
    ],
    ['an empty file', ['--passphrase-file', '../empty'], {}, /^ovn: .*empty.* holds no passphrase$/m],
    [
      'a file that is not there',
      ['--passphrase-file', '../missing'],
      {},
      /^ovn: there is no file \.\.\/missing$/m,
    ],
  ])('publish nothing with %s', async (_, args, env, said) => {
    const copy = copyTo(folder, dir);
    const { code, stdout, stderr } = await ovn(['publish', ...args], { ...CLOCK, ...env }, copy);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect((await ovn(['list', '--json'], {}, copy)).stdout).toBe('[]\n');
  });

  it('are not needed where there is nothing to sign', async () => {
    const copy = copyTo(folder, dir);
    await ovn(['publish'], given, copy);
    expect((await ovn(['publish'], CLOCK, copy)).code).toBe(0);
    for (const args of [
      ['list'],
      ['verify'],
      ['check'],
      ['get', 'first-light'],
      ['pin', 'add', 'science'],
      ['gc'],
    ]) {
      expect((await ovn(args, CLOCK, copy)).code, `${args}`).toBe(0);
    }
  });

  it('leave by key export alone, into a file that is not there yet', async () => {
    const copy = copyTo(folder, dir);
    const exportDesk = words('key export desk -o desk.pem');
    for (const env of [{}, { OVN_PASSPHRASE: 'wrong' }]) {
      expect((await ovn(exportDesk, env, copy)).code).toBe(1);
      expect(readdirSync(copy)).not.toContain('desk.pem');
    }
    expect((await ovn(exportDesk, given, copy)).code).toBe(0);
    const pem = readFileSync(join(copy, 'desk.pem'), 'utf8');
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(statSync(join(copy, 'desk.pem')).mode & 0o077).toBe(0);
    writeFileSync(join(copy, 'desk.pem'), 'mine');
    const again = await ovn(exportDesk, given, copy);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^ovn: .*desk\.pem/);
    expect(readFileSync(join(copy, 'desk.pem'), 'utf8')).toBe('mine');
  });

  it('come back by key import', async () => {
    const copy = copyTo(folder, dir);
    const exported = words('key export desk --format age --file-passphrase-file ../other -o desk.age');
    expect((await ovn(exported, given, copy)).code).toBe(0);
    expect(readFileSync(join(copy, 'desk.age'), 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    removeKey(copy, 'desk');
    const missing = await ovn(['publish'], given, copy);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^ovn: the keyring has no .*\bdesk\b/m);
    const imported = (secret: string): Promise<ProgramResult> =>
      ovn(words(`key import desk desk.age --file-passphrase-file ../${secret}`), given, copy);
    expect((await imported('secret')).code).toBe(1);
    expect((await imported('other')).code).toBe(0);
    expect((await imported('other')).stderr).toMatch(/has this desk key already/);
    expect((await ovn(['publish'], given, copy)).code).toBe(0);
    expect((await ovn(['check'], CLOCK, copy)).code).toBe(0);
  });

  it('are not made by init from a file that holds none', async () => {
    const { code, stderr } = await ovn(['init', 'new', '--passphrase-file', '../empty'], {});
    expect(stderr).toMatch(/holds no passphrase/);
    expect(code).toBe(1);
    expect(readdirSync(dir)).not.toContain('new');
  });

  it('are made without one where nobody can be asked, and it says so', async () => {
    const { code, stderr } = await ovn(['init', 'plain', '--no-sample'], {}, folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/The keys have no passphrase/);
    expect(readdirSync(join(folder, 'plain/.ovn/keys')).every((name) => name.endsWith('.pem'))).toBe(true);
  });
});

function removeKey(dir: string, role: string): void {
  const keys = join(dir, '.ovn/keys');
  for (const name of readdirSync(keys)) if (name.startsWith(`${role}-`)) rmSync(join(keys, name));
}
