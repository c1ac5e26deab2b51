import { createPrivateKey } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRepository } from '../../src/repo/create-repository.ts';
import { storeKeys } from '../../src/repo/keyring.ts';
import { formatInstant } from '../../src/trust/instant.ts';
import { publicationId, ROLES } from '../../src/trust/masthead.ts';
import { temporaryFolder } from './folder.ts';
import { PROJECT } from './program.ts';

const KEYS = join(PROJECT, 'test', 'fixtures', 'golden-keys');

/** The clock under which the golden CIDs were made. */
export const GOLDEN_NOW = new Date('2026-11-01T00:00:00Z');

/** A repository with the committed test masthead and keys, and the sample articles, not published yet. */
export async function goldenRepository(): Promise<string> {
  const dir = temporaryFolder();
  const settings = {
    name: 'OpenVoiceNews',
    tagline: 'Transparent. Unbiased. Yours.',
    language: 'en',
    articles: 'articles',
  };
  const repository = await createRepository(dir, settings, async (made) => {
    const bytes = readFileSync(join(KEYS, 'masthead.json'));
    const cid = publicationId(bytes);
    made.addMasthead({ version: 1, cid, bytes });
    made.events.append({ kind: 'masthead', cid, time: formatInstant(GOLDEN_NOW), sequence: 1 });
    const keys = ROLES.map((role) => ({
      role,
      privateKey: createPrivateKey(readFileSync(join(KEYS, `${role}.pem`))),
    }));
    await storeKeys(made.keysDir, keys, undefined);
  });
  repository.close();
  cpSync(join(PROJECT, 'articles'), join(dir, 'articles'), { recursive: true });
  return dir;
}
