import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { titleOf } from '../../src/ingest/compose-source.ts';
import { convertBody, withoutTitle } from '../../src/ingest/convert-body.ts';
import { Losses } from '../../src/ingest/losses.ts';
import { withoutTemplates } from '../../src/ingest/templates.ts';

const PAGES = new Map([['content/news/b.md', 'https://old.example/2020/b/']]);
const IMAGES = new Map([['boat.png', { path: '2020-01-01-a/boat.png' }]]);

function convert(text: string) {
  const body = {
    format: 'markdown',
    text,
    folder: 'content/news',
    base: 'https://old.example/',
    pages: PAGES,
  } as const;
  const { markdown, losses, wanted } = convertBody(body, IMAGES);
  return { markdown, lost: losses.map(({ message }) => message), wanted: [...wanted] };
}

describe('foreign Markdown', () => {
  it('stays as it was written where nothing is to be changed', () => {
    const text =
      '# A\n\nLines *as*\nthey __are__  \nand [b][c].\n\n* one\n    * two\n\n```html\n<b>\n\n\n</b>\n```\n\n    <i>\n\n| a |\n|---|\n| b |\n\n[c]: https://c.example/ "t"\n';
    expect(convert(text)).toEqual({ markdown: text, lost: [], wanted: [] });
  });

  it('is changed block by block where HTML, images and links ask for it', () => {
    const { markdown, lost, wanted } = convert(
      'As *it*\nwas.\n\n<div class="note">\n\nA **note** with __marks__.\n\n</div>\n\n<!-- more -->\n\n![A boat](boat.png) and ![](other.png)\n\nSee [b](b.md#x), [root](/about/), [c](c.md).\n\nKeep `<b>` & <kbd>Q</kbd>.\n',
    );
    expect(markdown).toBe(
      'As *it*\nwas.\n\nA **note** with **marks**.\n\n![A boat](2020-01-01-a/boat.png) and\n\nSee [b](https://old.example/2020/b/#x), [root](https://old.example/about/), c.\n\nKeep `<b>` & `Q`.\n',
    );
    expect(lost).toEqual([
      'the image other.png is left out: it is not there',
      'the link to c.md became text',
    ]);
    expect(wanted).toEqual(['boat.png', 'other.png']);
  });

  it('writes footnotes as text, and knows what is code', () => {
    expect(convert('A note[^1] and `[^1]`.\n\n[^1]: Its text.\n').markdown).toBe(
      'A note\\[1\\] and `[^1]`.\n\n\\[1\\] Its text.\n',
    );
    expect(
      convert(
        'One[^1], two[^b].\n\n[^1]: First.\n\n    Second, *stressed*.\n\n    - a list\n\nText.\n\n    code\n\n[^b]: Two,\n    and on\nlazily.\n\n\tLast.\n\n```\n[^1]: x\n\n    y\n```\n',
      ).markdown,
    ).toBe(
      'One\\[1\\], two\\[b\\].\n\n\\[1\\] First.\n\nSecond, *stressed*.\n\n- a list\n\nText.\n\n    code\n\n\\[b\\] Two,\nand on\nlazily.\n\nLast.\n\n```\n[^1]: x\n\n    y\n```\n',
    );
    const none = 'No [^0-9] and\n\n    x = /[^abc]+/\n';
    expect(convert(none)).toMatchObject({ markdown: none, lost: [] });
  });

  it('loses a heading that says the title again', () => {
    expect(withoutTitle('# The *title* #\n\nText\n', 'The title')).toBe('Text\n');
    expect(withoutTitle('# Another\n\nText\n', 'The title')).toBe('# Another\n\nText\n');
  });

  it('ends soon, whatever its first line or an element that holds all of it', () => {
    const started = performance.now();
    withoutTitle(`# a${'#'.repeat(300_000)}b\n\nText\n`, 'The title');
    const untitled = { origin: 'x', categories: [], tags: [], authors: [], losses: [] };
    const body = { format: 'markdown', text: '' } as const;
    for (const piece of ['[', '[a]('])
      expect(titleOf({ ...untitled, body }, `a${piece.repeat(200_000)}\n`, new Losses())).toMatch(/^a/);
    convert(`<div>\n\n${'a\n\n'.repeat(30_000)}</div>`);
    expect(performance.now() - started).toBeLessThan(6000);
  });

  it('takes a text of very many lines', () => {
    expect(convert(`a\n${'\n'.repeat(300_000)}<b>b</b>`).markdown).toBe('a\n\n**b**\n');
  });

  it('never throws, and keeps a text without HTML and references', () => {
    const word = fc.constantFrom(
      ...'a b. *c* ```\n > - 1. | <div> </div> <!-- --> [x](y) ![z](w) \n\n [^1] \t'.split(' '),
      '\n',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 50 }), (words) => {
        const text = words.join('');
        const { markdown } = convert(text);
        if (!/[<![]/.test(text))
          expect(markdown.replace(/\n+/g, '\n').trim()).toBe(text.replace(/\n+/g, '\n').trim());
      }),
      { numRuns: 300 },
    );
  });
});

