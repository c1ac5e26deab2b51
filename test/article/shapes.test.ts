import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../src/article/page.ts';
import { article, dangers, document, HEAD, source } from './support.ts';

/** Bodies as they are found in the posts of many hands, for Jekyll, Hugo, WordPress and others. */
const SHAPES: Record<string, string> = {
  'liquid tags':
    '{% include image.html url="/a.png" %}\n\n{{ page.title | escape }}\n\n{% highlight ruby %}\nputs 1 < 2\n{% endhighlight %}\n',
  'liquid in links':
    'See [this]({{ site.baseurl }}{% post_url 2015-01-01-x %}) and ![pic]({{ "/a.png" | absolute_url }}).\n',
  'hugo shortcodes': '{{< figure src="/a.png" title="A" >}}\n\n{{% notice %}}\n**Note**\n{{% /notice %}}\n',
  'hugo ref': '[other]({{< ref "other.md" >}})\n',
  'more marker': 'Intro.\n\n<!--more-->\n\nRest.\n',
  'kramdown attributes': '# Title {#custom-id}\n\nText{: .class}\n\n{: .notice}\nNote.\n\n* TOC\n{:toc}\n',
  'kramdown definition list': 'Term\n: Definition\n\nOther\n: More\n',
  'html block': '<div class="row" style="color:red">\n  <p>Hi <b>there</b></p>\n</div>\n\nText.\n',
  'html inline': 'A<sup>2</sup> <br/> H<sub>2</sub>O <kbd>Ctrl</kbd> <a name="x"></a>\n',
  'html table': '<table>\n<tr><td>1</td></tr>\n</table>\n',
  'html entities': '&nbsp;&mdash;&hellip; &lt;b&gt; &#39; &#x1F600; &bogus; AT&T\n',
  'iframe and script':
    '<iframe src="https://www.youtube.com/embed/x" allowfullscreen></iframe>\n\n<script async src="//platform.twitter.com/widgets.js"></script>\n',
  'twitter embed':
    '<blockquote class="twitter-tweet"><p>Hi</p>&mdash; A (@a) <a href="https://twitter.com/a">x</a></blockquote>\n',
  'html comment': '<!-- a\ncomment -- with dashes\n-->\nText\n',
  'svg inline': '<svg width="10"><circle r="5" onload="x()"/></svg>\n',
  'reference links':
    'A [link][1], [another], and [third][].\n\n[1]: https://example.org/1 "One"\n[another]: <https://example.org/2>\n  \'Two\'\n[Third]: https://example.org/3\n',
  'unused and repeated references':
    '[a]\n\n[a]: https://example.org/1\n[a]: https://example.org/2\n[b]: /never\n',
  'undefined references': '[not a link] [nor][this] ![nor this][x] - [ ] task - [x] done\n',
  footnotes: 'Text[^1] and more[^note].\n\n[^1]: The first.\n[^note]:\n    A longer\n    note.\n',
  'code fences':
    '```python hl_lines="1 2"\ndef f(): return "<a>"\n```\n\n~~~\nplain ``` inside\n~~~\n\n````md\n```js\n```\n````\n',
  'fence without end': '```\nnever closed\n\n# not a heading\n',
  'pandoc fence attributes':
    '```{.python .numberLines startFrom="10"}\nx\n```\n\n```{r echo=FALSE}\nplot(1)\n```\n',
  'mermaid and math':
    '$$\n\\int_0^1 x_1 * x_2 dx\n$$\n\n```mermaid\ngraph TD; A-->B;\n```\n\nInline $a_b$ and \\(c\\).\n',
  'indented code': 'Text:\n\n    indented <code>\n\n\ttabbed\n',
  'setext headings': 'Title\n=====\n\nSection\n-------\n\nTwo\nlines\n---\n',
  'atx without space': '#No heading\n\n####### seven\n\n# Closed #\n\n## Closed ## #\n',
  'many first-level headings': '# A\n\n# B\n\n### C\n\n# A\n',
  'heading jumps': '### C\n\n# A\n\n###### F\n\n## B\n',
  'headings of links and code':
    '## [Link](https://example.org) and `code` and ![i](https://example.org/i.png)\n\n## **Bold** & <b>\n',
  'pipe table': 'Name | Value\n--- | ---\nc | x \\| y\n`a|b` | z\nshort\n | | |\n',
  'wide table': `|${' head |'.repeat(20)}\n|${'---|'.repeat(20)}\n|${' cell |'.repeat(20)}\n`,
  'table without header': '|  |  |\n|--|--|\n| 1 | 2 |\n',
  'not a table': 'a | b\n-- | -- | --\n\n| alone |\n',
  emoji: 'Launch 🚀 :rocket: 👩‍👩‍👧‍👦 🇫🇷 ✅\n\n# 🎉 Party 🎉\n',
  cjk: '# 日本の朝\n\n港は**静か**でした。「はい」と言った。\n\n- 一\n- 二\n\n한국어 문장입니다. 中文，句子。\n',
  'right to left': '# عنوان\n\nنص *مائل* و[رابط](https://example.org) و `code` و 123.\n\nעברית\n',
  'mixed scripts and marks':
    'Zażółć gęślą jaźń. Ünïcödé e\u0301. \u202bעברית\u202c \u200bzero\u200dwidth\ufeff\n',
  'long lines': `${'word '.repeat(5000)}\n\n${'unbreakable'.repeat(500)}\n\nhttps://example.org/${'x'.repeat(2000)}\n`,
  'hard breaks': 'One  \nTwo\\\nThree<br>\nFour   \n',
  'nested lists': '1. a\n   - b\n     1. c\n        - d\n\n          para\n2. e\n\n* f\n+ g\n- h\n',
  'loose and tight lists': '- a\n\n- b\n- c\n\n\n- d\n\n10. ten\n11. eleven\n',
  'lists by tabs': '-\ta\n\t-\tb\n\t\t-\tc\n',
  'task list': '- [ ] todo\n- [x] done\n',
  blockquotes: '> a\n> > b\nlazy\n\n> # Heading\n> - list\n>\n> ```\n> code\n> ```\n',
  'smart punctuation': '“Quoted” — ‘single’ … it’s 5’ 6” – «guillemets»\n',
  'plain punctuation': '"Quoted" -- \'single\' ... (c) (tm) +- 1/2\n',
  'emphasis traps': 'snake_case_word 2*3*4 **bold*nested*bold** ***both*** _a*b_ * not * __init__\n',
  'link traps':
    '[a](https://example.org/a_(b)) [c](<https://example.org/a b>) [d]( https://example.org ) [e](https://example.org "a \\"b\\"") [[wiki]] [f](g.md#h)\n',
  autolinks:
    '<https://example.org/?a=b&c=d> <me@example.org> https://bare.example.org www.example.org <ftp://example.org>\n',
  'images of all kinds':
    '![Remote](https://example.org/a.png) ![](https://example.org/b.png)\n\n![Root](/assets/c.png "t")\n\n[![Linked](https://example.org/d.png)](https://example.org)\n\n![data](data:image/gif;base64,R0lGODlhAQABAAAAACw=)\n',
  rules: '---\n\n***\n\n_ _ _\n\n* * *\n',
  'body that looks like front matter': '---\ntitle: not really\n---\n\nText\n',
  escapes: '\\# not \\* this \\[or\\](that) \\`nor\\` \\<b\\> \\\\ C:\\path\\to 1\\. x\n',
  'windows remains': 'a\tb\u000bc\u000cd\u001ae\u0085f\n',
  'diff and shell': '```diff\n- old\n+ new\n```\n\n$ rm -rf ./x && echo "done" > out\n',
  'empty constructs': '#\n\n-\n\n>\n\n[]()\n\n![]()\n\n****\n\n``\n\n|  |\n|--|\n',
  'no newline at the end': 'The end',
  'only white space around': '\n\n   \n\nText\n\n\n   \n',
  'ends in spaces': 'Text   ',
};

