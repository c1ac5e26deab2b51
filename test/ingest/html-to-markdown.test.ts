import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageReferences, renderBody } from '../../src/article/markdown.ts';
import type { PlacedImage } from '../../src/ingest/body-context.ts';
import { isTooCostly } from '../../src/ingest/html-cost.ts';
import { htmlToMarkdown } from '../../src/ingest/html-to-markdown.ts';
import { Losses } from '../../src/ingest/losses.ts';

const IMAGES = new Map<string, PlacedImage>([
  ['a.png', { path: 'here/a.png' }],
  ['bad.png', { reason: 'bad.png: lies about its type' }],
]);

function convert(html: string, base = 'https://old.example/blog/') {
  const context = { losses: new Losses(), images: IMAGES, wanted: new Set<string>(), base, isFolder: false };
  const markdown = htmlToMarkdown(html, context);
  return { markdown, lost: context.losses.list().map(({ kind, message }) => `${kind}: ${message}`), context };
}

const CASES: [name: string, html: string, markdown: string][] = [
  [
    'nested lists',
    '<ul><li>a<ol start=3><li>b<ul><li>c</ul><li>d</ol></ul>',
    '- a\n  3. b\n     - c\n  4. d\n',
  ],
  ['a list in no item', '<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>', '- a\n  - b\n- c\n'],
  ['emphasis', 'x <b>y </b><i> z</i> <s>q</s>', 'x **y** *z* ~~q~~\n'],
  ['emphasis over blocks', '<b><p>a</p><p>b</p></b>', 'a\n\nb\n'],
  ['headings', '<h2>A <a href="/x">b</a><br>c</h2><h3> </h3>', '## A [b](https://old.example/x) c\n'],
  [
    'code',
    '<pre class="language-js">a\n\n\n```\nb</pre><code>x`y</code>',
    '````js\na\n\n\n```\nb\n````\n\n``x`y``\n',
  ],
  [
    'a table',
    '<table><tr><th>A|b<th align=right>C<tr><td>1<br>2<td><code>&lt;br&gt;|</code><tr><td colspan=2>x</table>',
    '| A\\|b | C |\n| --- | ---: |\n| 1 2 | `<br>\\|` |\n| x |  |\n',
  ],
  [
    'a table without heading',
    '<table><tr><td>a<td>b<tr><td>c</table>',
    '|  |  |\n| --- | --- |\n| a | b |\n| c |  |\n',
  ],
  ['a box', '<table><tr><td><p>only</p></td></tr></table>', 'only\n'],
  [
    'what looks like Markdown',
    '<p>2 * 3 &amp;lt; [x](y) &lt;b&gt; ~~q~~ _r_</p>',
    '2 \\* 3 \\&lt; \\[x\\](y) \\<b> \\~\\~q\\~\\~ \\_r\\_\n',
  ],
  [
    'lines that look like Markdown',
    '<p># a</p><p>1) b</p><p>- c</p><p>> d</p>',
    '\\# a\n\n1\\) b\n\n\\- c\n\n\\> d\n',
  ],
  ['an exclamation before a link', '<p>wow!<a href="/x">y</a></p>', 'wow\\![y](https://old.example/x)\n'],
  ['digits up and down', 'H<sub>2</sub>O x<sup>10</sup> n<sup>th</sup>', 'H₂O x¹⁰ nth\n'],
  [
    'what else stands higher or lower, so that no other quantity is read',
    '10<sup>-31</sup> 10<sup>−9</sup> 2<sup>n</sup> 2<sup>x</sup> 5<sup>3.5</sup> x<sub>max</sub> a<sub>i,j</sub>',
    '10⁻³¹ 10⁻⁹ 2ⁿ 2^x 5^(3.5) x\\_max a\\_(i,j)\n',
  ],
  [
    'ordinals and marks of notes',
    '1<sup>er</sup> 2<sup>e</sup> a<sup>[1]</sup> b<sup>*</sup> c<sup><a href="/f">1</a></sup>',
    '1er 2e a\\[1\\] b\\* c[1](https://old.example/f)\n',
  ],
  [
    'cells that reach down, to the end of their section and no further',
    '<table><thead><tr><th>P<th>Y<th>S<tbody><tr><td rowspan=2>a<td>1<td>2<tr><td>3<td>4<tr><td>b<td colspan=2 rowspan=0>5<tr><td>c<tbody><tr><td>d<td>6<td>7</table>',
    '| P | Y | S |\n| --- | --- | --- |\n| a | 1 | 2 |\n|  | 3 | 4 |\n| b | 5 |  |\n| c |  |  |\n| d | 6 | 7 |\n',
  ],
  [
    'a row that is of cells from above alone',
    '<table><tr><td rowspan=3>a<td rowspan=2>b<td rowspan=2>c<tr></tr><tr><td>d<td>e</table>',
    '|  |  |  |\n| --- | --- | --- |\n| a | b | c |\n|  | d | e |\n',
  ],
  [
    'emphasis that ends with punctuation before a letter, as in Chinese',
    '<b>重要：</b>本文 这是<b>“消息”</b>的<em>《新闻》</em>报道<b>！</b>请 a<b><i>“x”</i></b>b',
    '**重要**：本文 这是“**消息**”的《*新闻*》报道！请 a“***x***”b\n',
  ],
  [
    'emphasis beside emphasis',
    '<b>a</b><b>b</b> <i>a</i><b>b</b> <s>a</s><b>b</b> <b><i>a</i> b</b>c <i>a</i><i>b</i><i>c.</i>d',
    '**ab** *a*b ~~a~~**b** ***a* b**c *abc*.d\n',
  ],
  [
    'emphasis that no marks can be read of',
    'a<b><a href="/y">l</a></b>b a<b>(x)</b>b a<b><s>x</s></b>b',
    'a[l](https://old.example/y)b a(x)b a~~x~~b\n',
  ],
  [
    'a poem',
    '<pre class="wp-block-verse">A <em>verse</em><br>and\nmore<br><a href="/y">by</a>\n\nlast</pre>',
    'A *verse*  \nand  \nmore  \n[by](https://old.example/y)\n\nlast\n',
  ],
  [
    'lines of code that elements end',
    '<pre>a <i>b</i><br>c</pre><pre><code>a<br>b</code></pre><pre><div>a</div><div>b</div></pre>',
    '```\na b\nc\n```\n\n```\na\nb\n```\n\n```\na\nb\n```\n',
  ],
  [
    'lines of nothing but marks',
    '<p>~~~</p><p>#</p><p>+</p><p>1.</p><p>1)</p>',
    '\\~\\~\\~\n\n\\#\n\n\\+\n\n1\\.\n\n1\\)\n',
  ],
  [
    'a picture with words below',
    '<figure><img src="a.png" alt="A [x]"><figcaption>c</figcaption></figure>',
    '![A \\[x\\]](here/a.png)\n\n*c*\n',
  ],
  ['a picture that leads to itself', '<a href="a.png"><img src="a.png" alt="A"></a>', '![A](here/a.png)\n'],
  ['comments and scripts', '<!-- wp:x --><p>a</p><script>b</script><style>c</style><!-- more', 'a\n'],
];

