import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { secretsOf } from '../../src/cli/home-secrets.ts';
import type { CredentialsPlace, StoredHome } from '../../src/repo/homes.ts';
import type { Repository } from '../../src/repo/repository.ts';
import { temporaryFolder } from '../helpers/folder.ts';

it.each<[string, CredentialsPlace]>([
  ['a variable that is not set', { env: 'OVN_TEST_NO_SUCH_VARIABLE' }],
  ['a file that is not there', { file: '/nowhere/token' }],
  ['a keyring that cannot be read', { keyring: true }],
])('is one home’s trouble: its token is in %s', async (_, credentials) => {
  const keysDir = temporaryFolder();
  mkdirSync(join(keysDir, 'homes', 'pins.token'), { recursive: true, mode: 0o700 });
  const home = { name: 'pins', credentials } as StoredHome;
  const reading = secretsOf(home, { keysDir } as Repository, async () => undefined);
  await expect(reading).rejects.toMatchObject({
    code: 'key',
    message: expect.stringMatching(/^the token of pins (is not there|cannot be read)/),
  });
});
