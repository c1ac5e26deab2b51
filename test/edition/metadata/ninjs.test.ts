import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ArticleDocument, Correction } from '../../../src/article/document.ts';
import { feedId } from '../../../src/edition/feeds/feed-id.ts';
import { ninjsOf } from '../../../src/edition/metadata/ninjs.ts';
import { document } from '../../article/support.ts';
import { ninjsSchema } from '../../helpers/ninjs-schema.ts';
import { hasVectors, vectors } from '../../helpers/vectors.ts';

const CID = 'bafybeie3trcdybeqbuhdhyzz2rqbv4sp5rm2glqvg3xj47ur7etgxh6uvi';
const FILE = { cid: CID, size: 94, type: 'image/png', role: 'image', width: 16, height: 8 } as const;
const NOTICE: Correction = {
  '@type': 'CorrectionComment',
  kind: 'correction',
  datePublished: '2025-07-09',
  text: 'It was four years.',
};

/** An article with everything that there can be. */
const FULL: ArticleDocument = {
  ...document(),
  identifier: '2025/07/07/first-light',
  headline: 'First <light>',
  description: 'A summary.',
  publication: { ...document().publication, url: 'https://paper.example' },
  revision: 2,
  previous: CID,
  author: [
    { '@type': 'Person', name: 'Mara Lindqvist' },
    { '@type': 'Person', name: 'Ada Lovelace' },
  ],
  categories: [
    { slug: 'science', name: 'Science', topic: 'medtop:13000000' },
    { slug: 'space', name: 'Space', topic: 'medtop:13000000' },
    { slug: 'world', name: 'World' },
  ],
  datePublished: '2025-07-07',
  dateModified: '2025-07-09T10:00+02:00',
  license: 'https://creativecommons.org/licenses/by/4.0/',
  correction: [NOTICE],
  articleBody: 'It has *seen* it. ![A dome](dome.png)\n',
  files: [
    { ...FILE, path: 'media/a-1a2b3c4d.png', source: ['a.png'] },
    {
      ...FILE,
      path: 'media/dome-1a2b3c4d.png',
      source: ['dome.png'],
      alt: 'A dome.',
      caption: 'The dome',
      credit: 'M. L.',
      lead: true,
    },
    { ...FILE, path: 'media/dome-2b3c4d5e.png', width: 8, height: 4, variantOf: 'media/dome-1a2b3c4d.png' },
  ],
};

const RETRACTED: ArticleDocument = {
  ...document(),
  status: 'retracted',
  articleBody: '',
  withheld: [],
  correction: [{ ...NOTICE, kind: 'retraction' }],
};

describe('ninjsOf', () => {
  const item = ninjsOf(FULL, CID);

  it('says all of an article', () => {
    expect(item).toMatchObject({
      uri: feedId(FULL.publication.id, FULL.identifier),
      version: '2',
      pubStatus: 'usable',
      firstCreated: '2025-07-07T00:00:00Z',
      versionCreated: '2025-07-09T10:00:00+02:00',
      language: FULL.inLanguage,
      by: 'Mara Lindqvist, Ada Lovelace',
      people: [
        { name: 'Mara Lindqvist', rel: 'author' },
        { name: 'Ada Lovelace', rel: 'author' },
      ],
      headlines: [{ role: 'main', value: 'First <light>' }],
      descriptions: [
        { role: 'summary', value: 'A summary.' },
        { role: 'correction', value: '2025-07-09: It was four years.' },
      ],
      subjects: [
        { name: 'Science', rel: 'category', literal: 'science' },
        { name: 'Space', rel: 'category', literal: 'space' },
        { name: 'World', rel: 'category', literal: 'world' },
        { rel: 'about', uri: 'http://cv.iptc.org/newscodes/mediatopic/13000000', literal: 'medtop:13000000' },
      ],
    });
    expect(item['altIds']).toContainEqual({ role: 'cid', value: CID });
    expect(item['altIds']).toContainEqual({ role: 'previous', value: CID });
  });

  it('has the text as it was written, and as HTML with its pictures', () => {
    const [markdown, html] = item['bodies'] as { contentType: string; value: string }[];
    expect(markdown).toMatchObject({ contentType: 'text/markdown', value: FULL.articleBody });
    expect(html?.value).toContain(`<em>seen</em> it. <img src="ipfs://${CID}/media/dome-1a2b3c4d.png"`);
  });

  it('names the picture that stands for it first', () => {
    const pictures = item['associations'] as { name: string; uri: string; renditions: unknown[] }[];
    expect(pictures.map(({ name, uri }) => [name, uri])).toEqual([
      ['main', `ipfs://${CID}/media/dome-1a2b3c4d.png`],
      ['picture-2', `ipfs://${CID}/media/a-1a2b3c4d.png`],
    ]);
    expect(pictures.map(({ renditions }) => renditions)).toMatchObject([
      [
        { name: 'original', href: `ipfs://${CID}/media/dome-1a2b3c4d.png`, width: 16 },
        { name: 'width-8', href: `ipfs://${CID}/media/dome-2b3c4d5e.png`, width: 8, height: 4 },
      ],
      [{ name: 'original' }],
    ]);
  });

  it('cancels what is retracted, and has no text that is withheld', () => {
    const retracted = ninjsOf(RETRACTED, CID);
    expect(retracted).toMatchObject({ pubStatus: 'canceled', representationType: 'partial' });
    expect(retracted).not.toHaveProperty('bodies');
    expect(retracted['descriptions']).toMatchObject([{ role: 'retraction' }]);
  });

  it.skipIf(!hasVectors).each([
    ['everything', FULL],
    ['the least', document()],
    ['a retraction', RETRACTED],
  ])('is valid by IPTC’s schema: %s', (_, article) => {
    const validate = ninjsSchema();
    validate(ninjsOf(article, CID));
    expect(validate.errors ?? []).toEqual([]);
    validate({ ...ninjsOf(article, CID), _ovn: {} });
    expect(validate.errors?.[0]?.keyword).toBe('unevaluatedProperties');
  });

  it.skipIf(!hasVectors).each(['3.0', '3.1'])(
    'is judged by a schema that judges IPTC’s own cases of %s',
    (version) => {
      const validate = ninjsSchema();
      for (const verdict of ['should_pass', 'should_fail']) {
        const folder = vectors(`ninjs/${version}/${verdict}`);
        for (const name of readdirSync(folder))
          expect(validate(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))), name).toBe(
            verdict === 'should_pass',
          );
      }
    },
  );
});
