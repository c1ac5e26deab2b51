import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquirePublishLock } from '../../src/repo/publish-lock.ts';
import type { PublishReport } from '../../src/workflows/publishing/report.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { image } from '../helpers/images.ts';
import { makeRepository, type ProgramResult, runOvn } from '../helpers/program.ts';
import { CLOCK, LATER, sourceOf, writeSources } from './support.ts';

const reportOf = ({ code, stdout, stderr }: ProgramResult): PublishReport => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
  return JSON.parse(stdout);
};

/** Every file of a repository by its hash. */
function filesOf(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), hashOf(join(parentPath, name))]),
  );
}

describe('publish --dry-run', () => {
  it('writes nothing, and says what the publication then says', async () => {
    await using repository = await makeRepository();
    const { dir } = repository;
    const rehearse = async (env: Record<string, string>) => {
      const before = filesOf(dir);
      const dry = reportOf(await repository.run(['publish', '--dry-run', '--json'], { env }));
      expect(filesOf(dir)).toEqual({ ...before, [join(dir, '.ovn', 'publish.lock')]: expect.any(String) });
      expect(reportOf(await repository.run(['publish', '--json'], { env }))).toEqual(dry);
      return dry;
    };
    writeSources(join(dir, 'articles'), {
      'a.md': sourceOf({ lines: ['image: a.png', 'imageAlt: A graphic'] }),
      'a.png': image('graphic.png'),
      'b.md': sourceOf({ categories: ['Science', 'World'] }),
      'c.md': sourceOf({ lines: ['draft: true'] }),
    });
    expect(await rehearse(CLOCK)).toMatchObject({ status: 'published', sequence: 1 });
    expect(await rehearse(CLOCK)).toMatchObject({ status: 'unchanged', sequence: 1 });
    writeSources(join(dir, 'articles'), {
      'b.md': sourceOf({ body: 'Other.' }),
      'new.md': sourceOf({ title: 'New' }),
    });
    rmSync(join(dir, 'articles', 'a.md'));
    expect(await rehearse(CLOCK)).toMatchObject({
      sequence: 2,
      missing: [{}],
      left: [{ category: 'world' }],
    });
    expect(await rehearse(LATER)).toMatchObject({ status: 'refreshed', sequence: 3 });
  });
});

describe('two publications at once', () => {
  it('queue, and the second finds nothing left to do', async () => {
    await using repository = await makeRepository({ articles: 'samples' });
    const results = await Promise.all([1, 2, 3].map(() => repository.run(['publish', '--json'])));
    const reports = results.map(reportOf);
    expect(reports.map(({ status }) => status).sort()).toEqual(['published', 'unchanged', 'unchanged']);
    expect(new Set(reports.map(({ edition }) => edition)).size).toBe(1);
  });

  it('of different articles both come about', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': sourceOf(), 'b.md': sourceOf() } });
    const publish = (path: string) => repository.run(['publish', `articles/${path}`, '--json']);
    const reports = (await Promise.all([publish('a.md'), publish('b.md')])).map(reportOf);
    expect(reports.map(({ sequence }) => sequence).sort()).toEqual([1, 2]);
    const last = reports.find(({ sequence }) => sequence === 2);
    expect(last?.categories['science']?.count).toBe(2);
    expect(await repository.run(['check'])).toMatchObject({ code: 0 });
  });

  it('the one that waits says so, and can be interrupted', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': sourceOf() } });
    await using _lock = await acquirePublishLock(join(repository.dir, '.ovn'));
    await using waiting = repository.start(['publish']);
    const [said] = await once(waiting.process.stderr, 'data');
    expect(String(said)).toContain('waiting');
    waiting.process.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130 });
  });
});

describe('what publish prints', () => {
  it('is headline, CID, the categories’ CIDs and what to type next', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': sourceOf() } });
    const { stdout, stderr } = await repository.run(['publish'], { env: CLOCK });
    const report = reportOf(await repository.run(['publish', '--json'], { env: CLOCK }));
    expect(stdout).toMatch(/^First light$/m);
    expect(stdout).toContain(report.articles[0]?.cid);
    expect(stdout).toContain(report.categories['science']?.cid);
    expect(stdout).toContain(report.edition);
    expect(stderr).toMatch(/What to type next:\n +(?:npx )?ovn serve/);
    const again = await repository.run(['publish'], { env: CLOCK });
    expect(again.stdout).toMatch(/^Nothing has changed/);
  });
});

describe('the exit code of publish', () => {
  it.each([
    [['publish', 'articles/none.md'], {}, 1, /there is no file or folder/],
    [['publish', 'ovn.json'], {}, 2, /not a Markdown file/],
    [['publish', '--nothing'], {}, 2, /unknown option/],
    [['publish'], { SOURCE_DATE_EPOCH: 'yesterday' }, 2, /SOURCE_DATE_EPOCH/],
    [['publish', '--repo', 'articles'], {}, 1, /no repository in articles/],
    [['publish'], { OVN_FAILPOINT: 'commit:before' }, 'SIGKILL', /^/],
  ])('of %j under %j is %s', async (args, env, code, said) => {
    await using repository = await makeRepository({ articles: { 'a.md': sourceOf() } });
    const result = await repository.run(args, { env });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(said);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it('is 1 for bad sources, each named with its line, also as JSON', async () => {
    await using repository = await makeRepository({
      articles: { 'bad.md': '---\ntitle: x\n---\n', 'worse.md': 'x', 'good.md': sourceOf() },
    });
    const plain = await repository.run(['publish']);
    expect(plain).toMatchObject({ code: 1, stdout: '' });
    expect(plain.stderr).toMatch(/^articles\/bad\.md:1: error: date: expected/m);
    expect(plain.stderr).toMatch(/^articles\/worse\.md:1: error: expected front matter/m);
    expect(plain.stderr).toMatch(/2 sources have errors; nothing was published/);
    const { code, stdout } = await repository.run(['publish', '--json']);
    const files = JSON.parse(stdout).error.findings.map(({ file }: { file: string }) => file);
    expect({ code, files: new Set(files) }).toEqual({
      code: 1,
      files: new Set(['articles/bad.md', 'articles/worse.md']),
    });
    expect(await repository.run(['list', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' });
  });

  it('is 1 outside of a repository', async () => {
    const { code, stderr } = await runOvn(['publish'], { cwd: temporaryFolder() });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('ovn init') });
  });

  it('is 1 when the passphrase is missing; nobody needs it when nothing is due', async () => {
    const dir = temporaryFolder();
    const env = { OVN_PASSPHRASE: 'correct horse' };
    expect(await runOvn(['init', '.', '--no-sample'], { cwd: dir, env })).toMatchObject({ code: 0 });
    writeSources(join(dir, 'articles'), { 'a.md': sourceOf() });
    const { code, stdout } = await runOvn(['publish', '--json'], { cwd: dir });
    expect({ code, error: JSON.parse(stdout).error.code }).toEqual({ code: 1, error: 'key' });
    expect(reportOf(await runOvn(['publish', '--json'], { cwd: dir, env }))).toMatchObject({ sequence: 1 });
    const unchanged = reportOf(await runOvn(['publish', '--json'], { cwd: dir }));
    expect(unchanged.status).toBe('unchanged');
  });
});
