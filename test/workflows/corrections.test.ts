import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseArticle } from '../../src/bundle/article-json.ts';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import { audit } from '../../src/workflows/audit.ts';
import { type CorrectOptions, correct } from '../../src/workflows/correct.ts';
import { diffRevisions } from '../../src/workflows/diff.ts';
import { listHistory } from '../../src/workflows/history.ts';
import { verify } from '../../src/workflows/verify.ts';
import { image } from '../helpers/images.ts';
import { clockAt, Newsroom, NOW, source } from '../helpers/newsroom.ts';

const ID = '2026/01/05/a';
const signal = new AbortController().signal;

/** The article `a`, published, in two categories. */
async function published(fields: Record<string, string> = {}): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write(
    'articles/a.md',
    source({ categories: '[Science, World]', ...fields }, 'The secret text.\n'),
  );
  newsroom.write('articles/b.md', source({}, 'Another text.\n'));
  await newsroom.publish();
  return newsroom;
}

function say(newsroom: Newsroom, options: Partial<CorrectOptions> = {}) {
  const usual = {
    what: ID,
    kind: 'correction',
    text: 'It was five.',
    withhold: false,
    dryRun: false,
  } as const;
  return newsroom.use(({ repository, node }) =>
    correct(
      { ...usual, date: undefined, ...options },
      {
        repository,
        read: node.read,
        now: NOW,
        clock: clockAt(NOW),
        lock: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
      },
    ),
  );
}

function retract(newsroom: Newsroom, options: Partial<CorrectOptions> = {}) {
  return say(newsroom, { kind: 'retraction', text: 'It never took place.', ...options });
}

function verified(newsroom: Newsroom, what?: string) {
  return newsroom.use(async ({ repository, node: { read } }) => {
    const options = { what, publication: undefined, requireCurrent: false };
    const local = { repository, read };
    const effects = { local, memories: undefined, policy: NO_WITNESSES, now: NOW, signal };
    const { report } = await verify(options, effects);
    return report;
  });
}

async function audited(newsroom: Newsroom): Promise<boolean> {
  const { ok } = await newsroom.use(({ repository, node: { read } }) =>
    audit({ repository, read, now: NOW, signal }),
  );
  return ok;
}

function history(newsroom: Newsroom) {
  return newsroom.use(({ repository, node: { read } }) => listHistory('a', { repository, read }));
}

async function articleOf(newsroom: Newsroom, bundle: string) {
  return parseArticle(Buffer.from(await newsroom.read(bundle, 'article.json')));
}

function cidOf(newsroom: Newsroom): Promise<string> {
  return newsroom.use(({ repository }) => repository.articles.get(ID)?.cid ?? '');
}

