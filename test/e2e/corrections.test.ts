import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ProgramResult, runOvn, startOvn } from '../helpers/program.ts';
import {
  CLOCK,
  cidAt,
  makeIn,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  verifyOutside,
} from './support.ts';

const SECRET = 'What nobody may read any more.';
const ID = '2025/07/07/first';

interface History {
  status: string;
  revisions: { revision: number; cid: string; kind: string; entry: number; withheld: boolean }[];
}

describe('corrections and retractions by the program', () => {
  const folder = sharedFolder();
  let dir: string;
  const cids: string[] = [];
  const editions: string[] = [];
  /** The site's own pages of it, by edition. */
  const pages: string[] = [];

  function ovn(...args: string[]): Promise<ProgramResult> {
    return runOvn(args, { cwd: dir, env: CLOCK });
  }

  async function publish(): Promise<void> {
    const { edition, articles } = await publishIn(dir);
    editions.push(edition);
    cids.push(articles.find(({ id }) => id === ID)?.cid ?? '');
    pages.push(`${await cidAt(dir, `${edition}/articles/${ID}.html`)}`);
  }

  beforeAll(async () => {
    dir = await makeIn(folder, {
      'first.md': sourceOf({ body: `${SECRET}\n`, lines: ['# a comment'] }),
      'second.md': sourceOf({ title: 'Second' }),
    });
    await publish();
    const corrected = await ovn('correct', 'first', '--type', 'clarification', '--text', 'It was: "five".');
    expect(corrected).toMatchObject({ code: 0, stderr: expect.stringContaining('ovn publish') });
    await publish();
    rmSync(join(dir, 'articles/first.md'));
    const retracted = await ovn(
      'retract',
      'first',
      '--withhold',
      '--text',
      'A court said so.',
      '--date',
      '2025-07-09',
    );
    expect(retracted).toMatchObject({ code: 0, stderr: expect.stringContaining('made again') });
    await publish();
  });

  it('writes what was asked for', () => {
    expect(readFileSync(join(dir, 'articles/first.md'), 'utf8')).toContain(
      '  - date: 2025-07-09\n    type: retraction\n    text: "A court said so."\n    withhold: true\n---\n',
    );
  });

  it('lists the revisions, why they were made, and what is withheld', async () => {
    const history = readJson<History>(await ovn('history', 'first', '--json'));
    expect(history).toMatchObject({
      status: 'retracted',
      revisions: [
        { revision: 1, cid: cids[0], kind: 'publish', withheld: true },
        { revision: 2, cid: cids[1], kind: 'correction', withheld: true },
        { revision: 3, cid: cids[2], kind: 'retraction', withheld: false },
      ],
    });
    const entries = history.revisions.map(({ entry }) => entry);
    expect(entries).toEqual(entries.toSorted((a, b) => a - b));
    const { stdout } = await ovn('history', cids[2] ?? '');
    expect(stdout).toContain('retraction of 2025-07-09: A court said so.');
    expect(stdout.match(/withheld/g)).toHaveLength(2);
  });

  it('is retracted in the list of articles too', async () => {
    const { stdout } = await ovn('list');
    expect(stdout).toMatch(/ 2025\/07\/07\/first {2}.* \(retracted\)$/m);
    expect(stdout.match(/retracted/g)).toHaveLength(1);
    const listed = readJson<{ id: string; status: string }[]>(await ovn('list', '--json'));
    expect(listed.map(({ id, status }) => `${id} ${status}`)).toEqual([
      `${ID} retracted`,
      '2025/07/07/second published',
    ]);
  });

  it('is whole and genuine afterwards', async () => {
    expect((await ovn('verify')).code).toBe(0);
    expect((await ovn('check')).code).toBe(0);
  });

  it.each([
    ['get', () => ['get', cids[0] ?? '']],
    ['get --revision', () => ['get', 'first', '--revision', '2', '--format', 'json']],
    ['get of a page', () => ['get', `${cids[0]}/index.html`]],
    ["get of the site's page", () => ['get', `${editions[1]}/articles/${ID}.html`]],
    ["get of the site's page as a file", () => ['get', pages[0] ?? '', '--format', 'html']],
    ["export of the site's page", () => ['export', pages[1] ?? '', '-o', 'out']],
    ['get as a folder', () => ['get', editions[1] ?? '', '--format', 'dir', '-o', 'out']],
    ['show', () => ['show', cids[1] ?? '']],
    ['show --revision', () => ['show', 'first', '--revision', '1']],
    ['export', () => ['export', cids[0] ?? '', '-o', 'out']],
    ['export of an earlier edition', () => ['export', editions[0] ?? '', '-o', 'out']],
    ['diff', () => ['diff', 'first', '1', '2']],
    ['diff with the retraction', () => ['diff', 'first']],
  ])('%s does not give a withheld text', async (_, args) => {
    const { code, stdout, stderr } = await ovn(...args());
    expect(stderr).toMatch(/^ovn: revision [12] of 2025\/07\/07\/first .* is withheld by a retraction/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(existsSync(join(dir, 'out'))).toBe(false);
  });

  it('gives it to who insists', async () => {
    expect((await ovn('get', 'first', '--revision', '1', '--withheld')).stdout).toContain(SECRET);
    expect((await ovn('show', cids[1] ?? '', '--withheld', '--json')).code).toBe(0);
  });

  it('does not serve it, by whatever address', async () => {
    const args = ['serve', '--any', '--json', '--http', '127.0.0.1:0'];
    await using program = startOvn(args, { cwd: dir, env: CLOCK });
    const { http } = JSON.parse(await program.readLine()) as { http: string };
    const address = `2025/07/07/first`;
    for (const path of [
      `/ipfs/${cids[0]}/`,
      `/ipfs/${cids[0]}/article.json`,
      `/ipfs/${cids[1]}?format=raw`,
      `/ipfs/${cids[0]}?format=car`,
      `/ipfs/${editions[1]}/articles/${address}/`,
      `/ipfs/${editions[1]}/revisions/${address}/1/`,
      `/ipfs/${editions[0]}/articles/${address}.html`,
      `/ipfs/${editions[1]}/articles/${address}.html`,
      `/ipfs/${pages[1]}?format=raw`,
    ]) {
      const response = await fetch(`${http}${path}`);
      expect([path, response.status]).toEqual([path, 410]);
      expect(await response.text()).not.toContain(SECRET);
    }
    expect((await fetch(`${http}/revisions/${address}/1/`)).status).toBe(404);
    const page = await fetch(`${http}/articles/${address}/`);
    expect(await page.text()).toContain('A court said so.');
    expect((await fetch(`${http}/ipfs/${editions[1]}/`)).status).toBe(200);
    expect((await fetch(`${http}/ipfs/${editions[1]}/articles/2025/07/07/second.html`)).status).toBe(200);
  });

  it('leaves a bundle that a stranger can judge', async () => {
    expect((await ovn('export', 'first', '-o', 'first.car')).code).toBe(0);
    const { report } = await verifyOutside(join(dir, 'first.car'));
    expect(report.ok).toBe(true);
    expect((await ovn('export', 'first', '--quiet', '--json', '-o', 'first.car')).code).toBe(0);
  });

  it('shows differences in the terminal', async () => {
    const other = await makeIn(folder, { 'first.md': sourceOf({ body: 'One.\n\nFive years.\n' }) });
    await publishIn(other);
    const run = (...args: string[]) => runOvn(args, { cwd: other, env: CLOCK });
    expect(await run('diff', 'first')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one revision'),
    });
    const source = join(other, 'articles/first.md');
    const { code } = await run('correct', source, '--text', 'Four, not five.');
    expect(code).toBe(0);
    const text = readFileSync(source, 'utf8').replace('Five years', 'Four long years');
    writeFileSync(source, text);
    await publishIn(other);
    const { stdout } = await run('diff', 'first');
    expect(stdout).toContain('correction of 2025-07-10T12:00:00Z: Four, not five.');
    expect(stdout).toContain('[-Five-]{+Four long+} years.');
    const report = await verifyOutside(await exportOf(other));
    const changes = report.report.checks.find(({ name }) => name === 'changes');
    expect(changes).toMatchObject({ result: 'not-checked' });
    expect(report.report.ok).toBe(true);
  });

  async function exportOf(other: string): Promise<string> {
    await runOvn(['export', 'first', '-o', 'a.car'], { cwd: other, env: CLOCK });
    return join(other, 'a.car');
  }

  it.each([
    ['an unknown type', ['correct', 'first', '--type', 'erratum', '--text', 'x'], 2],
    ['no text', ['correct', 'second'], 2],
    ['a wrong date', ['correct', 'second', '--text', 'x', '--date', '9.7.2025'], 2],
    ['an article that is retracted', ['correct', 'first', '--text', 'x'], 1],
    ['an unknown article', ['retract', 'third', '--text', 'x'], 1],
    ['an unknown revision', ['show', 'second', '--revision', '7'], 1],
    ['no number', ['diff', 'second', 'two'], 2],
  ] as const)('refuses %s', async (_, args, expected) => {
    const { code, stdout } = await ovn(...args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });

  it('prints what would be written', async () => {
    const before = readFileSync(join(dir, 'articles/second.md'), 'utf8');
    const { stdout } = await ovn('retract', 'second', '--text', 'No.', '--dry-run');
    expect(stdout).toContain('articles/second.md (not written: --dry-run)\n+ corrections:\n+   - date: 2025');
    expect(readFileSync(join(dir, 'articles/second.md'), 'utf8')).toBe(before);
  });
});
