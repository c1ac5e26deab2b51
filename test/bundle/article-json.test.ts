import { describe, expect, it } from 'vitest';
import type { ArticleDocument } from '../../src/article/document.ts';
import { parseArticle } from '../../src/bundle/article-json.ts';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { document } from '../article/support.ts';

const NOTICE = {
  '@type': 'CorrectionComment',
  kind: 'retraction',
  datePublished: '2025-07-09',
  text: 'It never took place.',
} as const;
const CID = 'bafybeie3trcdybeqbuhdhyzz2rqbv4sp5rm2glqvg3xj47ur7etgxh6uvi';
const RETRACTED = { revision: 3, previous: CID, status: 'retracted', correction: [NOTICE] } as const;

function parse(changes: Partial<Record<keyof ArticleDocument, unknown>>) {
  const bytes = canonicalBytes({ ...document(), ...changes, proof: [] });
  return parseArticle(bytes);
}

function file(path: string, role: string) {
  return { path, cid: CID, size: 1, type: 'text/html', role };
}

describe('a retraction in article.json', () => {
  it.each([
    ['with its text', { ...RETRACTED }],
    ['without it', { ...RETRACTED, articleBody: '', withheld: [1, 2] }],
    ['beside a correction', { ...RETRACTED, correction: [{ ...NOTICE, kind: 'correction' }, NOTICE] }],
  ])('is accepted %s', (_, changes) => {
    expect(parse(changes)).toMatchObject(changes);
  });

  it.each([
    ['that gives no reason', { ...RETRACTED, correction: [] }],
    ['whose status is another', { ...RETRACTED, status: 'published' }],
    ['that withholds not all', { ...RETRACTED, articleBody: '', withheld: [1] }],
    ['that withholds itself', { ...RETRACTED, articleBody: '', withheld: [1, 2, 3] }],
    ['that withholds in another order', { ...RETRACTED, articleBody: '', withheld: [2, 1] }],
    ['that withholds without being one', { revision: 3, previous: CID, articleBody: '', withheld: [1, 2] }],
    ['that withholds the text and has it', { ...RETRACTED, withheld: [1, 2] }],
    ['with a summary', { ...RETRACTED, articleBody: '', withheld: [1, 2], description: 'x' }],
    ['with authors', { ...RETRACTED, articleBody: '', withheld: [1, 2], author: [] }],
    [
      'with an earlier correction',
      {
        ...RETRACTED,
        articleBody: '',
        withheld: [1, 2],
        correction: [{ ...NOTICE, kind: 'update' }, NOTICE],
      },
    ],
    [
      'with a page of differences',
      { ...RETRACTED, articleBody: '', withheld: [1, 2], files: [file('changes.html', 'changes')] },
    ],
    [
      'with a picture',
      { ...RETRACTED, articleBody: '', withheld: [1, 2], files: [file('media/a.png', 'image')] },
    ],
    [
      'with a picture that calls itself a style',
      { ...RETRACTED, articleBody: '', withheld: [1, 2], files: [file('media/a.png', 'style')] },
    ],
  ])('is refused %s', (_, changes) => {
    expect(() => parse(changes)).toThrow(/article\.json/);
  });
});

describe('changes.html in article.json', () => {
  it('has its own role', () => {
    const files = [file('changes.html', 'changes')];
    expect(parse({ files }).files).toEqual(files);
    expect(() => parse({ files: [file('changes.html', 'page')] })).toThrow('changes');
    expect(() => parse({ files: [file('index.html', 'changes')] })).toThrow('changes');
  });
});

describe('variants in article.json', () => {
  const picture = {
    ...file('media/a-1.jpg', 'image'),
    type: 'image/jpeg',
    width: 1200,
    height: 675,
    source: ['a.jpg'],
    alt: 'A',
  };
  const variant = {
    ...file('media/a-2.jpg', 'image'),
    type: 'image/jpeg',
    width: 800,
    height: 450,
    variantOf: 'media/a-1.jpg',
  };

  it('are smaller pictures of the same type and shape', () => {
    expect(parse({ files: [picture, variant] }).files).toEqual([picture, variant]);
  });

  it.each([
    ['of nothing', { variantOf: 'media/b-1.jpg' }, 'names no picture'],
    ['of a page', { variantOf: 'index.html' }, 'names no picture'],
    ['of themselves', { variantOf: 'media/a-2.jpg' }, 'names another variant'],
    ['of a place outside', { variantOf: '../a.jpg' }, 'variantOf'],
    ['of another type', { type: 'image/png' }, 'type'],
    ['that are a page', { role: 'page' }, 'type'],
    ['as wide as the picture', { width: 1200, height: 675 }, 'smaller'],
    ['of another shape', { height: 449 }, 'shape'],
    ['without a size', { width: undefined }, 'shape'],
    ['that answer references', { source: ['b.jpg'] }, '"source"'],
    ['that lead', { lead: true }, '"lead"'],
    ['with words of their own', { alt: 'B' }, '"alt"'],
  ])('are refused %s', (_, changes, said) => {
    const changed = Object.entries({ ...variant, ...changes }).filter(([, value]) => value !== undefined);
    const page = file('index.html', 'page');
    expect(() => parse({ files: [page, picture, Object.fromEntries(changed)] })).toThrow(said);
  });

  it('are refused where two of a picture are of one width, which srcset cannot tell apart', () => {
    const same = { ...variant, path: 'media/a-3.jpg' };
    expect(() => parse({ files: [picture, variant, same] })).toThrow('"media/a-3.jpg" is as wide as another');
  });
});

describe('a category in article.json', () => {
  it('may carry a Media Topic, and no topic of another vocabulary', () => {
    const topical = (topic: string) => [{ slug: 'science', name: 'Science', topic }];
    const categories = topical('medtop:13000000');
    expect(parse({ categories }).categories).toEqual(categories);
    expect(() => parse({ categories: topical('wd:Q336') })).toThrow('categories.0.topic');
  });
});