describe('correct', () => {
  it('writes into the source, and the next publication makes the revision', async () => {
    const newsroom = await published();
    const before = readFileSync(newsroom.path('articles/a.md'), 'utf8');
    const report = await say(newsroom);
    expect(report).toMatchObject({ id: ID, source: 'articles/a.md', type: 'correction', restored: null });
    expect(report.date).toBe('2026-01-10T12:00:00Z');
    const after = readFileSync(newsroom.path('articles/a.md'), 'utf8');
    expect(after.replace(report.added, '')).toBe(before);
    expect(await cidOf(newsroom)).toBe((await history(newsroom)).revisions.at(-1)?.cid);
    const { articles } = await newsroom.publish();
    expect(articles[0]).toMatchObject({ revision: 2, status: 'revised' });
    expect((await history(newsroom)).revisions).toMatchObject([
      { revision: 1, kind: 'publish', reasons: [], entry: 1 },
      { revision: 2, kind: 'correction', reasons: [{ text: 'It was five.' }], sequence: 2 },
    ]);
  });

  it.each([
    ['clarification', 'correction'],
    ['update', 'update'],
  ] as const)('records a %s as %s', async (kind, event) => {
    const newsroom = await published();
    await say(newsroom, { kind });
    await newsroom.publish();
    expect((await history(newsroom)).revisions.at(-1)).toMatchObject({
      kind: event,
      reasons: [{ type: kind }],
    });
  });

  it('writes nothing when it is only asked what it would write', async () => {
    const newsroom = await published();
    const before = readFileSync(newsroom.path('articles/a.md'));
    expect(await say(newsroom, { dryRun: true })).toMatchObject({ written: false });
    expect(readFileSync(newsroom.path('articles/a.md'))).toEqual(before);
    newsroom.remove('articles/a.md');
    expect(await say(newsroom, { dryRun: true })).toMatchObject({ written: false, restored: { media: [] } });
    expect(existsSync(newsroom.path('articles/a.md'))).toBe(false);
  });

  it('makes a source that is gone again from its bundle, with the pictures', async () => {
    const newsroom = await Newsroom.open();
    const fields = { image: 'pictures/photo.jpg', imageAlt: 'A photo', summary: '"A: b"', slug: 'a' };
    newsroom.write('articles/x.md', source(fields, '\n# Text\n\n![x](../graphic.png)\n'));
    newsroom.write('articles/pictures/photo.jpg', image('photo.jpg'));
    newsroom.write('graphic.png', image('graphic.png'));
    await newsroom.publish();
    const before = await articleOf(newsroom, await cidOf(newsroom));
    for (const name of ['articles/x.md', 'articles/pictures/photo.jpg']) newsroom.remove(name);
    const { restored } = await say(newsroom);
    expect(restored?.media).toEqual([
      { path: 'graphic.png', status: 'kept' },
      { path: 'articles/pictures/photo.jpg', status: 'restored' },
    ]);
    await newsroom.publish();
    const after = await articleOf(newsroom, await cidOf(newsroom));
    const { articleBody, headline, description, revision, files } = after;
    expect({ articleBody, headline, description }).toEqual({
      articleBody: before.articleBody,
      headline: before.headline,
      description: before.description,
    });
    expect(revision).toBe(2);
    expect(files.filter(({ role }) => role === 'image')).toEqual(
      before.files.filter(({ role }) => role === 'image'),
    );
  });

  it('writes into a source that was moved, and not beside it', async () => {
    const newsroom = await published({ slug: 'a' });
    newsroom.write('articles/moved/z.md', readFileSync(newsroom.path('articles/a.md')));
    newsroom.remove('articles/a.md');
    expect(await say(newsroom)).toMatchObject({ source: 'articles/moved/z.md', restored: null });
    expect(existsSync(newsroom.path('articles/a.md'))).toBe(false);
  });

  it('writes into the file that a symbolic link leads to, with its permissions', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('vault/v.md', source());
    chmodSync(newsroom.path('vault/v.md'), 0o666);
    mkdirSync(newsroom.path('articles'), { recursive: true });
    symlinkSync('../vault/v.md', newsroom.path('articles/v.md'));
    await newsroom.publish();
    await say(newsroom, { what: '2026/01/05/v' });
    expect(lstatSync(newsroom.path('articles/v.md')).isSymbolicLink()).toBe(true);
    expect(readFileSync(newsroom.path('vault/v.md'), 'utf8')).toContain('corrections:');
    expect(statSync(newsroom.path('vault/v.md')).mode & 0o777).toBe(0o666);
    expect((await newsroom.publish()).articles).toMatchObject([{ source: 'articles/v.md', revision: 2 }]);
  });

  it.each([
    ['an empty text', { text: ' \n ' }, 'usage'],
    ['a text that is too long', { text: 'x'.repeat(10_001) }, 'usage'],
    ['a text that steers a terminal', { text: 'a\u001b[2Jb' }, 'usage'],
    ['a date in a wrong form', { date: '9 July 2025' }, 'usage'],
    ['what is not published', { what: '2026/01/05/nothing' }, 'not-found'],
    ['a category', { what: 'science' }, 'not-found'],
  ] as const)('refuses %s, and leaves the source as it is', async (_, options, code) => {
    const newsroom = await published();
    const before = readFileSync(newsroom.path('articles/a.md'));
    await expect(say(newsroom, options)).rejects.toMatchObject({ code });
    expect(readFileSync(newsroom.path('articles/a.md'))).toEqual(before);
  });

  it.each([
    ['errors', source({ title: '""' })],
    ['another id', source({ slug: 'other' })],
    ['corrections that are no list', source({ corrections: 'one' })],
    ['a front matter that has no room for more', source({ summary: `x\n# ${'x'.repeat(65_400)}` })],
  ])('refuses a source with %s', async (_, text) => {
    const newsroom = await published();
    newsroom.write('articles/a.md', text);
    await expect(say(newsroom)).rejects.toMatchObject({ code: 'source' });
    expect(readFileSync(newsroom.path('articles/a.md'), 'utf8')).toBe(text);
  });
});

