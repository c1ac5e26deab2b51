import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import type { ArticleDocument, BundleFile } from '../../src/article/document.ts';
import { CONTENT_SECURITY_POLICY, mastheadHeader, pageFooter, renderShell } from '../../src/article/html.ts';
import { renderPage, renderPageWithFindings } from '../../src/article/page.ts';
import { STYLE_CSS } from '../../src/article/style.ts';
import { PAGES } from './pages.ts';
import { dangers, document, elements } from './support.ts';

/** Validity and accessibility; how the HTML is laid out is not judged, for it holds code as it was written. */
const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

function invalid(html: string): string[] {
  const { results } = validator.validateStringSync(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
  );
}

describe.each(Object.entries(PAGES))('the page %s', (name, page) => {
  it('has the bytes it always had', async () => {
    await expect(renderPage(page)).toMatchFileSnapshot(`golden/${name}.html`);
  });

  it('is valid, accessible and safe', () => {
    const html = renderPage(page);
    expect(invalid(html)).toEqual([]);
    expect(dangers(html)).toEqual([]);
  });

  it('is made anew from what article.json holds', () => {
    const parsed = JSON.parse(JSON.stringify(page)) as ArticleDocument;
    expect(renderPage({ ...parsed, proof: [{}] })).toBe(renderPage(page));
  });
});

