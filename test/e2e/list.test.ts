import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  makeIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

interface Listed {
  id: string;
  headline: string;
  datePublished: string;
  categories: string[];
  status: string;
  revision: number;
  cid: string;
}

describe('looking at what is published', () => {
  const folder = sharedFolder();
  let dir: string;
  let first: Published;
  let published: Published;

  beforeAll(async () => {
    dir = await makeIn(folder, {
      'old.md': sourceOf({ title: 'Old', date: '2024-01-01' }),
      'first-light.md': sourceOf({ date: '2025-07-07T10:00:00Z', categories: ['Science', 'World'] }),
      'noon.md': sourceOf({ title: 'Noon', date: '2025-07-07T12:00:00Z', categories: ['World'] }),
    });
    first = await publishIn(dir);
    writeSources(join(dir, 'articles'), {
      'old.md': sourceOf({
        title: 'Old',
        date: '2024-01-01',
        lines: [
          'author: Mara Lindqvist',
          'corrections: [{date: 2025-07-08, type: correction, text: It was new.}]',
        ],
      }),
    });
    published = await publishIn(dir);
  });

  function ovn(...args: string[]): Promise<ProgramResult> {
    return runOvn(args, { cwd: dir, env: CLOCK });
  }

  function cidOf({ articles }: Published, slug: string): string {
    return articles.find(({ id }) => id.endsWith(slug))?.cid ?? '';
  }

  it('list gives one array, newest first, with what scripts need', async () => {
    const listed = readJson<Listed[]>(await ovn('list', '--json'));
    expect(listed).toEqual([
      {
        id: '2025/07/07/noon',
        headline: 'Noon',
        datePublished: '2025-07-07T12:00:00Z',
        categories: ['world'],
        status: 'published',
        revision: 1,
        cid: cidOf(published, 'noon'),
      },
      {
        id: '2025/07/07/first-light',
        headline: 'First light',
        datePublished: '2025-07-07T10:00:00Z',
        categories: ['science', 'world'],
        status: 'published',
        revision: 1,
        cid: cidOf(published, 'first-light'),
      },
      {
        id: '2024/01/01/old',
        headline: 'Old',
        datePublished: '2024-01-01',
        categories: ['science'],
        status: 'published',
        revision: 2,
        cid: cidOf(published, 'old'),
      },
    ]);
    expect(Object.keys(listed[0] ?? {})).toEqual([
      'id',
      'headline',
      'datePublished',
      'categories',
      'status',
      'revision',
      'cid',
    ]);
  });

  it.each([
    [
      ['--category', 'science'],
      ['first-light', 'old'],
    ],
    [['--category', 'world', '--limit', '1'], ['noon']],
    [
      ['--limit', '2'],
      ['noon', 'first-light'],
    ],
  ])('list %j gives %j', async (args, slugs) => {
    const listed = readJson<Listed[]>(await ovn('list', '--json', ...args));
    expect(listed.map(({ id }) => id.slice(11))).toEqual(slugs);
    const { stdout } = await ovn('list', ...args);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('  ')[1]?.slice(11)),
    ).toEqual(slugs);
  });

  it('categories gives what the manifest lists', async () => {
    expect(readJson(await ovn('categories', '--json'))).toEqual({
      science: {
        name: 'Science',
        cid: published.categories['science']?.cid,
        count: 2,
        updated: '2025-07-08',
      },
      world: {
        name: 'World',
        cid: published.categories['world']?.cid,
        count: 2,
        updated: '2025-07-07T12:00:00Z',
      },
    });
    expect((await ovn('categories')).stdout).toBe(
      `${published.categories['science']?.cid}  science  Science (2)\n${published.categories['world']?.cid}  world  World (2)\n`,
    );
  });

  it('show gives what is known of an article, of each of its revisions too', async () => {
    const shown = readJson<Record<string, unknown>>(await ovn('show', 'old', '--json'));
    expect(shown).toMatchObject({
      cid: cidOf(published, 'old'),
      identifier: '2024/01/01/old',
      headline: 'Old',
      revision: 2,
      previous: cidOf(first, 'old'),
      source: 'articles/old.md',
      newest: cidOf(published, 'old'),
      signatures: 1,
      revisions: [
        { revision: 1, cid: cidOf(first, 'old'), sequence: 1, kind: 'publish', time: '2025-07-10T12:00:00Z' },
        {
          revision: 2,
          cid: cidOf(published, 'old'),
          sequence: 2,
          kind: 'correction',
          time: '2025-07-10T12:00:00Z',
        },
      ],
    });
    expect(shown).not.toHaveProperty('articleBody');
    const { stdout } = await ovn('show', cidOf(first, 'old'));
    expect(stdout).toContain(`superseded by ${cidOf(published, 'old')}`);
  });

  it('says that nothing is published where nothing is', async () => {
    const empty = await makeIn(folder);
    const run = (...args: string[]): Promise<ProgramResult> => runOvn(args, { cwd: empty });
    expect(await run('list', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(await run('list')).toMatchObject({ code: 0, stdout: '', stderr: 'nothing is published yet\n' });
    expect(await run('categories', '--json')).toMatchObject({ code: 0, stdout: '{}\n' });
    for (const args of [['verify'], ['export', '-o', 'x.car'], ['show', 'x']])
      expect((await run(...args)).code).toBe(1);
  });

  it.each([
    [['list', '--limit', '0'], 2],
    [['list', '--limit', 'many'], 2],
    [['list', '--limit'], 2],
    [['list', 'more'], 2],
    [['list', '--categories'], 2],
    [['list', '--category', 'none'], 1],
    [['show'], 2],
    [['show', 'science'], 2],
    [['get', 'first-light', '--format', 'pdf'], 2],
    [['get', 'first-light', '--format', 'dir'], 2],
    [['frobnicate'], 2],
    [['key', 'import', 'king', 'x.pem'], 2],
  ])('%j ends with %i and a sentence', async (args, expected) => {
    const { code, stdout, stderr } = await ovn(...args);
    expect(stderr.length).toBeGreaterThan(10);
    expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });
});
