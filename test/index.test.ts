import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as ovn from '../src/index.ts';
import { temporaryFolder } from './helpers/folder.ts';

const now = new Date('2026-11-01T00:00:00Z');
const signal = new AbortController().signal;

describe('the library', () => {
  it('makes a publication, publishes and verifies with nothing but what it exports', async () => {
    const dir = join(temporaryFolder(), 'paper');
    const said = {
      name: undefined,
      tagline: undefined,
      language: undefined,
      url: undefined,
      origin: undefined,
    };
    await ovn.initialise(
      { dir, ...said, sample: true, dryRun: false },
      { passphrase: async () => undefined, now },
    );
    using repository = ovn.openRepository(dir);
    await using node = await ovn.openNode(repository);
    const report = await ovn.publish(
      { paths: [], dryRun: false, allowFuture: false, listUnchanged: true },
      {
        repository,
        node,
        revisions: ovn.makeHere,
        pictures: ovn.picturesHere,
        signers: async (role) => [ovn.signerOf((await ovn.loadKey(repository.keysDir, role)).privateKey)],
        lock: () => ovn.acquirePublishLock(repository.stateDir, { signal }),
        now,
        clock: ovn.readClock(),
        signal,
      },
    );
    expect(report.articles.map(({ status }) => status)).toEqual(['published']);
    const local = { repository, read: node.read };
    const verified = await ovn.verify(
      { what: undefined, publication: undefined, requireCurrent: true },
      {
        local,
        memories: new ovn.ReaderMemories(repository.stateDir),
        policy: ovn.NO_WITNESSES,
        now,
        signal,
      },
    );
    expect(verified.report).toMatchObject({ ok: true, verdict: 'current' });
  });
});