describe('corrections that are one mapping', () => {
  it('become a list, and the article has both', async () => {
    const newsroom = await published();
    newsroom.write('articles/a.md', source({ corrections: '\n  date: 2026-01-06\n  text: one' }));
    await say(newsroom);
    const { edition } = await newsroom.publish();
    expect(await newsroom.read(edition, 'articles/2026/01/05/a/article.json')).toMatch(/"one".*It was five/);
  });
});

describe('retract', () => {
  it('is final, leads the page, and keeps the text in the record', async () => {
    const newsroom = await published();
    await retract(newsroom);
    const { edition } = await newsroom.publish();
    const bundle = await cidOf(newsroom);
    expect(await articleOf(newsroom, bundle)).toMatchObject({
      status: 'retracted',
      articleBody: 'The secret text.\n',
      correction: [{ kind: 'retraction', text: 'It never took place.' }],
    });
    const page = await newsroom.read(bundle, 'index.html');
    expect(page.indexOf('has been retracted')).toBeLessThan(page.indexOf('<h1>'));
    expect(await newsroom.read(edition, 'index.html')).toContain('<span class="corrected">Retracted</span>');
    expect(await newsroom.read(edition, `revisions/${ID}/1/article.json`)).toContain('secret');
    const { status, revisions } = await history(newsroom);
    expect([status, revisions.at(-1)?.kind]).toEqual(['retracted', 'retraction']);
    expect(await verified(newsroom)).toMatchObject({ ok: true });
    for (const options of [{}, { kind: 'retraction' }] as const)
      await expect(say(newsroom, options)).rejects.toMatchObject({ code: 'exists' });
    newsroom.write('articles/a.md', source({ categories: '[Science, World]' }, 'The secret text, again.\n'));
    await expect(newsroom.publish()).rejects.toMatchObject({
      code: 'source',
      findings: [{ message: expect.stringContaining('this article is retracted, for good') }],
    });
  });

  it('refuses a second retraction before the first is published', async () => {
    const newsroom = await published();
    await retract(newsroom);
    await expect(retract(newsroom)).rejects.toMatchObject({ code: 'exists' });
    await expect(say(newsroom)).rejects.toMatchObject({ code: 'exists' });
  });

  it('holds back a source that is retracted and was never published', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/b.md', source());
    newsroom.write(
      'articles/a.md',
      source({ corrections: '[{date: 2026-01-06, type: retraction, text: No}]' }),
    );
    const { held, articles } = await newsroom.publish();
    expect(held).toEqual([
      { source: 'articles/a.md', reason: 'retracted, and never published', until: null },
    ]);
    expect(articles.map(({ status }) => status)).toEqual(['held', 'published']);
  });
});

