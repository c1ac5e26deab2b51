import { describe, expect, it } from 'vitest';
import { imageReferences, renderBody } from '../../src/article/markdown.ts';
import { body } from './support.ts';

const REL = 'rel="noopener noreferrer"';
const html = (markdown: string, media?: Record<string, string>) => body(markdown, media).html;
const warned = (markdown: string, media?: Record<string, string>) =>
  body(markdown, media).findings.map(({ line, message }) => `${line}: ${message}`);

describe('CommonMark', () => {
  it.each([
    ['\tfoo\n', '<pre tabindex="0"><code>foo\n</code></pre>\n'],
    ['- foo\n\n  bar\n', '<ul>\n<li>\n<p>foo</p>\n<p>bar</p>\n</li>\n</ul>\n'],
    ['1) one\n2) two', '<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n'],
    ['7. seven', '<ol start="7">\n<li>seven</li>\n</ol>\n'],
    ['- a\n  > b\n', '<ul>\n<li>a\n<blockquote>\n<p>b</p>\n</blockquote>\n</li>\n</ul>\n'],
    ['**foo* bar*', '<p><em><em>foo</em> bar</em></p>\n'],
    ['*foo**bar**baz*', '<p><em>foo<strong>bar</strong>baz</em></p>\n'],
    ['a  \nb\\\nc\nd', '<p>a<br>\nb<br>\nc\nd</p>\n'],
    ['`` a`b ``', '<p><code>a`b</code></p>\n'],
    ['&copy; &#0; &nosuch; \\* \\a', '<p>© \ufffd &amp;nosuch; * \\a</p>\n'],
    ['~~a~~', '<p><s>a</s></p>\n'],
    ['***\n', '<hr>\n'],
    ['```js\na<b\n```', '<pre tabindex="0"><code class="language-js">a&lt;b\n</code></pre>\n'],
    ['"quotes" -- (c) https://example.org', '<p>&quot;quotes&quot; -- (c) https://example.org</p>\n'],
    ['[a]\n\n[A]: https://e.org/x%20y "t"', `<p><a href="https://e.org/x%20y" title="t" ${REL}>a</a></p>\n`],
    ['[a](<https://e.org/ü b>)', `<p><a href="https://e.org/%C3%BC%20b" ${REL}>a</a></p>\n`],
    [
      '<mailto:a@e.org> <a@e.org>',
      `<p><a href="mailto:a@e.org" ${REL}>mailto:a@e.org</a> <a href="mailto:a@e.org" ${REL}>a@e.org</a></p>\n`,
    ],
  ])('%j', (markdown, expected) => {
    expect(html(markdown)).toBe(expected);
  });

  it.each([
    ['旅客，\n全程', '旅客，全程'],
    ['ひら\nカナ', 'ひらカナ'],
    ['\u{20000}\n\u{30000}', '\u{20000}\u{30000}'],
    ['夜\nIPFS\n车', '夜\nIPFS\n车'],
    ['서울\n부산', '서울\n부산'],
    ['**夜**\n*车*', '<strong>夜</strong><em>车</em>'],
  ])('puts no space where Han and kana go on in the next line: %j', (markdown, expected) => {
    expect(html(markdown)).toBe(`<p>${expected}</p>\n`);
  });

  it('shows raw HTML as text', () => {
    expect(html('<div onclick="x">\n<b>a</b> <!-- c -->\n</div>')).toBe(
      '<p>&lt;div onclick=&quot;x&quot;&gt;\n&lt;b&gt;a&lt;/b&gt; &lt;!-- c --&gt;\n&lt;/div&gt;</p>\n',
    );
  });
});