const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

describe.each(Object.entries(SHAPES))('%s', (_name, body) => {
  const { body: kept } = article(source(HEAD, body));
  const page = renderPage(document({ articleBody: kept }));

  it('keeps its bytes and makes a safe and valid page', () => {
    expect(kept).toBe(body);
    expect(dangers(page)).toEqual([]);
    const { results } = validator.validateStringSync(page);
    expect(
      results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
    ).toEqual([]);
  });
});

describe('what the shapes show', () => {
  const shown = (name: string) => renderPage(document({ articleBody: SHAPES[name] ?? '' }));

  it('is text where it is none of Markdown’s', () => {
    expect(shown('liquid tags')).toContain('{% include image.html url=&quot;/a.png&quot; %}');
    expect(shown('html block')).toContain('&lt;div class=&quot;row&quot; style=&quot;color:red&quot;&gt;');
    expect(shown('footnotes')).toContain('Text[^1] and more[^note].');
    expect(shown('iframe and script')).toContain('&lt;script async');
    expect(shown('kramdown attributes')).toContain('<h2 id="title-custom-id">Title {#custom-id}</h2>');
  });

  it('is Markdown where it is', () => {
    expect(shown('reference links')).toContain('<a href="https://example.org/2" title="Two"');
    expect(shown('pipe table')).toContain('<td>x | y</td>');
    expect(shown('setext headings')).toContain('<h3 id="two-lines">Two\nlines</h3>');
    expect(shown('code fences')).toContain(
      '<code class="language-python">def f(): return &quot;&lt;a&gt;&quot;',
    );
    expect(shown('body that looks like front matter')).toContain('<h2 id="title-not-really">');
  });
});
