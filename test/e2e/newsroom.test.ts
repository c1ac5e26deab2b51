import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WitnessedReport } from '../../src/cli/publish-lines.ts';
import type { RenameReport } from '../../src/workflows/newsroom/rename-category.ts';
import type { PaperReport } from '../../src/workflows/newsroom/set-paper.ts';
import { makeRepository, type TestRepository } from '../helpers/program.ts';
import { CLOCK, readJson, sourceOf } from './support.ts';

const ARTICLES = {
  'a.md': sourceOf({ title: 'Alpha', lines: ['# of the desk'] }),
  'b.md': sourceOf({ title: 'Beta', categories: ['World', 'Science'] }).replaceAll('\n', '\r\n'),
  'c.md': sourceOf({ title: 'Gamma', categories: ['World'] }),
};

async function run<T>(newsroom: TestRepository, ...args: string[]): Promise<T> {
  return readJson<T>(await newsroom.run([...args, '--json'], { env: CLOCK }));
}

function sources({ dir }: TestRepository): string[] {
  return Object.keys(ARTICLES).map((name) => readFileSync(join(dir, 'articles', name), 'utf8'));
}

const publish = (newsroom: TestRepository, ...args: string[]) =>
  run<WitnessedReport>(newsroom, 'publish', ...args);

const cids = ({ articles }: WitnessedReport) => articles.map(({ cid }) => cid);

describe('the newsroom’s other days', () => {
  it('a category is called otherwise: its address and every bundle stay, and the preview says what publish does', async () => {
    await using newsroom = await makeRepository({ articles: ARTICLES });
    const first = await publish(newsroom);
    const rename = ['category', 'rename', 'Science', 'Research'];
    const dry = await run<RenameReport>(newsroom, ...rename, '--dry-run');
    expect((await publish(newsroom, '--dry-run')).status).toBe('unchanged');
    const done = await run<RenameReport>(newsroom, ...rename);
    expect(done).toEqual({ ...dry, written: true });
    expect(sources(newsroom)).toEqual(Object.values(ARTICLES));
    const planned = await publish(newsroom, '--dry-run');
    const second = await publish(newsroom);
    expect(second).toEqual({ ...planned, witnesses: second.witnesses });
    expect(second).toMatchObject({ status: 'refreshed', renewed: true, changes: done.changes });
    expect(cids(second)).toEqual(cids(first));
    expect(second.categories['science']).toMatchObject({ name: 'Research', count: 2 });
    expect((await newsroom.run(['check'])).code).toBe(0);
    expect((await newsroom.run(['verify'], { env: CLOCK })).code).toBe(0);
  });

  it('a category gets another address: all its sources move, the past and its old address lead on', async () => {
    await using newsroom = await makeRepository({ articles: ARTICLES });
    await publish(newsroom);
    const told = await newsroom.run(
      ['category', 'rename', 'science', 'Research', '--slug', 'research', '--dry-run'],
      { env: CLOCK },
    );
    expect(told.stdout).toContain('category science goes');
    expect(told.stdout).toContain(
      'articles/b.md: World, Science -> World, Research (not written: --dry-run)',
    );
    expect(sources(newsroom)).toEqual(Object.values(ARTICLES));
    const done = await run<RenameReport>(
      newsroom,
      ...['category', 'rename', 'science', 'Research', '--slug', 'research'],
    );
    expect(sources(newsroom)).toEqual(
      Object.values(ARTICLES).map((text) => text.replace('Science', 'Research')),
    );
    const second = await publish(newsroom);
    expect(second.changes).toEqual(done.changes);
    expect(second.articles.map(({ status }) => status)).toEqual(['revised', 'revised', 'unchanged']);
    const log = await run<{ entries: { kind: string }[] }>(newsroom, 'log', 'show');
    expect(log.entries.slice(-2).map(({ kind }) => kind)).toEqual(['update', 'update']);
    expect((await newsroom.run(['check'])).code).toBe(0);
  });

  it('the paper is called otherwise: every page says so, and no bundle or manifest of the past', async () => {
    await using newsroom = await makeRepository({ articles: ARTICLES });
    const first = await publish(newsroom);
    const set = ['paper', 'set', '--name', 'The New Paper', '--url', 'https://new.example/'];
    const dry = await run<PaperReport>(newsroom, ...set, '--dry-run');
    expect((await publish(newsroom)).status).toBe('unchanged');
    expect(await run(newsroom, ...set)).toEqual({ ...dry, written: true });
    const second = await publish(newsroom);
    expect(second.changes).toEqual(dry.changes);
    expect(second.changes).toMatchObject({
      outlet: [
        { member: 'name', before: 'OpenVoiceNews', after: 'The New Paper' },
        { member: 'url', before: null, after: 'https://new.example/' },
      ],
      keptBundles: 3,
    });
    expect(cids(second)).toEqual(cids(first));
  });
});
