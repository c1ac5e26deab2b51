import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/reader/evidence.ts';
import { rememberedManifest } from '../../src/reader/memory.ts';
import { verifyEvidence } from '../../src/reader/verify-evidence.ts';
import { ReaderMemories } from '../../src/repo/reader-memory.ts';
import { readerStateDir } from '../../src/repo/reader-state.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { offer } from '../helpers/logged-paper.ts';
import { newPaper, ONE, read, TWO } from '../reader/support.ts';

const { signal } = new AbortController();

describe('the folder of a reader’s memory', () => {
  it('is the named one, the repository’s, or one of the user', () => {
    expect(readerStateDir('/paper/.ovn', { OVN_STATE: '/named' })).toBe('/named');
    expect(readerStateDir('/paper/.ovn', { XDG_STATE_HOME: '/xdg' })).toBe('/paper/.ovn');
    expect(readerStateDir(undefined, { XDG_STATE_HOME: '/xdg' })).toBe('/xdg/openvoicenews');
    const home = join(homedir(), '.local/state/openvoicenews');
    expect(readerStateDir(undefined, { XDG_STATE_HOME: 'relative', OVN_STATE: '' })).toBe(home);
  });
});

describe('a reader’s memory on disk', () => {
  it('is read back as it was kept, by the reader alone', async () => {
    const paper = await newPaper();
    const dir = temporaryFolder();
    const judged = await new ReaderMemories(dir).judge(
      paper.id,
      (memory) => read(memory, offer(paper.newest)),
      signal,
    );
    expect(judged.verdict).toBe('current');
    const memory = new ReaderMemories(dir).read(paper.id);
    expect(memory?.manifest).toEqual(Buffer.from(paper.newest.manifest));
    expect(statSync(join(dir, 'readers', `${paper.id}.json`)).mode & 0o077).toBe(0);
    expect(readdirSync(join(dir, 'readers')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('never goes back, whoever comes last', async () => {
    const paper = await newPaper();
    const editions = [paper.newest];
    for (const id of [ONE, TWO, ONE]) {
      paper.revise(id);
      editions.push(await paper.issue());
    }
    const dir = temporaryFolder();
    // Each slower than the one that comes after it, as editions of different sizes are.
    const judgeSlowly = (edition: (typeof editions)[number]) =>
      new ReaderMemories(dir).judge(
        paper.id,
        async (memory) => {
          await new Promise((resolve) => setTimeout(resolve, 20 * (5 - edition.sequence)));
          return read(memory, offer(edition), { namedBy: 'cid' });
        },
        signal,
      );
    await Promise.all([...editions, ...editions.toReversed()].map(judgeSlowly));
    const memory = new ReaderMemories(dir).read(paper.id);
    expect(rememberedManifest(memory!).manifest.sequence).toBe(4);
  });

  it('accepts one of two histories that come at once', async () => {
    const paper = await newPaper();
    const twin = paper.clone();
    paper.revise(ONE);
    twin.revise(TWO);
    const editions = [await paper.issue(), await twin.issue()];
    const dir = temporaryFolder();
    const memories = new ReaderMemories(dir);
    const judged = await Promise.all(
      editions.map((edition) => memories.judge(paper.id, (memory) => read(memory, offer(edition)), signal)),
    );
    expect(judged.map(({ verdict }) => verdict).sort()).toEqual(['current', 'refused']);
    const evidence = judged.find(({ verdict }) => verdict === 'refused')!.evidence!;
    const [ours, theirs] = evidence.documents;
    const turned: Evidence = { ...evidence, documents: [theirs, ours] };
    const paths = [evidence, evidence, turned].map((each) => memories.keepEvidence(each));
    expect(paths.map((path) => path.slice(dir.length))).toEqual([
      '/evidence/20260110T120000Z-equivocation.json',
      '/evidence/20260110T120000Z-equivocation.json',
      '/evidence/20260110T120000Z-equivocation-2.json',
    ]);
    expect(verifyEvidence(readFileSync(paths[0]!)).verdict).toBe('proven');
  });

  it('keeps enough evidence against one who signs another history for each who asks, and no more', () => {
    const dir = temporaryFolder();
    const memories = new ReaderMemories(dir);
    const keep = (publication: string, index: number) =>
      memories.keepEvidence({
        kind: 'fork',
        publication,
        mastheads: [Buffer.from('masthead')],
        documents: [Buffer.from('ours'), Buffer.from(`history ${index}`)],
        foundAt: '2026-01-10T12:00:00Z',
      });
    const [one, other] = ['one', 'other'].map((text) => rawCid(Buffer.from(text)).toString());
    const paths = Array.from({ length: 40 }, (_, index) => keep(one ?? '', index));
    expect(new Set(paths).size).toBe(16);
    expect(paths).toContain(keep(one ?? '', 40));
    expect(paths).not.toContain(keep(other ?? '', 0));
    expect(readdirSync(join(dir, 'evidence'))).toHaveLength(17);
  });

  it('that is damaged is not passed over', async () => {
    const paper = await newPaper();
    const dir = temporaryFolder();
    const memories = new ReaderMemories(dir);
    const judge = () => memories.judge(paper.id, (memory) => read(memory, offer(paper.newest)), signal);
    await judge();
    writeFileSync(join(dir, 'readers', `${paper.id}.json`), '{}');
    await expect(judge()).rejects.toMatchObject({ code: 'damaged', hint: expect.stringContaining(dir) });
  });

  it('that cannot be kept is an error that says so', async () => {
    const paper = await newPaper();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const memories = new ReaderMemories(file);
    const judged = memories.judge(paper.id, (memory) => read(memory, offer(paper.newest)), signal);
    await expect(judged).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(file) });
  });
});