describe('templates', () => {
  const clean = (text: string) => {
    const losses = new Losses();
    const settings = new Map([['repository', 'https://code.example']]);
    return {
      text: withoutTemplates(text, losses, { settings, root: '/blog' }),
      lost: losses.list().map(({ message }) => message),
    };
  };

  it.each([
    ['{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}', '\n```ruby\nputs 1\n```\n', []],
    ['a {% raw %}{{ x }}{% endraw %} {{ y }}', 'a {{ x }} ', ['{{ y }} is left out']],
    ['```\n{% raw %}{% if %}{% endraw %}\n```\n{% raw %}', '```\n{% if %}\n```\n', []],
    [
      '{{ site.url }}/a {{ site.repository }} {{ "/b" | relative_url }}',
      '/a https://code.example /blog/b',
      [],
    ],
    ['{{ site.url }}{{ site.baseurl }}/a {{ config.base_url }}/b', '/blog/a /blog/b', []],
    ['{{ "a" | absolute_url }} {{ "/b" | url }} {{ "c" | url }}', '/blog/a /blog/b c', []],
    [
      '{{ get_url(path="a.png") }} {{ "https://b.example/" | relative_url }}',
      '/blog/a.png https://b.example/',
      [],
    ],
    ['{% if x %}a{% endif %} {% comment %}b{% endcomment %}', 'a ', []],
    ['{% include note.html text="x" %}', '', ['the shortcode note.html is left out']],
    ['[a]({% post_url 2020-01-01-b %})', '[a](#)', []],
    [
      '{{< youtube abc12345 >}}',
      '[youtube](https://www.youtube.com/watch?v=abc12345)',
      ['the shortcode youtube became a link to https://www.youtube.com/watch?v=abc12345'],
    ],
    ['{{< figure src="a.png" alt="A \\"b" caption="C" >}}', undefined, []],
    ['{{% notice tip %}}words{{% /notice %}}', 'words', ['the shortcode notice is left out']],
    [
      '{{ youtube(id="abc12345") }}',
      '[youtube](https://www.youtube.com/watch?v=abc12345)',
      ['the shortcode youtube became a link to https://www.youtube.com/watch?v=abc12345'],
    ],
    ['{% quote(author="x") %}words{% end %}', 'words', ['the shortcode quote is left out']],
    ['Text\n{: .lead}\n\n## A {#b}', 'Text\n\n\n## A', []],
    ['* TOC\n{:toc}\n\n[TOC]', '\n\n', []],
    ['`{{ kept }}` and ``` {{ kept }} ```', '`{{ kept }}` and ``` {{ kept }} ```', []],
    ['```\n{{ kept }}\n```', '```\n{{ kept }}\n```', []],
  ] as const)('%s', (text, expected, lost) => {
    const result = clean(text);
    if (expected !== undefined) expect(result.text).toBe(expected);
    else expect(result.text).toContain('<figure><img src="a.png"');
    expect(result.lost).toEqual(lost);
  });

  it('ends soon, whatever is opened and never ended', () => {
    const started = performance.now();
    for (const piece of ['{% ', '{{ ', '{{< x ', '{% highlight x ', '{# ', '{{ x(', '{% comment %}'])
      clean(piece.repeat(20_000));
    for (const piece of ['{{', '{{<', '{{< x']) clean(`${piece}${' '.repeat(20_000)}x`);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
