import { describe, expect, it } from 'vitest';
import { convertBody } from '../../src/ingest/convert-body.ts';
import type { Collection, ForeignPost } from '../../src/ingest/foreign-post.ts';
import { WordpressReader } from '../../src/ingest/wordpress.ts';
import { blogOfYears, type ExportItem, wordpressExport } from '../helpers/wordpress-export.ts';

function readText(xml: string, pieces = xml.length): { isExport: boolean; collection: Collection } {
  const reader = new WordpressReader({ pages: false, zone: 'Z', base: undefined, language: 'en' });
  for (let at = 0; at < xml.length; at += pieces) reader.write(xml.slice(at, at + pieces));
  return reader.end();
}

function readOne(item: Partial<ExportItem>): ForeignPost & { markdown: string } {
  const { posts } = readText(wordpressExport([{ id: 1, ...item }])).collection;
  const post = posts[0];
  if (post === undefined) throw new Error('no post');
  return { ...post, markdown: convertBody(post.body, new Map()).markdown };
}

describe('an export of WordPress', () => {
  it('gives posts of all kinds, in whatever pieces it comes', () => {
    const xml = wordpressExport(blogOfYears());
    const { isExport, collection } = readText(xml);
    expect(isExport).toBe(true);
    expect(collection.posts).toHaveLength(66);
    expect(collection.posts.filter(({ held }) => held !== undefined).map(({ held }) => held)).toEqual([
      'it is protected by a password',
      'it is private',
      'it is scheduled for 2030-01-01 12:00:00',
      'it is a draft',
      'it waits for review',
    ]);
    expect(collection.leftOut.map(({ origin, reason }) => `${origin}: ${reason}`)).toEqual([
      'post 41 "Thrown away": it lies in the trash',
      'post 42 "Auto Draft": it was never more than begun',
      'page 51 "About us": it is a page (see --pages)',
      'page 52 "Contact": it is a page (see --pages)',
    ]);
    expect(collection.others).toEqual({ nav_menu_item: 2, revision: 1 });
    expect(readText(xml, 7)).toEqual({ isExport, collection });
  });

  it('knows dates with their zone, people by their names, and what a post brings besides', () => {
    const post = readOne({
      title: 'Sea &amp; <em>sail</em>',
      name: '%d0%b0',
      date: '2020-01-01 03:30:00',
      more: '<wp:comment></wp:comment><wp:comment></wp:comment>',
      excerpt: '<p>Short.</p>',
      categories: ['Sea &amp; Sail'],
      tags: ['x'],
    });
    expect(post).toMatchObject({
      name: 'а',
      authors: ['Ada Lovelace'],
      categories: ['Sea & Sail'],
      tags: ['x'],
      summary: 'Short.',
    });
    expect(post.losses).toEqual([{ kind: 'comment', message: '2 comments of readers' }]);
    expect(readOne({ date: '2020-01-01 10:00:00' }).date).toBe('2020-01-01T10:00:00+02:00');
    expect(readOne({ date: '0000-00-00 00:00:00' }).date).toBeUndefined();
  });

  it.each([
    [
      'lines of a text without blocks',
      'One\ntwo\n\n<h2>Head</h2>\nthree\n<ul>\n<li>a</li>\n</ul>',
      'One  \ntwo\n\n## Head\n\nthree\n\n- a\n',
    ],
    [
      'captions',
      '[caption id="x"]<img src="a.jpg" alt="A" /> Words[/caption]',
      '[A](https://harbour.example/1/a.jpg)\n\n*Words*\n',
    ],
    ['code', '[sourcecode language="js"]a < b && [x][/sourcecode]', '```js\na < b && [x]\n```\n'],
    [
      'words in brackets',
      'He said [sic] [1] [[gallery]] [x](y)',
      'He said \\[sic\\] \\[1\\] \\[gallery\\] \\[x\\](y)\n',
    ],
    ['shortcodes of others', '[box color="red"]in[/box] [toc] [contact-form-7 id="1"]', 'in\n'],
    [
      'addresses alone on a line',
      'a\n\nhttps://v.example/1\n\nb',
      'a\n\n[https://v.example/1](https://v.example/1)\n\nb\n',
    ],
    ['code with what looks like a shortcode', '<pre>[gallery]</pre>', '```\n[gallery]\n```\n'],
  ])('shows %s', (_name, content, markdown) => {
    expect(readOne({ content }).markdown).toBe(markdown);
  });

  it('finds the pictures of galleries, by their numbers or by the post', () => {
    const { posts } = readText(wordpressExport(blogOfYears())).collection;
    const gallery = posts.find(({ origin }) => origin.startsWith('post 3 '));
    const { markdown, losses } = convertBody(gallery?.body ?? { format: 'html', text: '' }, new Map());
    expect(markdown.match(/harbour\.example\/[ab]\.jpg/g)).toHaveLength(4);
    expect(losses.map(({ message }) => message)).toEqual([
      'the image https://harbour.example/a.jpg became a link (2 times)',
      'the image https://harbour.example/b.jpg became a link (2 times)',
    ]);
  });

  it('shows the pictures of a post in its galleries, and not without end', () => {
    const own = Array.from(
      { length: 60 },
      (_, at) =>
        `<item><wp:post_type>attachment</wp:post_type><wp:post_id>${at + 2}</wp:post_id><wp:post_parent>1</wp:post_parent><wp:attachment_url>https://harbour.example/${at}.jpg</wp:attachment_url></item>`,
    );
    const xml = wordpressExport([{ id: 1, content: '[gallery]'.repeat(60) }]);
    const [post] = readText(xml.replace('</channel>', `${own.join('')}</channel>`)).collection.posts;
    expect(post?.body.text.match(/<img /g)).toHaveLength(500);
    expect(post?.losses).toContainEqual({
      kind: 'image',
      message: 'pictures of galleries beyond 500 are left out (52 times)',
    });
  });

  it.each([
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><rss/>', /document type/],
    ['what breaks off', wordpressExport([{ id: 1 }]).slice(0, -20), /line \d+: unclosed tag/],
    ['elements without end', `<rss><channel><item>${'<a>'.repeat(100)}`, /nested deeper/],
    ['what is no XML', '<rss><channel></rss>', /line 1/],
    ['entries without end', `<rss><channel><item>${'<a/>'.repeat(200_001)}`, /too many elements/],
  ])('refuses %s', (_name, xml, message) => {
    expect(() => readText(xml)).toThrow(message);
  });

  it('ends soon, whatever is opened and never ended', () => {
    const started = performance.now();
    for (const piece of [
      '[caption x="',
      '[code]',
      '[a b="c" ',
      '[',
      '<pre>',
      '<!-- wp:x {',
      '<svg ',
      '&#8195;',
      '\n',
      '<',
    ])
      expect(readOne({ content: piece.repeat(10_000) }).origin).toBe('post 1');
    for (const piece of ['<pre>', '[code]', '[caption]'])
      expect(readOne({ content: `${piece.repeat(150_000)}[` }).origin).toBe('post 1');
    expect(performance.now() - started).toBeLessThan(8000);
  });

  it('leaves entities alone that are not of XML, and drops control characters', () => {
    const xml = wordpressExport([{ id: 1 }]).replace(
      '<title><![CDATA[]]>',
      '<title>a&nbsp;b &amp;eacute;\u0007',
    );
    expect(readText(xml).collection.posts[0]?.title).toBe('a&nbsp;b &eacute;');
  });
});
