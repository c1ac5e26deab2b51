import { cpSync, symlinkSync } from 'node:fs';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { parseArticle } from '../../src/bundle/article-json.ts';
import { isSameArticle } from '../../src/bundle/same-article.ts';
import type { LogFold } from '../../src/log/fold.ts';
import type { Check } from '../../src/trust/check.ts';
import { resolvePath } from '../../src/unixfs/directory.ts';
import { listHistory } from '../../src/workflows/history.ts';
import { limitKey } from '../../src/workflows/keys/change-keys.ts';
import { listHeldKeys } from '../../src/workflows/keys/list-keys.ts';
import { Evidence } from '../../src/workflows/verification/judging.ts';
import { judgeRerendered } from '../../src/workflows/verification/rerendered.ts';
import { invalid } from '../helpers/html-validity.ts';
import { image } from '../helpers/images.ts';
import { follow } from '../helpers/links.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';
import { filesBelow } from '../helpers/site-files.ts';
import { EXAMPLE } from '../theme/support.ts';
import { Mirror } from './holding/support.ts';

const DAY = 'articles/2026/01/05';
const CORRECTION = '[{date: 2026-01-06, text: It was red.}]';
const WITHHELD = '[{date: 2026-01-06, type: retraction, text: Not so., withhold: true}]';
const RETRACTED = '[{date: 2026-01-06, type: retraction, text: Not so.}]';

async function openPaper(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/dome.png', image('graphic.png'));
  newsroom.write('articles/a.md', source({ title: 'One', image: 'dome.png', imageAlt: 'A dome' }));
  newsroom.write('articles/b.md', source({ title: 'Two' }, 'It was *blue*.\n'));
  await newsroom.publish();
  return newsroom;
}

function takeTheme(newsroom: Newsroom): void {
  cpSync(EXAMPLE, newsroom.path('theme'), { recursive: true });
  newsroom.configure({ theme: 'theme' });
}

async function resultsOf(newsroom: Newsroom): Promise<Record<string, string>> {
  const { checks } = await newsroom.verify();
  return Object.fromEntries(checks.map(({ name, result }) => [name, result]));
}

const themesOf = (newsroom: Newsroom, edition: string): Promise<string[]> =>
  newsroom.use(async ({ node }) => {
    const files = await filesBelow(CID.parse(edition), node.read);
    const themes = [...files.keys()].filter((path) => path.startsWith('themes/'));
    return [...new Set(themes.map((path) => path.split('/')[1] ?? ''))];
  });