describe('HTML to Markdown', () => {
  it.each(CASES)('%s', (_name, html, markdown) => {
    expect(convert(html).markdown).toBe(markdown);
  });

  it('makes links of what is elsewhere, and lists it', () => {
    const { markdown, lost, context } = convert(
      '<img src="b.png"><img src="bad.png" alt="Bad"><img src="a.png"><img src="data:x" data-src="late.png">' +
        '<iframe src="//v.example/1" title="A film"></iframe><form><input></form><svg><g></g></svg><a href="#x">n</a><a href="javascript:1">j</a>',
    );
    expect(markdown).toBe(
      '[b.png](https://old.example/blog/b.png)[Bad](https://old.example/blog/bad.png)![](here/a.png)[late.png](https://old.example/blog/late.png)\n\n' +
        '[A film](https://v.example/1)\n\nnj\n',
    );
    expect(lost).toEqual([
      'element: <svg> is left out',
      'image: the image b.png became a link',
      'image: the image bad.png became a link: bad.png: lies about its type',
      'alt: the image a.png has no alt text: it is empty now',
      'image: the image late.png became a link',
      'element: <iframe> became a link to https://v.example/1',
      'element: <input> is left out',
      'element: <form> is left out',
      'link: a link to a place inside of the article became text',
      'link: the link to javascript:1 became text',
    ]);
    expect([...context.wanted]).toEqual(['b.png', 'bad.png', 'a.png', 'late.png']);
  });

  it('lists the links that code loses', () => {
    const { markdown, lost } = convert('<pre>a <a href="/x">b</a></pre><pre>c</pre>');
    expect(markdown).toBe('```\na b\n```\n\n```\nc\n```\n');
    expect(lost).toEqual(['link: a link inside of code became text']);
  });

  it('gives no table of cells that reach down side by side without end', () => {
    const { markdown, lost } = convert(`<table>${'<tr><td rowspan=2000>a<td>b'.repeat(70)}</table>`);
    expect(markdown).not.toContain('|');
    expect(lost).toHaveLength(1);
  });

  it.each([
    ['elements without end', '<div>'.repeat(5000)],
    ['formatting that is opened anew', '<b a>'.repeat(150) + '<p>x'.repeat(3000)],
    ['ends in attributes', '<div title="</div>">'.repeat(5000)],
    ['ends in comments and scripts', '<div><!--</div>--><script></div></script>'.repeat(5000)],
    ['quotes that are none', `<div ="x>${'<div>'.repeat(5000)}`],
    ['quotations in quotations', '<blockquote>'.repeat(190) + '<p>'.repeat(12_000)],
    ['foreign elements', `<svg>${'<g></g><option>'.repeat(5000)}`],
  ])('gives no parser %s', (_name, html) => {
    expect(isTooCostly(html)).toBe(true);
    const { lost, markdown } = convert(`${html}<p>the words</p>`);
    expect(lost[0]).toMatch(/only the words are kept/);
    expect(markdown.length).toBeLessThan(20_000);
  });

  it('takes an honest long text', () => {
    expect(isTooCostly('<p>a <b>b</b> <a href="x">c</a><br></p><ul><li>d<li>e</ul>'.repeat(3000))).toBe(
      false,
    );
  });

  it('numbers a long list', () => {
    const started = performance.now();
    const { markdown } = convert(`<ol>${'<li>a'.repeat(15_000)}</ol>`);
    expect(markdown.endsWith('\n15000. a\n')).toBe(true);
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it('is not kept busy by white space', () => {
    const started = performance.now();
    convert(`a${'&nbsp;'.repeat(300_000)}b${' \t'.repeat(300_000)}c`);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      ...'<p> </p> <b> </b> <table> <tr> <td> </table> <ul> <li> </ul> <pre> </pre> <code> <a href="x"> </a> <img src="a.png"> <svg> <!-- --> < & &lt; &#0; <script> </script> ` ** ![ ]( | \n <blockquote> <h2> </h2> <figure> <figcaption> <x-turndown> </x-turndown> <select> <template> <plaintext> <frameset> <math>'.split(
        ' ',
      ),
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );

  it('never throws, and shows no other picture than it was given', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { markdown } = convert(pieces.join(''));
        for (const { reference } of imageReferences(markdown)) expect(reference).toBe('here/a.png');
        expect(markdown.isWellFormed()).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  const word = fc.string({
    unit: fc.constantFrom(...'ab.:!?“”(）：《》 *_~漢é'),
    minLength: 1,
    maxLength: 5,
  });
  const emphasis = fc.letrec<{ text: string; any: string }>((tie) => ({
    text: word,
    any: fc
      .tuple(
        fc.constantFrom('b', 'i', 's', 'b'),
        fc.array(fc.oneof({ maxDepth: 4 }, tie('text'), tie('any')), { maxLength: 3 }),
      )
      .map(([name, inside]) => `<${name}>${inside.join('')}</${name}>`),
  }));

  it('shows no mark of emphasis to a reader, whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(word, emphasis.any), { maxLength: 6 }), (pieces) => {
        const html = pieces.join('');
        const shown = shownText(convert(`<p>x${html}y</p>`).markdown);
        expect(shown.replace(/\s+/g, '')).toBe(`x${html.replace(/<[^>]*>/g, '')}y`.replace(/\s+/g, ''));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps words as they are read', () => {
    const words = fc.string({ unit: fc.constantFrom(...'ab1 *_`[]()#+-.!<>&;|~\\=:/"\'é漢'), maxLength: 40 });
    fc.assert(
      fc.property(words, (text) => {
        const html = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
        const shown = shownText(convert(`<p>${html}</p>`).markdown);
        expect(shown.replace(/\s+/g, ' ')).toBe(text.replace(/\s+/g, ' ').trim());
      }),
      { numRuns: 400 },
    );
  });
});

/** What a reader of the published page sees. */
function shownText(markdown: string): string {
  const { html } = renderBody(markdown, { file: 'x', firstLine: 1, resolveMedia: () => undefined });
  const text = html.replace(/<[^>]*>/g, '').trim();
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}
