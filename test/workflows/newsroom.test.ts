import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchRedirect, parseRedirects } from '../../src/node/gateway/redirects-file.ts';
import { listKeys } from '../../src/repo/keyring.ts';
import { limitKey } from '../../src/workflows/keys/change-keys.ts';
import { type MoveOptions, moveArticles } from '../../src/workflows/newsroom/move-articles.ts';
import { type RenameOptions, renameCategory } from '../../src/workflows/newsroom/rename-category.ts';
import { setPaper } from '../../src/workflows/newsroom/set-paper.ts';
import { publish } from '../../src/workflows/publish.ts';
import { clockAt, Newsroom, NOW, source } from '../helpers/newsroom.ts';

const SCIENCE = 'articles/a.md';
const BOTH = 'articles/b.md';

/** Two articles are published, and a draft waits. */
async function newsroomOf(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write(SCIENCE, source());
  newsroom.write(BOTH, source({ categories: '[World, Science]', title: 'Both' }));
  newsroom.write('articles/draft.md', source({ title: 'Draft', draft: 'true' }));
  await newsroom.publish();
  return newsroom;
}

function rename(newsroom: Newsroom, options: Partial<RenameOptions>) {
  const given = { what: 'science', name: 'Research', slug: undefined, dryRun: false, ...options };
  return newsroom.publishing(({ repository, lock }) =>
    renameCategory(given, { repository, lock, now: NOW, clock: clockAt(NOW) }),
  );
}

function move(newsroom: Newsroom, options: Partial<MoveOptions>) {
  const given = { articles: [], from: undefined, to: undefined, dryRun: false, ...options };
  return newsroom.publishing(({ repository, node, lock }) =>
    moveArticles(given, { repository, read: node.read, lock, now: NOW, clock: clockAt(NOW) }),
  );
}

const textOf = (newsroom: Newsroom, path: string): string => readFileSync(newsroom.path(path), 'utf8');