describe('links', () => {
  it.each(['http://e.org', 'HTTPS://e.org/a', 'ipfs://bafy/x', 'ipns://name', 'mailto:a@e.org?subject=x'])(
    'keeps %s',
    (url) => {
      expect(html(`[a](${url})`)).toContain(`" ${REL}>a</a>`);
      expect(warned(`[a](${url})`)).toEqual([]);
    },
  );

  it('keeps fragments and the bundle’s own media, which are not external', () => {
    const media = { 'plan b.png': 'media/plan-b-12345678.png' };
    expect(html('[a](#top) [b](./plan%20b.png?raw=1#x)', media)).toBe(
      '<p><a href="#top">a</a> <a href="media/plan-b-12345678.png">b</a></p>\n',
    );
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java&#10;script:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    'ftp://e.org',
    'tel:+1',
    '//e.org',
    '\\\\e.org',
    '/about',
    'other.md',
    '../x/',
    'www.e.org',
    'http:e.org',
    'https://',
    'https:///e.org',
    'ipfs:bafy',
    '#',
    '?x',
    '<>',
    '{{ site.url }}',
    'blob:https://e.org/1',
  ])('shows %s as text, with a warning', (url) => {
    const target = url.includes(' ') ? `<${url}>` : url;
    expect(html(`a *b* [c **d**](${target}) e`)).toBe('<p>a <em>b</em> c <strong>d</strong> e</p>\n');
    expect(warned(`x\n[c](${target})`)).toEqual([
      expect.stringMatching(/^2: the link to ".*" is shown as text/),
    ]);
  });

  it('names links that have no text', () => {
    expect(html('[](https://e.org/a)')).toBe(`<p><a href="https://e.org/a" ${REL}>https://e.org/a</a></p>\n`);
    expect(html('[![](a.png)](https://e.org)', { 'a.png': 'media/a.png' })).toContain(
      'aria-label="https://e.org"',
    );
  });
});

describe('images', () => {
  const media = { 'a.png': 'media/a-12345678.png', 'b/c d.jpg': 'media/c-d-12345678.jpg' };

  it('shows those of the bundle', () => {
    expect(html('![A *b* `c`](./a.png "t")', media)).toBe(
      '<p><img src="media/a-12345678.png" alt="A b c" title="t" loading="lazy" decoding="async"></p>\n',
    );
    expect(html('![x](x/../b/c%20d.jpg?w=1)', media)).toContain('src="media/c-d-12345678.jpg"');
  });

  it('gives them their size where it is known', () => {
    const options = {
      resolveMedia: () => 'media/a.png',
      image: (path: string) => ({ path, width: 3, height: 2, variants: [] }),
      file: '',
      firstLine: 1,
    };
    expect(renderBody('![x](a.png)', options).html).toContain('alt="x" width="3" height="2"');
  });

  it('warns about an empty alt text, which means decoration', () => {
    expect(html('![ ](a.png)', media)).toContain('alt=""');
    expect(warned('![](a.png)', media)).toEqual([
      expect.stringMatching(/^1: the image "a.png" has no alt text/),
    ]);
  });

  it('makes a link of a remote one, with a warning', () => {
    expect(html('![Alt](https://e.org/a.png)')).toBe(`<p><a href="https://e.org/a.png" ${REL}>Alt</a></p>\n`);
    expect(html('![](ipfs://bafy)')).toBe(`<p><a href="ipfs://bafy" ${REL}>ipfs://bafy</a></p>\n`);
    expect(html('[![Alt](https://e.org/a.png)](https://e.org)')).toBe(
      `<p><a href="https://e.org" ${REL}>Alt</a></p>\n`,
    );
    expect(warned('![Alt](https://e.org/a.png)')).toEqual([expect.stringContaining('is on another server')]);
  });

  it.each([
    '/a.png',
    '//e.org/a.png',
    'data:image/png;base64,AAAA',
    'javascript:x',
    'mailto:a@e.org',
    'file:a.png',
  ])('shows %s as text, with a warning', (url) => {
    expect(html(`![Alt](${url})`, media)).toBe('<p>Alt</p>\n');
    expect(html(`![](${url})`, media)).toBe(`<p>${url}</p>\n`);
    expect(warned(`![Alt](${url})`)).toEqual([expect.stringContaining('is shown as text')]);
  });

  it('shows the alt text of one that the bundle has not, for the caller to report', () => {
    expect(body('![Alt](no.png) ![x](./a.png) ![y](a.png)', media)).toMatchObject({
      html: expect.stringMatching(/^<p>Alt <img/),
      findings: [],
      references: ['no.png', 'a.png'],
    });
  });

  it('lists the local ones with their lines', () => {
    const markdown =
      'a\n\n![A](./x/../1.png) b\nc ![B b](2%20.png?x#y)\n\n> - ![](3.png)\n\n|a|\n|-|\n|![D][d]|\n\n[d]: 4.png\n![r](https://e.org/5.png) [![E](/6.png)](x) [![F](7.png)](x)\n\n`![no](8.png)`\n';
    expect(imageReferences(markdown)).toEqual([
      { reference: '1.png', alt: 'A', line: 3 },
      { reference: '2 .png', alt: 'B b', line: 4 },
      { reference: '3.png', alt: '', line: 6 },
      { reference: '4.png', alt: 'D', line: 10 },
      { reference: '7.png', alt: 'F', line: 13 },
    ]);
    expect(body(markdown).references).toEqual(imageReferences(markdown).map(({ reference }) => reference));
    expect(imageReferences('![constructor](__proto__)')).toEqual([
      { reference: '__proto__', alt: 'constructor', line: 1 },
    ]);
  });
});

