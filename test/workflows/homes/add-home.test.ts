import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readToken, storeToken, tokenState } from '../../../src/repo/home-tokens.ts';
import { createKeys } from '../../../src/repo/keyring.ts';
import { addHome, forgetHome, type HomeChoice } from '../../../src/workflows/homes/add-home.ts';
import { lockCheaply } from '../../helpers/cheap-keyring.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { Newsroom, NOW } from '../../helpers/newsroom.ts';

const CHOICE: HomeChoice = {
  name: 'pins',
  kind: 'pinning-service',
  url: 'https://api.example/psa',
  readAt: [],
  copies: undefined,
  categories: undefined,
  credentials: undefined,
  token: undefined,
  plainHttp: false,
  dryRun: false,
};

async function add(newsroom: Newsroom, changes: Partial<HomeChoice> = {}) {
  return newsroom.use(({ repository }) =>
    addHome({ ...CHOICE, ...changes }, { repository, passphrase: async () => undefined, now: NOW }),
  );
}

describe('remote add', () => {
  it('keeps what it was given, and no token in the database', async () => {
    const newsroom = await Newsroom.open();
    const credentials = { keyring: true } as const;
    const home = await add(newsroom, { credentials, token: 'secret', readAt: ['https://gate.example'] });
    expect(await newsroom.use(({ repository }) => repository.homes.list())).toEqual([home]);
    expect(home).toMatchObject({
      url: 'https://api.example/psa',
      readAt: ['https://gate.example/'],
      credentials,
    });
    const file = newsroom.path('.ovn/keys/homes/pins.token');
    expect(readFileSync(file, 'latin1')).toBe('secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(newsroom.path('.ovn/ovn.db'), 'latin1')).not.toContain('secret');
    await expect(add(newsroom)).rejects.toMatchObject({ code: 'exists' });
    await newsroom.use(({ repository }) => forgetHome(repository, 'pins'));
    expect(tokenState(newsroom.path('.ovn/keys'), 'pins')).toBeUndefined();
    await expect(newsroom.use(({ repository }) => forgetHome(repository, 'pins'))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it.each<[string, Partial<HomeChoice>]>([
    ['a name that is none', { name: '../pins' }],
    ['a kind that is none', { kind: 'ftp' }],
    ['no address', { url: 'api.example' }],
    ['another protocol', { url: 'ftp://api.example/' }],
    ['a password in the address', { url: 'https://user:SECRET@api.example/' }],
    ['a token in the address', { url: 'https://api.example/?token=SECRET' }],
    ['a password in the address of a gateway', { readAt: ['https://user:SECRET@gate.example/'] }],
    ['a token for a gateway', { kind: 'gateway', credentials: { env: 'T' } }],
    ['a category of a gateway', { kind: 'gateway', categories: ['science'] }],
    ['a token in the clear', { url: 'http://api.example/', credentials: { env: 'T' } }],
    ['copies of whom does not count them', { copies: 3 }],
    ['a category that is none', { categories: ['Science!'] }],
  ])('refuses %s', async (_, changes) => {
    const newsroom = await Newsroom.open();
    const refused = await add(newsroom, changes).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'usage', message: expect.not.stringContaining('SECRET') });
    expect(await newsroom.use(({ repository }) => repository.homes.list())).toEqual([]);
  });

  it('lets a token go over plain http to this machine, or where that is said', async () => {
    const newsroom = await Newsroom.open();
    const credentials = { env: 'T' };
    await add(newsroom, { name: 'here', url: 'http://127.0.0.1:9097', credentials });
    await add(newsroom, { name: 'there', url: 'http://192.0.2.1:9097', credentials, plainHttp: true });
    expect(await newsroom.use(({ repository }) => repository.homes.list())).toHaveLength(2);
  });

  it('refuses a token that would end a header, and does not repeat it', async () => {
    const newsroom = await Newsroom.open();
    const credentials = { keyring: true } as const;
    const refused = await add(newsroom, { credentials, token: 'SECRET\r\nx: y' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'key', message: expect.not.stringContaining('SECRET') });
  });
});

describe('a token in the keyring', () => {
  it('is encrypted where the keys are, and asks for the passphrase only then', async () => {
    const dir = join(temporaryFolder(), 'keys');
    const never = async () => {
      throw new Error('nobody is to be asked');
    };
    await storeToken(dir, 'plain', 'one', undefined);
    expect(await readToken(dir, 'plain', never)).toBe('one');
    await lockCheaply(dir, 'open sesame');
    await createKeys(dir, ['desk'], 'open sesame');
    await storeToken(dir, 'plain', 'another token', 'open sesame');
    expect(tokenState(dir, 'plain')).toBe('encrypted');
    expect(readFileSync(join(dir, 'homes', 'plain.token.age'), 'latin1')).not.toContain('another');
    expect(await readToken(dir, 'plain', async () => 'open sesame')).toBe('another token');
    await expect(readToken(dir, 'plain', async () => 'sesame')).rejects.toMatchObject({ code: 'key' });
    await expect(readToken(dir, 'other', never)).rejects.toMatchObject({ code: 'key' });
  });
});
