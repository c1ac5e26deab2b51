import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPublicFetch } from '../../../src/node/retrieve/public-fetch.ts';
import { startFileServer } from '../../helpers/file-server.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const LIMITS = { accept: 'image/*', limit: 100, signal: new AbortController().signal };

describe('files that texts of others name', () => {
  it.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://10.1.2.3/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://localhost/',
    'file:///etc/hostname',
    'ftp://example.org/x',
  ])('are not got from %s', async (address) => {
    const files = openPublicFetch(LIMITS);
    await expect(files.get(new URL(address))).rejects.toThrow('it is at no public address');
    files.close();
  });

  it('are got whole, up to a limit, and a server that cannot be reached is asked no more', async () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.png'), 'x'.repeat(100));
    writeFileSync(join(folder, 'b.png'), 'x'.repeat(101));
    const server = await startFileServer(folder);
    const files = openPublicFetch(LIMITS, 'loopback');
    const get = (path: string) => files.get(new URL(path, server.url));
    expect(await get('/a.png')).toHaveLength(100);
    await expect(get('/b.png')).rejects.toThrow('more than 100 bytes');
    for (let time = 0; time < 4; time++) await expect(get('/c.png')).rejects.toThrow('status 404');
    expect(await get('/a.png')).toHaveLength(100);
    await server[Symbol.asyncDispose]();
    for (let time = 0; time < 3; time++)
      await expect(get('/a.png')).rejects.toThrow(/cannot be reached: |breaks off/);
    await expect(get('/a.png')).rejects.toThrow('its server cannot be reached');
    files.close();
  });
});
