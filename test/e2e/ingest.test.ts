import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IngestReport } from '../../src/workflows/ingest/report.ts';
import { zolaBlog } from '../helpers/foreign-blogs.ts';
import { runOvn } from '../helpers/program.ts';
import { blogOfYears, wordpressExport } from '../helpers/wordpress-export.ts';
import { CLOCK, makeIn, publishIn, readJson, sharedFolder, writeSources } from './support.ts';

const folder = sharedFolder();

async function ingest(dir: string, ...args: string[]): Promise<IngestReport> {
  return readJson(await runOvn(['ingest', ...args, '--json'], { cwd: dir, env: CLOCK }));
}

async function verify(dir: string, edition: string): Promise<number | string> {
  return (await runOvn(['verify', edition], { cwd: dir, env: CLOCK })).code;
}

function sources(dir: string): Record<string, string> {
  const names = readdirSync(join(dir, 'articles'), { recursive: true, encoding: 'utf8' });
  const texts = names.filter((name) => name.endsWith('.md'));
  return Object.fromEntries(texts.map((name) => [name, readFileSync(join(dir, 'articles', name), 'utf8')]));
}

describe('ovn ingest', () => {
  it('brings a WordPress export of 66 posts and a Zola blog of 700: they publish and verify, and come once', async () => {
    const dir = await makeIn(folder);
    const blog = join(folder, 'zola');
    const export_ = join(folder, 'export.xml');
    writeSources(blog, zolaBlog(700));
    writeFileSync(export_, wordpressExport(blogOfYears()));

    const wordpress = await ingest(dir, 'wordpress', export_, '--into', 'wp');
    expect(wordpress.articles).toHaveLength(66);
    expect(new Set(wordpress.articles.map(({ status }) => status))).toEqual(new Set(['written']));
    expect(wordpress.leftOut).toHaveLength(4);
    const zola = await ingest(dir, 'folder', blog);
    expect(zola.articles).toHaveLength(700);
    expect(zola.articles.filter(({ images }) => images.length === 2)).toHaveLength(70);

    const published = await publishIn(dir);
    const done = published.articles.filter(({ status }) => status === 'published');
    expect(done).toHaveLength(66 - 5 + 700 - 14);
    expect(await verify(dir, published.edition)).toBe(0);
    const secret = Object.values(sources(dir)).filter((text) => /secret words|private words/.test(text));
    expect(secret).toHaveLength(2);
    for (const text of secret) expect(text).toMatch(/^draft: true$/m);

    const before = sources(dir);
    const again = [
      await ingest(dir, 'wordpress', export_, '--into', 'wp'),
      await ingest(dir, 'folder', blog),
    ];
    for (const { articles } of again)
      expect(new Set(articles.map(({ status }) => status))).toEqual(new Set(['unchanged']));
    expect(sources(dir)).toEqual(before);
    expect((await publishIn(dir)).edition).toBe(published.edition);
  });

  it('says what it did and what was lost, and ends as the table of exit codes says', async () => {
    const dir = await makeIn(folder);
    const run = (...args: string[]) => runOvn(['ingest', ...args], { cwd: dir, env: CLOCK });
    const feed = join(folder, 'feed.json');
    const items = [
      {
        id: '1',
        title: 'One',
        date_published: '2020-01-02',
        content_html: '<img src="https://127.0.0.1/a.png"><script></script>',
      },
      { id: '2', title: 'Two', content_html: 'x' },
    ];
    writeFileSync(feed, JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items }));
    const first = await run('feed', feed, '--fetch-media', '--category', 'Elsewhere');
    expect(first.code).toBe(3);
    expect(first.stdout).toBe(
      'articles/2020-01-02-one.md: written (1)\n' +
        '  the image https://127.0.0.1/a.png became a link: it is at no public address\n' +
        '  <script> is left out\n',
    );
    expect(first.stderr).toContain('2: left out: it has no date\n');
    expect(first.stderr).toContain('wrote 1 article, 0 there already, 0 not written, 1 left out\n');
    expect(readFileSync(join(dir, 'articles/2020-01-02-one.md'), 'utf8')).toBe(
      '---\ntitle: One\ndate: 2020-01-02\nslug: one\ncategories:\n  - Elsewhere\n---\n\n[a.png](https://127.0.0.1/a.png)\n',
    );
    expect((await run('wordpress', feed)).stderr).toMatch(
      /feed\.json: line 1: .*\n|is no export of WordPress/,
    );
    const codes = [
      await run('wordpress', feed),
      await run('feed', join(folder, 'nowhere')),
      await run('folder', feed),
      await run('folder', folder, '--zone', 'CET'),
      await run('feed', feed, '--into', '../x'),
    ];
    expect(codes.map(({ code }) => code)).toEqual([1, 1, 2, 2, 2]);
    for (const { stderr } of codes) expect(stderr).not.toContain('unexpected');
  });
});