describe('renderPage', () => {
  const text = (html: string, tag: string, name: string) =>
    elements(html).find(({ tagName, attrs }) => tagName === tag && attrs.some(({ value }) => value === name));

  it('has exactly the policy, and leads only inside the bundle or to absolute addresses', () => {
    const html = renderPage(PAGES.everything);
    expect(html).toContain(
      `<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
    );
    expect(CONTENT_SECURITY_POLICY).toBe(
      "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'",
    );
    expect(text(html, 'meta', 'no-referrer')).toBeDefined();
    expect(text(html, 'a', './?format=car')?.attrs.map(({ name }) => name)).toContain('download');
  });

  it('writes only what is there', () => {
    const html = renderPage(document());
    expect(html).not.toMatch(/Updated|Corrections|Sources|License|<figure|description|undefined/);
    const silent = { ...document().publication, tagline: '' };
    expect(renderPage(document({ publication: silent }))).not.toContain('class="tagline"');
    const { url: _url, ...offline } = silent;
    expect(renderPage(document({ publication: offline }))).toContain('<p class="outlet">OpenVoiceNews</p>');
  });

  it('does not link what a hostile publication calls its address', () => {
    const publication = { ...document().publication, url: 'javascript:alert(1)' };
    expect(renderPage(document({ publication }))).toContain('<p class="outlet">OpenVoiceNews</p>');
  });

  it('tells of the newest correction first, by the moment', () => {
    const correction = ['2025-07-09T01:00:00+09:00', '2025-07-08T17:00:00Z'].map(
      (datePublished) =>
        ({ '@type': 'CorrectionComment', kind: 'correction', datePublished, text: 'x' }) as const,
    );
    expect(renderPage(document({ correction }))).toContain(
      'corrected on <time datetime="2025-07-08T17:00:00Z">',
    );
  });

  it('begins a retracted article with the notice, before headline and text', () => {
    const [, html = ''] = renderPage(PAGES.retracted).split('<body>');
    const places = [
      'This article has been retracted.',
      'The interview never took place.',
      '<h1>',
      'Secret text',
    ];
    const found = places.map((text) => html.indexOf(text));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
  });

  it('shows nothing of a text that is withheld, whatever article.json holds', () => {
    const html = renderPage({ ...PAGES.retracted, withheld: [1] });
    expect(html).toContain('The text of this article has been withheld.');
    expect(html).not.toContain('Secret text');
  });

  it('says of a revision without a reason that it is one, and leads to what changed', () => {
    const changes = { path: 'changes.html', cid: '', size: 1, type: 'text/html', role: 'changes' } as const;
    const html = renderPage(document({ revision: 2, files: [changes] }));
    expect(html).toContain(
      '<p class="notice">This article was updated: this is revision 2. <a href="changes.html">What changed</a></p>',
    );
    const corrected = renderPage({ ...PAGES.everything, files: [...PAGES.everything.files, changes] });
    expect(corrected).toMatch(
      /<div class="notice">\n<p>.*Corrections<\/a> <a href="changes.html">.*<\/p>\n<p>.*<\/p>\n<\/div>/,
    );
    expect(dangers(html)).toEqual([]);
    expect(renderPage(document({ revision: 2 }))).not.toContain('class="notice"');
  });

  it('offers the variants of a picture, in the body and as the one that leads', () => {
    const common = { cid: '', size: 1, type: 'image/jpeg', role: 'image' } as const;
    const files: BundleFile[] = [
      { ...common, path: 'media/a-1.jpg', source: ['a.jpg'], width: 1200, height: 675, lead: true },
      { ...common, path: 'media/a-2.jpg', variantOf: 'media/a-1.jpg', width: 800, height: 450 },
      { ...common, path: 'media/a-3.jpg', variantOf: 'media/a-1.jpg', width: 480, height: 270 },
      { ...common, path: 'media/b-1.jpg', source: ['b.jpg'], width: 1200, height: 675 },
      { ...common, path: '../c.jpg', variantOf: 'media/b-1.jpg', width: 480, height: 270 },
    ];
    const html = renderPage(document({ articleBody: '![A](a.jpg) ![B](b.jpg)', files }));
    const sources = 'media/a-3.jpg 480w, media/a-2.jpg 800w, media/a-1.jpg 1200w';
    const sizes = 'sizes="(min-width: 42.2rem) 40rem, calc(100vw - 2.2rem)" width="1200" height="675"';
    expect(html).toContain(`<img src="media/a-1.jpg" alt="" srcset="${sources}" ${sizes} decoding`);
    expect(html).toContain(`<img src="media/a-1.jpg" alt="A" srcset="${sources}" ${sizes} loading`);
    expect(html).toContain('<img src="media/b-1.jpg" alt="B" width="1200" height="675" loading');
    expect(dangers(html)).toEqual([]);
  });

  it('takes images only from media/', () => {
    const file = {
      path: '../x.png',
      cid: '',
      size: 1,
      type: 'image/png',
      role: 'image',
      source: ['x.png'],
      lead: true,
    } as const;
    expect(
      renderPage(document({ articleBody: '![x](x.png)', files: [{ ...file, source: ['x.png'] }] })),
    ).not.toContain('<img');
  });

  it('holds no character that HTML forbids', () => {
    const html = renderPage(document({ headline: 'a\u0001\ufffeb', articleBody: 'c\u0000\u0008\u0085d' }));
    for (const forbidden of '\u0000\u0001\u0008\u0085\ufffe') expect(html).not.toContain(forbidden);
  });

  it('reports on the body with the source’s lines', () => {
    const page = document({ articleBody: 'a\n[b](/c)\n' });
    const { html, findings } = renderPageWithFindings(page, { file: 'x.md', firstLine: 7 });
    expect(html).toBe(renderPage(page));
    expect(findings).toMatchObject([{ severity: 'warning', file: 'x.md', line: 8 }]);
  });

  it('does not depend on the zone, the language or the order of anything on the machine', () => {
    const script = `
      import { PAGES } from './test/article/pages.ts';
      import { renderPage } from './src/article/page.ts';
      import { slugify } from './src/article/slug.ts';
      process.stdout.write(Object.values(PAGES).map(renderPage).join('') + JSON.stringify(slugify('TITLE İI')));`;
    const run = (env: Record<string, string>) =>
      execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
    const here = run({ TZ: 'UTC', LANG: 'C', LC_ALL: 'C' });
    expect(here).toContain('{"slug":"title-ii"}');
    expect(run({ TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' })).toBe(here);
    expect(run({ TZ: 'Pacific/Apia', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' })).toBe(here);
  });
});

describe('renderShell', () => {
  it('makes a valid page of an edition', () => {
    const html = renderShell({
      lang: 'en',
      title: 'Science & more',
      description: 'All "articles"',
      style: '../../style.css',
      publication: document().publication,
      home: '../../',
      canonical: 'https://openvoice.example/science/',
      alternates: [{ type: 'application/feed+json', href: 'feed.json', title: 'Science & more' }],
      main: '<h1>Science</h1>\n',
      footer: pageFooter(['One', '<b>Two</b>']),
    });
    expect(invalid(html)).toEqual([]);
    expect(html).toContain('<a href="../../">OpenVoiceNews</a>');
    expect(html).toContain('<title>Science &amp; more</title>');
    expect(html).toContain('content="All &quot;articles&quot;"');
  });

  it('escapes the outlet', () => {
    expect(mastheadHeader({ name: '<b>', tagline: '"&"' }, { home: '"x' })).toBe(
      '<header class="masthead" dir="auto">\n<p class="outlet"><a href="&quot;x">&lt;b&gt;</a></p>\n<p class="tagline">&quot;&amp;&quot;</p>\n</header>',
    );
  });
});

describe('the style sheet', () => {
  const colours = (block: string) =>
    new Map(
      [...block.matchAll(/--(\w+): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]),
    );
  const [, light = '', dark = ''] = STYLE_CSS.split(':root {', 3);

  it.each([
    ['light', colours(light)],
    ['dark', colours(dark.slice(0, dark.indexOf('}')))],
  ])('keeps the contrast of AA in %s', (_name, palette) => {
    for (const paper of ['paper', 'panel']) {
      for (const ink of ['ink', 'quiet', 'link', 'accent']) {
        expect(
          contrast(palette.get(ink) ?? '', palette.get(paper) ?? ''),
          `${ink} on ${paper}`,
        ).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('loads nothing and knows no left or right', () => {
    expect(STYLE_CSS).not.toMatch(/url\(|@import|http:|(?:margin|padding|border)-(?:left|right)|float/);
    expect(STYLE_CSS.split('{')).toHaveLength(STYLE_CSS.split('}').length);
  });
});

/** WCAG 2 contrast ratio of two colours `#rrggbb`. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