describe('a theme', () => {
  it('makes the pages of the edition anew, and no bundle that there is', async () => {
    const newsroom = await openPaper();
    const before = await newsroom.publish();
    takeTheme(newsroom);
    newsroom.write('articles/c.md', source({ title: 'Three' }));
    const report = await newsroom.publish();
    const { edition } = report;
    expect(report.renewed).toBe(true);
    expect(report.articles.map(({ cid, status }) => [cid, status])).toEqual([
      ...before.articles.map(({ cid }) => [cid, 'unchanged']),
      [expect.any(String), 'published'],
    ]);
    const [theme = ''] = await themesOf(newsroom, edition);
    expect((await newsroom.link(edition, `themes/${theme}`)).cid.toString()).toBe(theme);
    expect(await newsroom.read(edition, `themes/${theme}/templates/page.liquid`)).toContain(
      '{% part main %}',
    );
    const own = JSON.parse(await newsroom.read(edition, `${DAY}/c/article.json`));
    expect(own).toMatchObject({ theme, files: [{ role: 'page' }, { role: 'style' }] });
    expect(await newsroom.read(edition, `${DAY}/b/index.html`)).not.toContain('kicker');
    for (const slug of ['a', 'b', 'c'])
      expect(await newsroom.read(edition, `${DAY}/${slug}.html`)).toMatch(
        /data-theme.*kicker.*science\.html/s,
      );
    expect(await newsroom.read(edition, `${DAY}/a.html`)).toContain('<img src="a/media/dome-');
    const style = await newsroom.read(edition, 'style.css');
    expect(style).toMatch(/^@layer \{\n:is\(\.outlet/);
    expect(await newsroom.read(edition, `${DAY}/c/style.css`)).toBe(style);
    expect(await newsroom.read(edition, 'categories/science/style.css')).toBe(style);
    expect(await resultsOf(newsroom)).toMatchObject({
      themes: 'pass',
      bundles: 'pass',
      'root-entries': 'pass',
    });
    expect((await newsroom.publish()).status).toBe('unchanged');
    const files = await newsroom.use(({ node }) => filesBelow(CID.parse(edition), node.read));
    expect(follow('index.html', files).broken).toEqual([]);
    for (const [path, html] of files)
      if (path.endsWith('.html')) expect(invalid(html).map((said) => `${path}:${said}`)).toEqual([]);
  });

  it('stays in the edition as long as an article has it, and goes with the pages alone otherwise', async () => {
    const newsroom = await openPaper();
    const plain = await newsroom.publish();
    takeTheme(newsroom);
    const first = await newsroom.publish();
    newsroom.configure({ theme: undefined as never });
    const none = await newsroom.publish();
    expect([await themesOf(newsroom, first.edition), await themesOf(newsroom, none.edition)]).toEqual([
      [expect.any(String)],
      [],
    ]);
    expect(none.renewed).toBe(true);
    for (const path of ['index.html', `${DAY}/a.html`, 'style.css'])
      expect(await newsroom.read(none.edition, path)).toBe(await newsroom.read(plain.edition, path));
    newsroom.configure({ theme: 'theme' });
    newsroom.write('articles/c.md', source({ title: 'Three' }));
    await newsroom.publish();
    newsroom.write('theme/additions.css', ':root { --ink: #222 }');
    const { edition } = await newsroom.publish();
    expect(await themesOf(newsroom, edition)).toHaveLength(2);
    expect(await resultsOf(newsroom)).toMatchObject({ themes: 'pass' });
  });

  it('comes along to a mirror that keeps one category', async () => {
    const newsroom = await openPaper();
    takeTheme(newsroom);
    const { edition } = await newsroom.publish();
    const [theme = ''] = await themesOf(newsroom, edition);
    const mirror = await Mirror.open();
    await newsroom.use(({ node }) => mirror.hold(CID.parse(edition), { categories: ['science'] }, node.read));
    const path = ['themes', theme, 'templates', 'page.liquid'];
    expect(await resolvePath(CID.parse(edition), path, mirror.read)).toBeDefined();
  });

  it.each([
    ['theme/style.css', 'h1 { display: none }', /^theme\/style\.css:1: /],
    ['theme/templates/page.liquid', '{% part main %}', /^theme\/templates\/page\.liquid:1: /],
    [
      'theme/templates/page.liquid',
      new Uint8Array([0xff]),
      /^theme\/templates\/page\.liquid:1: it is not UTF-8/,
    ],
  ])('is refused with file and line, and nothing is published: %s', async (file, content, said) => {
    const newsroom = await openPaper();
    takeTheme(newsroom);
    newsroom.write(file, content);
    const failure = await newsroom.publish().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'source' });
    const { findings } = failure as { findings: { file: string; line: number; message: string }[] };
    expect(findings.map((each) => `${each.file}:${each.line}: ${each.message}`)).toEqual([
      expect.stringMatching(said),
    ]);
    expect(await newsroom.use(({ repository }) => repository.head()?.sequence)).toBe(1);
  });

  it('has no other files, and not too much of them', async () => {
    const newsroom = await openPaper();
    newsroom.configure({ theme: 'theme' });
    await expect(newsroom.publish()).rejects.toMatchObject({ code: 'not-found' });
    newsroom.write('theme/script.js', '');
    await expect(newsroom.publish()).rejects.toMatchObject({ code: 'source' });
    newsroom.remove('theme/script.js');
    newsroom.write('secret.pem', 'secret');
    symlinkSync('../secret.pem', newsroom.path('theme/LICENSE'));
    await expect(newsroom.publish()).rejects.toMatchObject({ code: 'source' });
    newsroom.remove('theme/LICENSE');
    newsroom.write('theme/media/logo.png', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await expect(newsroom.publish()).rejects.toMatchObject({ code: 'malformed' });
    newsroom.remove('theme/media/logo.png');
    newsroom.write('theme/README.md', new Uint8Array(2 ** 20 + 1));
    await expect(newsroom.publish()).rejects.toMatchObject({ code: 'limit' });
  });
});

describe('publish --rerender', () => {
  it('makes the same articles anew, and moves no date', async () => {
    const newsroom = await openPaper();
    newsroom.write('articles/b.md', source({ title: 'Two', corrections: CORRECTION }, 'It was *red*.\n'));
    const before = await newsroom.publish();
    takeTheme(newsroom);
    const planned = await newsroom.publish({ rerender: [], dryRun: true });
    const report = await newsroom.publish({ rerender: [], now: new Date('2026-01-20T00:00:00Z') });
    const statuses = report.articles.map(({ revision, status }) => [revision, status]);
    expect(statuses).toEqual([
      [2, 'rerendered'],
      [3, 'rerendered'],
    ]);
    expect(planned.articles).toEqual(report.articles);
    const record = async (edition: string, slug: string) =>
      parseArticle(Buffer.from(await newsroom.read(edition, `${DAY}/${slug}/article.json`)));
    for (const slug of ['a', 'b']) {
      const [old, anew] = [await record(before.edition, slug), await record(report.edition, slug)];
      expect(isSameArticle(old, anew)).toBe(true);
      expect(anew.dateModified).toBe(old.dateModified);
      expect(await newsroom.read(report.edition, `${DAY}/${slug}/index.html`)).toContain('kicker');
    }
    expect(await newsroom.read(report.edition, `${DAY}/b/index.html`)).toContain('It was red.');
    expect(await newsroom.read(report.edition, `${DAY}/a/index.html`)).not.toContain('notice');
    const dated = (xml: string): string[] => xml.match(/<(?:updated|published)>[^<]*/g) ?? [];
    expect(dated(await newsroom.read(report.edition, 'feed.atom'))).toEqual(
      dated(await newsroom.read(before.edition, 'feed.atom')),
    );
    expect(await resultsOf(newsroom)).toMatchObject({
      rerendered: 'pass',
      themes: 'pass',
      'log-articles': 'pass',
    });
    const { revisions } = await newsroom.use(({ repository, node }) =>
      listHistory('a', { repository, read: node.read }),
    );
    expect(revisions.map(({ kind, reasons }) => [kind, reasons.length])).toEqual([
      ['publish', 0],
      ['rerender', 0],
    ]);
    for (const rerender of [[], undefined])
      expect((await newsroom.publish({ rerender })).status).toBe('unchanged');
    newsroom.write(
      'articles/b.md',
      source({ title: 'Two', corrections: CORRECTION }, 'It was *dark red*.\n'),
    );
    const after = await newsroom.publish();
    expect(after.articles).toMatchObject([{ status: 'unchanged' }, { revision: 4, status: 'revised' }]);
    expect(await newsroom.read(after.edition, `${DAY}/b/changes.html`)).toContain('strip');
    expect(await resultsOf(newsroom)).toMatchObject({ bundles: 'pass', rerendered: 'pass' });
  });

  it('keeps what tells of a change that nobody gave a reason for', async () => {
    const newsroom = await openPaper();
    newsroom.write('articles/b.md', source({ title: 'Two' }, 'It was *red*.\n'));
    const before = await newsroom.publish();
    takeTheme(newsroom);
    const { edition } = await newsroom.publish({ rerender: [] });
    expect(await newsroom.read(edition, `${DAY}/b/index.html`)).toContain('href="changes.html"');
    const changes = await newsroom.read(edition, `${DAY}/b/changes.html`);
    expect(changes).toBe(await newsroom.read(before.edition, `${DAY}/b/changes.html`));
    expect(changes).toContain('blue');
    expect(await resultsOf(newsroom)).toMatchObject({ bundles: 'pass', rerendered: 'pass' });
    newsroom.configure({ name: 'Another Paper' });
    const again = await newsroom.publish({ rerender: ['b'] });
    expect(await newsroom.read(again.edition, `${DAY}/b/changes.html`)).toBe(changes);
    expect(await newsroom.verify()).toMatchObject({ ok: true });
  });

  it('is of the articles that are named, for another name of the outlet as well', async () => {
    const newsroom = await openPaper();
    newsroom.configure({ name: 'Another Paper' });
    const report = await newsroom.publish({ rerender: ['a'] });
    expect(report.articles).toMatchObject([{ id: '2026/01/05/a', status: 'rerendered' }]);
    expect(await newsroom.read(report.edition, `${DAY}/a/index.html`)).toContain('Another Paper');
    expect(await newsroom.read(report.edition, `${DAY}/b/index.html`)).toContain('The Paper');
    await expect(newsroom.publish({ rerender: ['c'] })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says what to do where no key here may sign one of them: nothing of it can be proposed', async () => {
    const newsroom = await openPaper();
    await newsroom.masthead((effects) => {
      const did = listHeldKeys(effects.repository).find(({ role }) => role === 'desk')?.id ?? '';
      return limitKey({ did, categories: ['world'] }, effects, { dryRun: false });
    });
    newsroom.configure({ name: 'Another Paper' });
    await expect(newsroom.publish({ rerender: [] })).rejects.toMatchObject({
      code: 'key',
      hint: 'Name the articles that the keys here may sign: ovn publish --rerender ARTICLES.',
    });
  });

  it('calls categories as they are called now on the pages of the edition, as in the bundles in these', async () => {
    const newsroom = await openPaper();
    newsroom.configure({ name: 'Another Paper', categories: { science: 'Research' } });
    const { edition } = await newsroom.publish({ rerender: ['a'] });
    for (const article of ['2026/01/05/a', '2026/01/05/b'])
      expect(await newsroom.read(edition, `articles/${article}.html`)).toContain(
        'science.html">Research</a>',
      );
    expect(await newsroom.read(edition, 'articles/2026/01/05/a/index.html')).toContain('<li>Science</li>');
  });

  it('brings back nothing of what was retracted or withheld', async () => {
    const newsroom = await openPaper();
    newsroom.write('articles/a.md', source({ title: 'One', corrections: RETRACTED }));
    newsroom.write('articles/b.md', source({ title: 'Two', corrections: WITHHELD }));
    const before = await newsroom.publish();
    takeTheme(newsroom);
    const report = await newsroom.publish({ rerender: [] });
    expect(report.articles).toMatchObject([
      { id: '2026/01/05/a', status: 'rerendered' },
      { id: '2026/01/05/b', status: 'unchanged', cid: before.articles[1]?.cid },
    ]);
    expect(await newsroom.read(report.edition, `${DAY}/a/index.html`)).toContain('notice retraction');
    expect(await newsroom.read(report.edition, `${DAY}/b.html`)).toContain('data-theme');
    expect(await newsroom.read(report.edition, `${DAY}/b.html`)).not.toContain('blue');
    const { checks } = await newsroom.verify();
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
    await expect(newsroom.publish({ rerender: ['b'] })).rejects.toMatchObject({ code: 'usage' });
  });

  it('is refused by readers where the log calls something else by that name', async () => {
    const newsroom = await openPaper();
    newsroom.write('articles/b.md', source({ title: 'Two' }, 'It was *green*.\n'));
    const { articles } = await newsroom.publish();
    const [id, cid] = ['2026/01/05/b', articles.find(({ revision }) => revision === 2)?.cid ?? ''];
    const newest = { revision: 2, cid, kind: 'rerender' as const, time: '', index: 0 };
    const fold = { articles: new Map([[id, { newest, earlier: [] }]]) } as unknown as LogFold;
    const checks: Check[] = [];
    await newsroom.use(({ node }) => {
      const evidence = new Evidence(node.read, { now: NOW, signal: new AbortController().signal });
      return judgeRerendered(checks, fold, [{ id, cid: CID.parse(cid) }], evidence);
    });
    expect(checks).toMatchObject([{ name: 'rerendered', result: 'fail' }]);
  });
});
