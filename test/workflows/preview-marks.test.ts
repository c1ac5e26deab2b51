import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { HeldBack } from '../../src/article/release.ts';
import { ASSETS } from '../../src/workflows/previewing/assets.ts';
import { markOf, markPage, widenPolicy } from '../../src/workflows/previewing/mark-page.ts';

const ID = '2026/01/05/hush';
const EMBARGO: HeldBack = { reason: 'publishAt: 2026-01-10T10:00:00+01:00', until: '2026-01-10T09:00:00Z' };
const MARK =
  '<strong class="ovn-preview-mark" lang="en" dir="ltr">Embargoed until 2026-01-10 09:00:00 UTC</strong>';
const page = (main: string): string =>
  `<html><head>\n<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'">\n</head>\n<body class="x">\n${main}</body></html>`;
const mark = (main: string, path: string, held: HeldBack | null = EMBARGO) =>
  markPage(page(main), path, {
    generation: 'one-1',
    changed: new Map([[ID, { source: 'articles/hush.md', held: held ?? undefined }]]),
    findings: [
      { severity: 'error', file: 'articles/<b>.md', line: 3, message: 'date: found "x"' },
      { severity: 'warning', file: 'articles/hush.md', line: 5, message: 'of this article' },
      { severity: 'warning', file: 'articles/other.md', line: 7, message: 'of another' },
    ],
  });

describe('what an article that is held back is marked with', () => {
  it.each<[HeldBack, string]>([
    [EMBARGO, 'Embargoed until 2026-01-10 09:00:00 UTC'],
    [{ reason: 'draft' }, 'Draft'],
    [{ reason: 'embargo: until the verdict' }, 'Embargoed: until the verdict'],
    [{ reason: 'published: false' }, 'Held back (published: false)'],
    [{ reason: 'dated 2030-01-01' }, 'Held back (dated 2030-01-01)'],
  ])('%o', (held, words) => {
    expect(markOf(held)).toBe(words);
  });
});

describe('a page of a preview', () => {
  it.each([
    ['/', `articles/${ID}/`],
    ['/', `articles/${ID}.html`],
    ['/categories/science/', `${ID}/`],
    ['/articles/2026/01/', '05/hush/'],
    ['/articles/2026/01/06/next/', `../../../../../articles/${ID}/index.html`],
  ])('%s marks a link to %s', (path, href) => {
    const link = `<a class="x" href="${href}"><b>Hush</b></a>`;
    expect(mark(link, path)).toContain(`${link} ${MARK}`);
    expect(mark(link, path, null)).not.toContain('ovn-preview-mark');
  });

  it.each([
    ['/', `https://other.example/articles/${ID}/`],
    ['/', `articles/${ID}/article.json`],
    ['/', `revisions/${ID}/1/`],
    ['/', 'articles/2026/01/05/'],
    ['/', `articles/${ID}-2/`],
    ['/', 'http://[broken'],
  ])('%s marks no link to %s', (path, href) => {
    expect(mark(`<a href="${href}">x</a>`, path)).not.toContain('ovn-preview-mark');
  });

  it('of such an article bears its mark, and the warnings of its source', () => {
    for (const path of [`/articles/${ID}/`, `/categories/a-b/${ID}/index.html`, `/articles/${ID}.html`]) {
      const html = mark('', path);
      expect(html).toContain(MARK);
      expect(html).toContain('articles/hush.md:5: of this article');
      expect(html).not.toContain('of another');
    }
    expect(mark('', `/revisions/${ID}/1/`)).not.toContain(MARK);
  });

  it('names every error, says that it is the last good state, and has the script that reloads it', () => {
    const html = mark('', '/');
    expect(html).toContain('<li>articles/&lt;b&gt;.md:3: date: found &quot;x&quot;</li>');
    expect(html).toContain('this is how it was before');
    expect(html).toMatch(/<body class="x">\n<aside [^>]*data-generation="one-1">/);
    expect(html).toMatch(/<script src="\/\.preview\/preview\.js" defer><\/script>\n<\/head>/);
    expect(html).toContain(
      `content="default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"`,
    );
  });
});

describe('its policy', () => {
  it.each([
    [
      "script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'; style-src 'unsafe-inline'",
      "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'unsafe-inline' 'self'",
    ],
    ["default-src 'none';", "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"],
  ])('%s is widened by what a preview needs', (policy, wider) => {
    expect(widenPolicy(policy)).toBe(wider);
  });
});

describe('the script of a preview', () => {
  it('listens while its page is seen, and reloads it when it is of another state', () => {
    const open = new Set<EventSource>();
    class EventSource {
      onmessage: ((event: { data: string }) => void) | undefined;
      constructor() {
        open.add(this);
      }
      close(): void {
        open.delete(this);
      }
    }
    const document = Object.assign(new EventTarget(), {
      hidden: false,
      querySelector: () => ({ dataset: { generation: 'one' } }),
    });
    let reloads = 0;
    const location = { reload: () => reloads++ };
    runInNewContext(ASSETS.get('preview.js')?.text ?? '', { document, location, EventSource });
    const see = (isSeen: boolean): void => {
      document.hidden = !isSeen;
      document.dispatchEvent(new Event('visibilitychange'));
    };
    see(false);
    expect(open.size).toBe(0);
    see(true);
    expect(open.size).toBe(1);
    for (const data of ['one', 'two']) for (const source of open) source.onmessage?.({ data });
    expect(reloads).toBe(1);
  });
});