describe('a category that is called otherwise', () => {
  it('is called so wherever the edition speaks, and as before in bundles and manifests of the past', async () => {
    const newsroom = await newsroomOf();
    await rename(newsroom, {});
    const { edition } = await newsroom.publish();
    const article = '2026/01/05/a';
    expect(await newsroom.read(edition, `articles/${article}.html`)).toContain('science.html">Research</a>');
    expect(await newsroom.read(edition, `articles/${article}/index.html`)).toContain('<li>Science</li>');
    const speaking = ['feed.json', 'index.html', 'categories/science/feed.atom', 'categories/science.html'];
    for (const path of speaking) {
      const text = await newsroom.read(edition, path);
      expect(text, path).toContain('Research');
      expect(text, path).not.toContain('Science');
    }
    const [manifest, former] = ['manifest.json', 'manifests/0/0/1.json'];
    expect(await newsroom.read(edition, manifest)).toContain('"science":{"cid"');
    expect(JSON.parse(await newsroom.read(edition, manifest)).categories.science.name).toBe('Research');
    expect(JSON.parse(await newsroom.read(edition, former)).categories.science.name).toBe('Science');
    expect(await newsroom.verify()).toMatchObject({ ok: true });
  });

  it('has every source that says one of its names, whatever it was called in between', async () => {
    const newsroom = await newsroomOf();
    await rename(newsroom, {});
    newsroom.write('articles/new.md', source({ title: 'New', categories: 'Research' }));
    await newsroom.publish();
    await rename(newsroom, { what: 'Research', name: 'Inquiry' });
    newsroom.write('articles/new.md', source({ title: 'New, again', categories: 'Research' }));
    newsroom.write('articles/newer.md', source({ title: 'Newer', categories: 'Inquiry' }));
    const report = await newsroom.publish();
    expect(report.categories).toMatchObject({ science: { name: 'Inquiry', count: 4 } });
    expect(Object.keys(report.categories)).toEqual(['science', 'world']);
  });

  it('is not called as before by itself where ovn.json forgets it, and takes no name of another', async () => {
    const newsroom = await newsroomOf();
    await rename(newsroom, {});
    await newsroom.publish();
    newsroom.configure({ categories: {} });
    newsroom.write(SCIENCE, source({ title: 'Again' }));
    const message = expect.stringContaining('is called "Research" in what is published');
    await expect(newsroom.publish()).rejects.toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ file: SCIENCE, message })]),
    });
    for (const name of ['World', 'world', 'Research'])
      await expect(rename(newsroom, { name })).rejects.toMatchObject({ code: 'exists' });
    await expect(rename(newsroom, { what: 'sport' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(rename(newsroom, { slug: 'Not a slug' })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a category with another address', () => {
  it('leads on from the former one, in editions and in sources; what lies elsewhere waits', async () => {
    const newsroom = await newsroomOf();
    const report = await rename(newsroom, { slug: 'research' });
    expect(report.sources.map(({ next }) => next)).toEqual(['revised', 'revised', 'held']);
    const { edition, changes } = await newsroom.publish();
    expect(changes).toEqual(report.changes);
    const rules = parseRedirects(await newsroom.read(edition, '_redirects'));
    expect(matchRedirect(rules, ['categories', 'science', '2026', '01'])?.to).toBe(
      '/categories/research/2026/01',
    );
    expect(matchRedirect(rules, ['categories', 'science.html'])?.to).toBe('/categories/research.html');
    newsroom.write('articles/new.md', source({ title: 'By an old hand', categories: 'Science' }));
    expect((await newsroom.publish()).categories).toMatchObject({ research: { name: 'Research', count: 3 } });
  });

  it('is published as it is called by then where a publication had to wait for it', async () => {
    const newsroom = await newsroomOf();
    const report = await newsroom.publishing((effects) => {
      const lock = async () => {
        await rename(newsroom, { name: 'Research & more', slug: 'research' });
        return effects.lock();
      };
      const options = { paths: [], dryRun: false, allowFuture: false, listUnchanged: false };
      return publish(options, { ...effects, lock });
    });
    expect(Object.keys(report.categories)).toEqual(['research', 'world']);
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
  });

  it('is in no edition, not even as a former one, while all of it is held back', async () => {
    const newsroom = await newsroomOf();
    newsroom.write('articles/draft.md', source({ title: 'Draft', categories: 'Secret', draft: 'true' }));
    await rename(newsroom, { what: 'secret', name: 'Hidden', slug: 'hidden' });
    const { edition } = await newsroom.publish();
    expect(await newsroom.read(edition, '_redirects')).toBe('/* /404.html 404\n');
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
    newsroom.write('articles/draft.md', source({ title: 'Draft', categories: 'Hidden' }));
    const released = await newsroom.publish();
    expect(await newsroom.read(released.edition, '_redirects')).toContain('/categories/hidden.html 301');
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
  });

  it('has none of its sources edited where one of them cannot be', async () => {
    const newsroom = await newsroomOf();
    newsroom.write('articles/bad.md', source({ title: 'Bad', date: 'yesterday' }));
    newsroom.write('articles/worse.md', 'no front matter');
    const before = textOf(newsroom, SCIENCE);
    await expect(rename(newsroom, { slug: 'research' })).rejects.toMatchObject({ code: 'source' });
    newsroom.remove('articles/worse.md');
    await expect(rename(newsroom, { slug: 'research' })).rejects.toMatchObject({
      findings: [{ file: 'articles/bad.md' }],
    });
    expect(textOf(newsroom, SCIENCE)).toBe(before);
    expect(textOf(newsroom, 'ovn.json')).not.toContain('research');
  });

  it('goes on where it stopped, and says what has no source to be edited', async () => {
    const newsroom = await newsroomOf();
    newsroom.write(SCIENCE, source({ categories: '[Research]' }));
    newsroom.remove(BOTH);
    const report = await rename(newsroom, { slug: 'research' });
    expect(report.left).toEqual([{ id: '2026/01/05/b', source: BOTH }]);
    expect(report.sources.map(({ source: path }) => path)).toEqual(['articles/draft.md']);
    expect(await newsroom.publish()).toMatchObject({ categories: { science: { count: 1 }, research: {} } });
  });

  it('is named by keys of the desk, pins and remotes, which are told', async () => {
    const newsroom = await newsroomOf();
    const did = await newsroom.use(({ repository }) => {
      const cid = repository.categories()['science']?.cid ?? expect.fail('no category');
      repository.pins.add({ cid, name: 'science', kind: 'category' });
      return listKeys(repository.keysDir).find(({ role }) => role === 'desk')?.did ?? '';
    });
    await newsroom.masthead((effects) =>
      limitKey({ did, categories: ['science', 'world'] }, effects, { dryRun: false }),
    );
    const report = await rename(newsroom, { slug: 'research', dryRun: true });
    expect(report.changes.categories).toContainEqual(
      expect.objectContaining({
        slug: 'science',
        after: null,
        namedBy: { pins: [expect.stringMatching(/^bafy/)], keys: [did], remotes: [] },
      }),
    );
    expect(report.sources.every(({ unsignable }) => unsignable)).toBe(true);
    expect(textOf(newsroom, SCIENCE)).toBe(source());
  });
});

describe('articles that are moved', () => {
  it('are in the other category, and a category without any goes', async () => {
    const newsroom = await newsroomOf();
    const report = await move(newsroom, { articles: ['2026/01/05/a'], from: 'Science', to: 'Deep Space' });
    expect(report.sources).toMatchObject([{ before: ['Science'], after: ['Deep Space'], next: 'revised' }]);
    expect((await newsroom.publish()).changes).toEqual(report.changes);
    const merged = await move(newsroom, { from: 'science', to: 'world' });
    expect(textOf(newsroom, BOTH)).toContain('categories: [World]');
    expect(merged.changes.categories.map(({ slug, after }) => [slug, after])).toEqual([['science', null]]);
    expect((await newsroom.publish()).changes).toEqual(merged.changes);
  });

  it('are refused where they would be in none, are not in the one, or are not there', async () => {
    const newsroom = await newsroomOf();
    await expect(move(newsroom, { from: 'science' })).rejects.toMatchObject({ code: 'source' });
    await expect(
      move(newsroom, { articles: ['2026/01/05/a'], from: 'world', to: 'x' }),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(move(newsroom, { articles: ['nope'], to: 'x' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(move(newsroom, { to: 'x' })).rejects.toMatchObject({ code: 'usage' });
    expect(textOf(newsroom, SCIENCE)).toBe(source());
  });
});

describe('the paper', () => {
  it('names the sources whose language would change, and refuses what ovn.json may not say', async () => {
    const newsroom = await newsroomOf();
    newsroom.write(SCIENCE, source({ language: 'fr' }));
    const set = (changes: Parameters<typeof setPaper>[0]) =>
      newsroom.publishing((effects) => setPaper(changes, { dryRun: false }, effects));
    expect((await set({ language: 'de' })).withoutLanguage).toEqual([BOTH, 'articles/draft.md']);
    expect(await set({ language: 'de' })).toMatchObject({ written: false, changes: { keptBundles: 2 } });
    const before = textOf(newsroom, 'ovn.json');
    await expect(set({ url: 'ftp://x' })).rejects.toMatchObject({ code: 'malformed' });
    await expect(set({})).rejects.toMatchObject({ code: 'usage' });
    expect(textOf(newsroom, 'ovn.json')).toBe(before);
  });
});
