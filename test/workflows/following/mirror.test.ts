import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatVerifierKey } from '../../../src/log/verifier.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import { formatSettings, parseSettings } from '../../../src/repo/settings.ts';
import { backUp } from '../../../src/workflows/backup.ts';
import { initialiseMirror } from '../../../src/workflows/initialise-mirror.ts';
import { restore } from '../../../src/workflows/restore.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { offering, TestMirrorRepository, TestPlace, takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';
import { noteSigner } from '../../log/support.ts';

const { signal } = new AbortController();
const WITNESS = formatVerifierKey(noteSigner('witness', 'cosignature').verifier);

/** A mirror that holds an edition of a paper. */
async function followed(): Promise<{
  mirror: TestMirrorRepository;
  id: string;
  edition: string;
  held: MemoryBlocks;
}> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/a.md', source());
  const { edition, publication: id } = await newsroom.publish();
  const held = new MemoryBlocks();
  await newsroom.use(({ repository }) => takeBlocks(held, edition ?? '', repository));
  const mirror = await TestMirrorRepository.open();
  await mirror.follow(id, [offering(edition ?? '', new TestPlace(held))]);
  return { mirror, id, edition: edition ?? '', held };
}

describe('a repository without a paper', () => {
  it('is made once, without keys, and says what it is', async () => {
    const dir = join(temporaryFolder(), 'mirror');
    expect(await initialiseMirror({ dir, dryRun: true })).toEqual({ dir, mirror: true });
    expect(existsSync(dir)).toBe(false);
    await initialiseMirror({ dir, dryRun: false });
    expect(JSON.parse(readFileSync(join(dir, 'ovn.json'), 'utf8'))).toEqual({ mirror: true });
    expect(existsSync(join(dir, '.ovn', 'keys'))).toBe(false);
    using repository = openRepository(dir);
    expect(repository.isMirror).toBe(true);
    expect(() => repository.publicationId).toThrow(expect.objectContaining({ code: 'usage' }));
    await expect(initialiseMirror({ dir, dryRun: false })).rejects.toMatchObject({ code: 'exists' });
  });

  it('has settings of its own, and no others', () => {
    const settings = parseSettings('{"mirror": true, "network": {"peers": []}}');
    expect(parseSettings(formatSettings(settings))).toEqual(settings);
    const witnesses = { threshold: 1, list: [{ url: 'https://witness.example', key: WITNESS }] };
    const knowing = parseSettings(JSON.stringify({ mirror: true, witnesses }));
    expect(knowing).toMatchObject({ mirror: true, witnesses });
    expect(parseSettings(formatSettings(knowing))).toEqual(knowing);
    for (const text of ['{"mirror": false}', '{"mirror": true, "name": "Paper"}'])
      expect(() => parseSettings(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('comes back from a backup with all that it holds, judged as a stranger’s', async () => {
    const { mirror, id, edition, held } = await followed();
    const file = join(temporaryFolder(), 'backup.ovn');
    using repository = openRepository(mirror.dir);
    const options = { file, keys: true, force: false, dryRun: false };
    expect(await backUp(options, { repository, now: NOW, signal })).toMatchObject({
      publication: null,
      keys: 0,
    });
    const dir = join(temporaryFolder(), 'restored');
    expect(await restore({ file, dir, dryRun: false }, { now: NOW, signal })).toMatchObject({
      publication: null,
    });
    const restored = new TestMirrorRepository(dir);
    expect(await restored.failures()).toEqual([]);
    expect(restored.repository().followed.get(id)).toMatchObject({ edition, whole: true });
    const report = await restored.sync(id, [offering(edition, new TestPlace(held))]);
    expect(report).toMatchObject({ outcome: 'same' });
  });

  it('is refused by check, and by restore, where what is recorded is not what was signed', async () => {
    const { mirror, id } = await followed();
    const repository = mirror.repository();
    repository.db.exec('UPDATE followed_editions SET sequence = 9');
    expect(await mirror.failures()).toEqual([expect.stringContaining('not edition 9 of')]);
    const file = join(temporaryFolder(), 'backup.ovn');
    const options = { file, keys: true, force: false, dryRun: false };
    await backUp(options, { repository, now: NOW, signal });
    const dir = join(temporaryFolder(), 'restored');
    const restored = restore({ file, dir, dryRun: false }, { now: NOW, signal });
    await expect(restored).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining(id) });
  });

  it('lets go of what it follows no more with the garbage, and says what is missing', async () => {
    const { mirror, id, edition } = await followed();
    const repository = mirror.repository();
    expect(await mirror.gc()).toBe(0);
    const articles = repository.followed.roots();
    expect(articles).toEqual([edition]);
    repository.db.exec('DELETE FROM blocks WHERE id = (SELECT max(id) FROM blocks)');
    expect(await mirror.failures()).toEqual([expect.stringContaining('what is followed')]);
    repository.followed.remove(id);
    expect(await mirror.gc()).toBeGreaterThan(10);
    expect(repository.blockstore.stats().blocks).toBe(0);
  });

  it('is not what a paper is: a repository of one’s own follows others, and not itself', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/own.md', source());
    const { edition, publication } = await newsroom.publish();
    const { id, edition: theirs, held } = await followed();
    const paper = new TestMirrorRepository(newsroom.dir);
    await paper.follow(id, [offering(theirs, new TestPlace(held))]);
    await expect(paper.follow(publication, [])).rejects.toMatchObject({ code: 'usage' });
    await expect(
      paper.follow(edition ?? '', [offering(edition ?? '', new TestPlace(held))]),
    ).rejects.toBeDefined();
    await paper.gc();
    expect(await paper.failures()).toEqual([]);
    newsroom.write('articles/next.md', source({ title: 'Next' }));
    expect(await newsroom.publish()).toMatchObject({ sequence: 2 });
  });
});
