import { describe, expect, it } from 'vitest';
import { convertBody } from '../../src/ingest/convert-body.ts';
import type { FeedOptions } from '../../src/ingest/feed-entry.ts';
import { readJsonFeed } from '../../src/ingest/json-feed.ts';
import { XmlFeedReader } from '../../src/ingest/xml-feed.ts';

const OPTIONS: FeedOptions = { zone: 'Z', base: undefined, language: 'en' };

function readXml(xml: string) {
  const reader = new XmlFeedReader(OPTIONS);
  for (let at = 0; at < xml.length; at += 100) reader.write(xml.slice(at, at + 100));
  return reader.end();
}

const RSS = `<?xml version="1.0"?><rss version="2.0" xmlns:content="c" xmlns:dc="d"><channel><title>T</title><language>fr</language>
<item><title>A &amp;amp; b</title><link>https://x.example/2020/a-b.html?y</link><guid>urn:1</guid><pubDate>Thu, 02 Jan 2020 10:00:00 GMT</pubDate>
<description>Short</description><content:encoded><![CDATA[<p>Long <a href="../c">c</a></p>]]></content:encoded><dc:creator>Ada</dc:creator><category>Sea</category>
<enclosure url="https://x.example/e.jpg" type="image/jpeg"/></item>
<item><title>Only short</title><link>https://x.example/?p=7</link><pubDate>2020-01-03</pubDate><author>a@x.example (Bo)</author><description>&lt;b&gt;s&lt;/b&gt;</description></item>
<item><title>Undated</title></item></channel></rss>`;

