import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../../src/log/checkpoint.ts';
import { leafHash } from '../../../src/log/tree-hash.ts';
import { verifierOf } from '../../../src/log/verifier.ts';
import { rawKeyOf } from '../../../src/trust/did-key.ts';
import { packArticleProof } from '../../../src/workflows/article-proof.ts';
import { revokeKey, rotateKey } from '../../../src/workflows/keys/change-keys.ts';
import { listHeldKeys } from '../../../src/workflows/keys/list-keys.ts';
import { checkLog } from '../../../src/workflows/logs/check-log.ts';
import { compareLogs } from '../../../src/workflows/logs/compare-logs.ts';
import { requireHeadLog } from '../../../src/workflows/logs/head-log.ts';
import { proveRevision } from '../../../src/workflows/logs/prove-revision.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import type { Newsroom } from '../../helpers/newsroom.ts';
import { folderOf, idOf, openPaper, publishOne, withLog } from './support.ts';

const DO = { dryRun: false };

const rotate = (newsroom: Newsroom, role: string) =>
  newsroom.masthead((effects) => rotateKey(role, effects, DO));

/** The key of a role that the keyring holds. */
async function keyOf(newsroom: Newsroom, role: string): Promise<string> {
  const keys = await newsroom.use(({ repository }) => listHeldKeys(repository));
  return keys.find((key) => key.role === role)?.id ?? '';
}

async function inclusionOf(newsroom: Newsroom, what: string): Promise<string> {
  const { checks, verdict } = await newsroom.verify(what);
  return `${verdict}, ${checks.find(({ name }) => name === 'log-inclusion')?.result}`;
}

const pack = (newsroom: Newsroom, slug: string) =>
  withLog(newsroom, (effects) => packArticleProof({ article: idOf(slug), revision: 1 }, effects));

describe('the log, when keys change', () => {
  it('is what an article is judged by: the masthead that was logged before it', async () => {
    const newsroom = await openPaper();
    await rotate(newsroom, 'desk');
    await publishOne(newsroom, 'tower', 'Tower');
    expect(await inclusionOf(newsroom, 'market')).toBe('current, pass');
    expect(await inclusionOf(newsroom, 'tower')).toBe('current, pass');
    expect(await withLog(newsroom, (effects) => checkLog(undefined, effects))).toMatchObject({ ok: true });
    await expect(pack(newsroom, 'market')).resolves.toBeDefined();
    await expect(pack(newsroom, 'tower')).resolves.toBeDefined();
  });

  it('refuses an article that its key disowns, and no other of that key', async () => {
    const newsroom = await openPaper();
    const did = await keyOf(newsroom, 'desk');
    await publishOne(newsroom, 'tower', 'Tower');
    await rotate(newsroom, 'desk');
    await newsroom.masthead((effects) => revokeKey({ did, fromEntry: 6 }, effects, DO));
    await newsroom.publish();
    expect(await inclusionOf(newsroom, 'market')).toBe('current, pass');
    expect(await inclusionOf(newsroom, 'tower')).toBe('refused, fail');
    await expect(pack(newsroom, 'market')).resolves.toBeDefined();
    await expect(pack(newsroom, 'tower')).rejects.toThrow(
      /key-at-entry: logged as entry 6: .* is revoked there/,
    );
  });

  it('is one log under the old key and the new one', async () => {
    const newsroom = await openPaper();
    const before = await folderOf(newsroom);
    await rotate(newsroom, 'log');
    // Before the next edition the checkpoint is the old one.
    const proven = await withLog(newsroom, async (effects) =>
      proveRevision({ article: idOf('market'), revision: 1 }, await requireHeadLog(effects), effects),
    );
    expect(proven.size).toBe(5);
    await newsroom.publish();
    const found = await withLog(newsroom, (effects) => compareLogs(before, effects));
    expect(found).toMatchObject({ relation: 'ours-ahead', ours: { masthead: 2 }, theirs: { masthead: 1 } });
  });

  it('is not held up by the longer log of a key that was replaced', async () => {
    const newsroom = await openPaper();
    const { privateKey, did } = await newsroom.copy().takeKey(await keyOf(newsroom, 'log'));
    await rotate(newsroom, 'log');
    await newsroom.publish();
    const { origin } = (await withLog(newsroom, requireHeadLog)).checkpoint;
    const signer = { privateKey, verifier: verifierOf(origin, rawKeyOf(did), 'ed25519') };
    const file = join(temporaryFolder(), 'checkpoint');
    const head = { size: 1_000_000_000, root: leafHash(Buffer.from('anything')) };
    writeFileSync(file, signCheckpoint(origin, head, [signer]));
    const found = await withLog(newsroom, (effects) => compareLogs(file, effects));
    expect(found).toMatchObject({ relation: 'not-checked', theirs: { masthead: 1 } });
    await publishOne(newsroom, 'tower', 'Tower');
  });
});
