import { describe, expect, it } from 'vitest';
import type { ArticleDocument } from '../../src/article/document.ts';
import { renderPage } from '../../src/article/page.ts';
import { checkTheme } from '../../src/theme/check-theme.ts';
import { samplePages } from '../../src/theme/sample-pages.ts';
import { invalid } from '../helpers/html-validity.ts';
import { CID, exampleFiles, faultsOf, filesOf } from './support.ts';

const PARTS = ['retraction', 'categories', 'headline', 'byline', 'notice', 'body', 'corrections', 'sources'];
const all = PARTS.map((part) => `{% part ${part} %}`).join('\n');
const article = (text: string): Record<string, string> => ({ 'templates/article.liquid': text });
const page = (text: string): Record<string, string> => ({ 'templates/page.liquid': text });

const DOCUMENT: ArticleDocument = {
  '@context': ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'],
  '@type': 'NewsArticle',
  format: 'ovn-article/1',
  template: 1,
  publication: { id: CID, masthead: 1, name: '<b>&', tagline: '' },
  identifier: '2025/01/02/sample',
  revision: 1,
  status: 'published',
  headline: '<part:body> {{ x }} <script>',
  articleSection: ['World'],
  categories: [{ slug: 'world', name: '"World"' }],
  datePublished: '2025-01-02',
  dateModified: '2025-01-02',
  inLanguage: 'en',
  encodingFormat: 'text/markdown',
  articleBody: 'Text {% part body %}.\n',
  files: [],
};

describe('the templates of a theme', () => {
  it('lay out pages that are valid HTML, in every state of an article', () => {
    const { look } = checkTheme(CID, exampleFiles(), 'theme');
    const pages = samplePages(look);
    for (const html of pages) expect(invalid(html)).toEqual([]);
    expect(pages[1]).toMatch(/<div class="kicker">\n<ul class="sections">.*<p class="minutes">1 min<\/p>/s);
    expect(pages[2]).toMatch(/<article class="story" data-theme="bafy\w+">\n<div class="notice retraction">/);
  });

  it('write texts of an article as texts, whatever they say', () => {
    const text = `{{ article.headline }} {{ article.outlet.name }} {% for each in article.categories %}{{ each.name }}{% endfor %}${all}`;
    const { look } = checkTheme(CID, filesOf(article(`<p>${text.replace(all, '')}</p>${all}`)), 'theme');
    const html = renderPage(DOCUMENT, look);
    expect(html).toContain(
      '<p>&lt;part:body&gt; {{ x }} &lt;script&gt; &lt;b&gt;&amp; &quot;World&quot;</p>',
    );
    expect(html).toContain('<p>Text {% part body %}.</p>');
    expect(html.match(/<div class="body">/g)).toHaveLength(1);
  });

  it.each(PARTS)('cannot leave out: %s', (part) => {
    expect(faultsOf(article(all.replace(`{% part ${part} %}`, '')))).toEqual([
      expect.stringContaining(`the part "${part}" is left out`),
    ]);
  });

  it.each([
    ['twice', `${all}{% part body %}`, 'the part "body" is there 2 times'],
    ['unknown', `${all}\n{% part foo %}`, '9: there is no part "foo"'],
    ['in a list', all.replace('{% part body %}', '<ul>{% part body %}</ul>'), 'cannot stand in <ul>'],
    ['in a comment', `<!-- ${all} -->`, 'is no tag that a template may have'],
    ['in a hidden element', `<div hidden>${all}</div>`, 'hidden="" has no place'],
    ['in a template', `<template>${all}</template>`, '<template> has no place'],
    ['in details', `<details>${all}</details>`, '<details> has no place'],
    ['with a style', `<div style="x">${all}</div>`, 'style="x" has no place'],
    ['with a script', `${all}\n<script>x</script>`, '9: <script> has no place'],
    ['with a handler', `<div onclick="x">${all}</div>`, 'onclick="x" has no place'],
    ['with a picture', `${all}<img src="https://example.org/x.png">`, '<img> has no place'],
    ['with a link inside', `${all}<p><a href="../x">x</a></p>`, 'href="../x" has no place'],
    ['with a link that runs', `${all}<p><a href="javascript:x">x</a></p>`, 'has no place in <a>'],
    ['not closed', `${all}\n\n<div>`, '10: <div> is not closed'],
    ['closed twice', `${all}</div>`, '</div> closes nothing'],
    ['with a class of ours', `<div class="masthead">${all}</div>`, 'class="masthead" has no place'],
    ['with a mark of ours', `${all}<p class="x corrected">x</p>`, 'class="x corrected" has no place'],
    ['with a main of its own', `<main>${all}</main>`, '<main> has no place'],
    ['a filter of the clock', `${all}{{ "now" | date: "%s" }}`, 'undefined filter: date'],
    ['unescaped', `${all}{{ article.headline | raw }}`, 'undefined filter: raw'],
    ['a file elsewhere', `${all}{% render '../x' %}`, 'ENOENT'],
    ['an include', `${all}{% include 'x' %}`, 'tag "include" not found'],
    ['a mistake', `${all}\n{% if x %}`, '9: tag {% if x %} not closed'],
    ['what is not there', `${all}\n\n{{ article.foo }}`, '10: undefined variable: article.foo'],
    ['without end', `${all}{% for i in (1..9999999) %}{% endfor %}`, 'limit exceeded'],
    ['the way of the prototypes', `${all}{{ article.constructor }}`, 'undefined variable'],
  ])('refuse parts, tags and attributes that are not to be: %s', (_, text, said) => {
    expect(faultsOf(article(text))).toEqual([expect.stringContaining(said)]);
  });

  it('fail on an article by its name', () => {
    const last = '{% if article.words == 0 %}{% part body %}{% endif %}';
    const { look } = checkTheme(
      CID,
      filesOf(article(all + last.replace('words == 0', 'status == "x"'))),
      'theme',
    );
    expect(() => renderPage({ ...DOCUMENT, status: 'x' as never }, look)).toThrow(
      'templates/article.liquid:8: the part "body" is there 2 times (in the page of 2025/01/02/sample)',
    );
  });

  it('keep the parts of a page in their order', () => {
    const parts = ['masthead', 'navigation', 'main', 'footer'].map((part) => `{% part ${part} %}`);
    expect(faultsOf(page(parts.join('\n')))).toEqual([]);
    expect(faultsOf(page(parts.toReversed().join('\n')))).toEqual([expect.stringContaining('another order')]);
    expect(faultsOf(page(`<div>${parts.slice(0, 3).join('')}</div>`))).toEqual([
      expect.stringContaining('"footer" is left out'),
    ]);
  });
});