describe('lines of warnings', () => {
  it('count from the source’s body, through paragraphs, lists and tables', () => {
    const markdown =
      'a\nb [x](/1)  \n[x](/2)\n\n- l\n- [x](/3)\n\n| a |\n|---|\n| b |\n| [x](/4) |\n\n# [x](/5)\n';
    const lines = body(markdown, {}, 10).findings.map(({ file, line }) => `${file}:${line}`);
    expect(lines).toEqual(['a.md:11', 'a.md:12', 'a.md:15', 'a.md:20', 'a.md:22']);
  });
});

describe('headings', () => {
  it('stand below the headline and skip no level', () => {
    const levels = (markdown: string) => html(markdown).match(/<h\d/g)?.join(' ');
    expect(levels('# a\n## b\n# c')).toBe('<h2 <h3 <h2');
    expect(levels('### a\n### b\n###### c\n## d')).toBe('<h2 <h2 <h3 <h2');
    expect(levels('# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6')).toBe('<h2 <h3 <h4 <h5 <h6 <h6');
    expect(levels('a\n===\nb\n---')).toBe('<h2 <h3');
  });

  it('have ids from their text, each its own and none of the page’s', () => {
    const ids = (markdown: string) => [...html(markdown).matchAll(/id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids('# Hello, *World*!\n# Hello World\n# hello world\n# Hello world 1')).toEqual([
      'hello-world',
      'hello-world-1',
      'hello-world-2',
      'hello-world-1-1',
    ]);
    expect(
      ids('# ovn-corrections\n# 日本語、です\n# Überraschung\n# …!\n# `a_b` [c](https://e.org)'),
    ).toEqual(['section-ovn-corrections', '日本語です', 'überraschung', 'section', 'a_b-c']);
    expect(ids('# constructor\n# __proto__')).toEqual(['constructor', 'proto']);
  });

  it('are left out when they are empty', () => {
    expect(html('#\n\na\n\n- ##\n')).not.toContain('<h');
  });
});

describe('tables', () => {
  it('scroll by keyboard, with column headers and without inline style', () => {
    expect(html('| a |   |\n|:-:|--:|\n| 1 | 2 |')).toBe(
      '<div class="table" role="group" aria-label="Table" tabindex="0">\n<table>\n<thead>\n<tr>\n' +
        '<th class="center" scope="col">a</th>\n<td class="right"></td>\n</tr>\n</thead>\n<tbody>\n<tr>\n' +
        '<td class="center">1</td>\n<td class="right">2</td>\n</tr>\n</tbody>\n</table>\n</div>\n',
    );
  });
});

describe('limits', () => {
  it('says when blocks lie too deep to be shown', () => {
    expect(warned(`${'> '.repeat(120)}text`)).toContainEqual(expect.stringContaining('nested'));
    expect(warned(`${'> '.repeat(50)}text`)).toEqual([]);
  });

  it.each([
    ['[', 100_000],
    ['![', 20_000],
    ['![a', 5000, '](x)'],
    ['*a _b ', 20_000],
    ['> ', 50_000],
    ['# a\n', 20_000],
    ['<!--', 20_000],
    ['[a](/b) ', 20_000],
    ['| a ', 5000],
    ['- ', 20_000],
  ])('%j %i times takes no time', (open, times, close = '') => {
    const start = performance.now();
    body(open.repeat(times) + close.repeat(times));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
