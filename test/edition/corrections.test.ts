import { describe, expect, it } from 'vitest';
import type { Correction } from '../../src/article/document.ts';
import type { Entry } from '../../src/edition/archive.ts';
import { MOST_OF_A_YEAR } from '../../src/edition/build-corrections.ts';
import { linkOf } from '../../src/edition/change.ts';
import type { ArticleModel } from '../helpers/article-model.ts';
import { invalid } from '../helpers/html-validity.ts';
import { linksOf } from '../helpers/links.ts';
import { bundled, Paper } from '../helpers/paper.ts';
import { filesOf } from './support.ts';

const [A, B] = ['2026/01/01/a', '2026/01/01/b'];

function dated(month: string, count: number): Correction[] {
  return Array.from({ length: count }, (_, at) => ({
    '@type': 'CorrectionComment',
    kind: 'correction',
    datePublished: `2026-${month}-${String(1 + (at % 28)).padStart(2, '0')}`,
    text: `Correction ${at} of ${month}.`,
  }));
}

/** What lies below `corrections/`, which is what an edition from nothing has there. */
async function corrections(paper: Paper): Promise<Map<string, string>> {
  const atOnce = new Paper(paper.publication, paper.archive as ArticleModel);
  await atOnce.build(paper.archive.newest(9).map((entry) => ({ entry, link: linkOf(entry) })));
  const [made, expected] = await Promise.all([inside(paper), inside(atOnce)]);
  expect(made).toEqual(expected);
  return made;
}

async function inside(paper: Paper): Promise<Map<string, string>> {
  const files = [...(await filesOf(paper))].filter(([path]) => path.startsWith('corrections/'));
  return new Map(files.map(([path, text]) => [path.slice('corrections/'.length), text ?? '']));
}

describe('the corrections of a year', () => {
  it('have one page, and where they are many one for each month; only what a notice is dated in is made anew', async () => {
    const paper = new Paper();
    const publish = (id: string, notices: Correction[], revision: number, more: Partial<Entry> = {}) =>
      paper.publish([bundled(id, { notices, revision, ...more })]);
    await publish(A, [...dated('01', MOST_OF_A_YEAR - 1), ...dated('03', 1)], 1);
    expect([...(await corrections(paper)).keys()]).toEqual(['2026.html', 'index.html']);
    await publish(B, dated('02', 1), 1);
    const split = await corrections(paper);
    expect([...split.keys()].sort()).toEqual([
      '2026-01.html',
      '2026-02.html',
      '2026-03.html',
      '2026.html',
      'index.html',
    ]);
    const year = split.get('2026.html') ?? '';
    const months = linksOf('corrections/2026.html', year).map(({ target }) => target);
    expect(months.filter((path) => path.includes('2026-'))).toEqual(
      ['01', '02', '03'].map((month) => `corrections/2026-${month}.html`),
    );
    for (const html of split.values()) expect(invalid(html)).toEqual([]);
    await publish(B, [...dated('02', 1), ...dated('03', 1)], 2);
    const later = await corrections(paper);
    expect(
      [...later]
        .filter(([path, text]) => split.get(path) !== text)
        .map(([path]) => path)
        .sort(),
    ).toEqual(['2026-03.html', '2026.html', 'index.html']);
    await publish(B, [], 3);
    expect([...(await corrections(paper)).keys()]).toEqual(['2026.html', 'index.html']);
  });
});