const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title>
<entry><id>tag:1</id><title type="html">A &amp;lt;b&amp;gt; c</title><link rel="self" href="https://x.example/self"/><link href="https://x.example/a"/>
<published>2020-01-02T10:00:00+01:00</published><updated>2020-02-02T10:00:00Z</updated><author><name>Ada</name></author><category term="sea" label="Sea"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <b>two</b> &lt;three&gt;<br/>four</div></content></entry></feed>`;

describe('feeds', () => {
  it('reads RSS', () => {
    const { posts } = readXml(RSS);
    expect(posts).toHaveLength(3);
    expect(posts[0]).toMatchObject({
      title: 'A &amp; b',
      name: 'a-b',
      date: '2020-01-02T10:00:00Z',
      summary: 'Short',
      authors: ['Ada'],
      categories: ['Sea'],
      language: 'fr',
      image: { address: 'https://x.example/e.jpg' },
      losses: [],
    });
    expect(convertBody(posts[0]?.body ?? { format: 'html', text: '' }, new Map()).markdown).toBe(
      'Long [c](https://x.example/c)\n',
    );
    expect(posts[1]).toMatchObject({ date: '2020-01-03', authors: ['Bo'] });
    expect(posts[1]).not.toHaveProperty('name');
    expect(posts[2]).not.toHaveProperty('date');
  });

  it('reads RSS 0.91, which names its document type', () => {
    const type =
      '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">';
    const feed = (declared: string) =>
      `${declared}<rss version="0.91"><channel><item><title>A</title><pubDate>Thu, 02 Jan 2020 10:00:00 GMT</pubDate><description>x</description></item></channel></rss>`;
    expect(readXml(feed(type)).posts).toHaveLength(1);
    expect(() => readXml(feed(type.replace('>', ' [<!ENTITY a "b">]>')))).toThrow(/document type/);
  });

  it('reads Atom, with XHTML in its order', () => {
    const [post] = readXml(ATOM).posts;
    expect(post).toMatchObject({
      title: 'A &lt;b&gt; c',
      name: 'a',
      date: '2020-01-02T10:00:00+01:00',
      updated: '2020-02-02T10:00:00Z',
      categories: ['Sea'],
    });
    expect(convertBody(post?.body ?? { format: 'html', text: '' }, new Map()).markdown).toBe(
      'One **two** \\<three>  \nfour\n',
    );
  });

  it('reads JSON Feed', () => {
    const feed = {
      version: 'https://jsonfeed.org/version/1.1',
      authors: [{ name: 'All' }],
      items: [
        {
          id: '1',
          url: 'https://x.example/a-b/',
          title: 'A <tag>',
          content_html: '<p>x',
          date_published: '2020-01-02T10:00:00Z',
          tags: ['Sea', 3],
          image: 'i.png',
        },
        { id: '2', content_text: 'a < b\n\nc', date_published: '2020-01-02', author: { name: 'Ada' } },
        'nothing',
        { id: '3' },
      ],
    };
    const { posts, leftOut } = readJsonFeed(JSON.stringify(feed), OPTIONS);
    expect(posts[0]).toMatchObject({
      title: 'A &lt;tag>',
      name: 'a-b',
      categories: ['Sea', '3'],
      authors: ['All'],
      image: { address: 'i.png' },
    });
    expect(posts[1]).toMatchObject({ authors: ['Ada'], body: { text: '<p>a &lt; b</p><p>c</p>' } });
    expect(leftOut).toEqual([
      { origin: 'entry 3', why: 'fault', reason: 'it is no entry' },
      { origin: '3', why: 'rule', reason: 'it says nothing' },
    ]);
  });

  it.each([
    ['a page', '<html><body/></html>', /no RSS and no Atom/],
    ['a document type', '<!DOCTYPE rss SYSTEM "x"><rss/>', /document type/],
  ])('refuses %s', (_name, xml, message) => {
    expect(() => readXml(xml)).toThrow(message);
  });

  it.each(['[]', '{"items": 1}', '{', 'null'])('refuses %s', (text) => {
    expect(() => readJsonFeed(text, OPTIONS)).toThrow(/no JSON/);
  });

  describe('names what does not come along', () => {
    const item = (members: object) => JSON.stringify({ items: [members] });
    const json = (members: object) => readJsonFeed(item(members), OPTIONS);
    const rss = (inside: string) =>
      readXml(`<rss version="2.0"><channel><item>${inside}</item></channel></rss>`);

    it.each([null, 7, 'text', [[]], true])('an item that is no entry: %j', (value) => {
      const { posts, leftOut } = readJsonFeed(JSON.stringify({ items: [{ title: 'A' }, value] }), OPTIONS);
      expect(posts).toHaveLength(1);
      expect(leftOut).toEqual([{ origin: 'entry 2', why: 'fault', reason: 'it is no entry' }]);
    });

    it.each([
      ['a picture', () => json({ id: '1', image: 'https://x.example/a.jpg' })],
      [
        'an attachment',
        () => json({ id: '1', attachments: [{ url: 'https://x.example/a.jpg', mime_type: 'audio/mpeg' }] }),
      ],
      [
        'an enclosure',
        () => rss('<guid>1</guid><enclosure url="https://x.example/a.jpg" type="audio/mpeg"/>'),
      ],
      [
        'an enclosed picture',
        () => rss('<guid>1</guid><enclosure url="https://x.example/a.jpg" type="image/jpeg"/>'),
      ],
    ])('an entry that has nothing but %s', (_, read) => {
      const { posts, leftOut } = read();
      expect(posts).toEqual([]);
      expect(leftOut).toEqual([
        {
          origin: '1',
          why: 'fault',
          reason: 'it has neither headline nor text, and only brings https://x.example/a.jpg',
        },
      ]);
    });

    it('and passes over an entry of nothing', () => {
      expect(json({ id: '1' }).leftOut).toEqual([{ origin: '1', why: 'rule', reason: 'it says nothing' }]);
    });

    it.each([
      [
        'JSON Feed',
        () =>
          json({
            title: 'A',
            attachments: [{ url: 'https://x.example/a.mp3', mime_type: 'audio/mpeg' }, {}],
          }),
      ],
      [
        'RSS',
        () =>
          rss(
            '<title>A</title><enclosure url="https://x.example/a.mp3" type="audio/mpeg"/><media:content url="https://x.example/a.mp3"/>',
          ),
      ],
    ])('a recording beside the text in %s', (_, read) => {
      expect(read().posts[0]?.losses).toEqual([
        {
          kind: 'element',
          message: expect.stringMatching(
            /^a file.* beside the text is left out: https:\/\/x\.example\/a\.mp3$/,
          ),
        },
      ]);
    });
  });

  it('reads numbers of a JSON Feed as the texts that they stand for', () => {
    const text = JSON.stringify({ items: [{ id: 41, title: 1984, tags: [7], content_text: 2.5 }] });
    expect(readJsonFeed(text, OPTIONS).posts).toEqual([
      expect.objectContaining({
        origin: '41',
        title: '1984',
        categories: ['7'],
        body: expect.objectContaining({ text: '<p>2.5</p>' }),
      }),
    ]);
  });

  it('takes an attached picture for the picture of the article', () => {
    const attachments = [{ url: 'https://x.example/a.jpg', mime_type: 'image/jpeg' }];
    const [post] = readJsonFeed(JSON.stringify({ items: [{ title: 'A', attachments }] }), OPTIONS).posts;
    expect(post).toMatchObject({ image: { address: 'https://x.example/a.jpg' }, losses: [] });
  });
});
