import { describe, expect, it } from 'vitest';
import { maySeeChanges, renderChanges } from '../../src/article/changes-page.ts';
import type { ArticleDocument } from '../../src/article/document.ts';
import { invalid } from '../helpers/html-validity.ts';
import { PAGES } from './pages.ts';
import { dangers, document } from './support.ts';

const BEFORE = document({
  articleBody: 'One.\n\nTwo.\n\nIt was built in five years.\n\nFour.\n\nFive.\n',
  description: 'Old & grey',
});
const AFTER = document({
  revision: 2,
  headline: 'First light, again',
  articleBody: 'One.\n\nTwo.\n\nIt was built in four years.\n\nFour.\n\nFive.\n',
  correction: [
    { '@type': 'CorrectionComment', kind: 'correction', datePublished: '2025-07-09', text: 'Not <five>.' },
  ],
});

describe('changes.html', () => {
  it('has the bytes it always had', async () => {
    await expect(renderChanges(BEFORE, AFTER)).toMatchFileSnapshot('golden/changes.html');
  });

  it.each(Object.entries(PAGES))('is sound HTML without anything foreign: %s', (_, page) => {
    const before: ArticleDocument = {
      ...page,
      headline: 'Before',
      articleBody: `${page.articleBody}\nOld <b>.\n`,
    };
    const html = renderChanges(before, { ...page, revision: 2 });
    expect(invalid(html)).toEqual([]);
    expect(dangers(html)).toEqual([]);
  });

  it('says in words what is only seen otherwise, and leaves out what is far from a change', () => {
    const html = renderChanges(BEFORE, AFTER);
    expect(html).toContain('[Removed: </span>five<span');
    expect(html).toContain('[Added: </span>four<span');
    expect(html).not.toContain('One.');
    expect(html).toContain('Two.');
    expect(html).toContain('Not &lt;five&gt;.');
  });

  it('does not depend on proof or files', () => {
    const files = [{ path: 'style.css', cid: 'x', size: 1, type: 'text/css', role: 'style' } as const];
    expect(renderChanges({ ...BEFORE, proof: [1] }, { ...AFTER, files, proof: [2] })).toBe(
      renderChanges(BEFORE, AFTER),
    );
  });

  it('says so where nothing that it shows is different', () => {
    expect(renderChanges(BEFORE, { ...BEFORE, revision: 2 })).toContain(
      'Headline, summary and text are the same.',
    );
  });

  it('is there only where neither text is withheld', () => {
    expect(maySeeChanges(BEFORE, AFTER)).toBe(true);
    expect(maySeeChanges(BEFORE, { ...AFTER, withheld: [1] })).toBe(false);
    expect(maySeeChanges({ ...BEFORE, withheld: [1] }, AFTER)).toBe(false);
  });
});