describe('retract --withhold', () => {
  async function withheld(): Promise<{ newsroom: Newsroom; earlier: string; edition: string }> {
    const newsroom = await published({ summary: 'The secret summary', authors: '[Mara]' });
    await say(newsroom, { text: 'The secret reason.' });
    await newsroom.publish();
    const earlier = await cidOf(newsroom);
    await retract(newsroom, { withhold: true });
    const { edition } = await newsroom.publish();
    return { newsroom, earlier, edition };
  }

  it('leaves headline, dates, categories and notice', async () => {
    const { newsroom, earlier } = await withheld();
    const bundle = await cidOf(newsroom);
    const json = await newsroom.read(bundle, 'article.json');
    expect(json).not.toMatch(/secret|Mara/);
    expect(await newsroom.read(bundle, 'index.html')).not.toMatch(/secret|Mara/);
    const article = await articleOf(newsroom, bundle);
    expect(article).toMatchObject({
      headline: 'A headline',
      revision: 3,
      previous: earlier,
      status: 'retracted',
      withheld: [1, 2],
      articleBody: '',
      categories: [{ slug: 'science' }, { slug: 'world' }],
      correction: [{ kind: 'retraction', text: 'It never took place.' }],
    });
    expect(article.files.map(({ path }) => path)).toEqual(['index.html', 'style.css']);
  });

  it('takes the earlier revisions out of the edition, and keeps CIDs and reason in the record', async () => {
    const { newsroom, edition, earlier } = await withheld();
    for (const folder of ['', 'categories/science/', 'categories/world/'])
      await expect(newsroom.link(edition, `${folder}revisions/${ID}`)).rejects.toThrow('is not in');
    const { revisions } = await history(newsroom);
    expect(revisions).toMatchObject([
      { revision: 1, withheld: true, reasons: [] },
      { revision: 2, withheld: true, reasons: [], cid: earlier },
      { revision: 3, withheld: false, kind: 'retraction', reasons: [{ text: 'It never took place.' }] },
    ]);
    const events = await newsroom.use(({ repository }) => repository.events.list());
    expect(events.at(-1)).toMatchObject({ kind: 'retraction', article: ID, withheld: [1, 2] });
    expect(await verified(newsroom)).toMatchObject({ ok: true });
    expect(await verified(newsroom, 'science')).toMatchObject({ ok: true });
    expect(await audited(newsroom)).toBe(true);
    await expect(
      newsroom.use(({ repository, node: { read } }) => diffRevisions('a', ['1', '2'], { repository, read })),
    ).rejects.toMatchObject({ code: 'withheld' });
  });

  it('can follow a retraction, and stays', async () => {
    const newsroom = await published();
    await retract(newsroom);
    await newsroom.publish();
    await retract(newsroom, { withhold: true, text: 'A court asked for it.' });
    await newsroom.publish();
    expect(await articleOf(newsroom, await cidOf(newsroom))).toMatchObject({ withheld: [1, 2], revision: 3 });
    await expect(retract(newsroom, { withhold: true })).rejects.toMatchObject({ code: 'exists' });
    const text = readFileSync(newsroom.path('articles/a.md'), 'utf8');
    writeFileSync(newsroom.path('articles/a.md'), text.replace('withhold: true', 'withhold: false'));
    await expect(newsroom.publish()).rejects.toMatchObject({
      findings: [{ message: expect.stringContaining('the text of this article is withheld, for good') }],
    });
    writeFileSync(newsroom.path('articles/a.md'), text.replace('A court', 'The court'));
    await newsroom.publish();
    expect(await articleOf(newsroom, await cidOf(newsroom))).toMatchObject({
      withheld: [1, 2, 3],
      revision: 4,
    });
    expect(await verified(newsroom)).toMatchObject({ ok: true });
    expect(await audited(newsroom)).toBe(true);
  });
});

describe('changes.html', () => {
  it('is in revision 2 and later, and verification makes it anew where it can', async () => {
    const newsroom = await published();
    const first = await cidOf(newsroom);
    await expect(newsroom.link(first, 'changes.html')).rejects.toThrow('is not in');
    newsroom.write('articles/a.md', source({ categories: '[Science]' }, 'The open text.\n'));
    await newsroom.publish();
    const second = await cidOf(newsroom);
    const page = await newsroom.read(second, 'changes.html');
    expect(page).toMatch(/<del>.*secret.*<\/del>.*<ins>.*open/);
    expect(await newsroom.read(second, 'index.html')).toContain('<a href="changes.html">');
    const check = (await verified(newsroom, second)).checks.find(({ name }) => name === 'changes');
    expect(check?.result).toBe('pass');
    const { revisions } = await history(newsroom);
    expect(revisions.at(-1)).toMatchObject({ kind: 'update', reasons: [] });
    const report = await newsroom.use(({ repository, node: { read } }) =>
      diffRevisions('a', [], { repository, read }),
    );
    expect(report).toMatchObject({
      before: { revision: 1, cid: first },
      after: { revision: 2, cid: second },
    });
    expect(report.body).toEqual([
      {
        kind: 'changed',
        pieces: [
          { kind: 'same', text: 'The ' },
          { kind: 'removed', text: 'secret' },
          { kind: 'added', text: 'open' },
          { kind: 'same', text: ' text.' },
        ],
      },
    ]);
  });
});
