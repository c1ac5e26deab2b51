import { describe, expect, it } from 'vitest';
import { withRelease } from '../../src/article/release.ts';
import { article, HEAD, read, source } from './support.ts';

const at = (text: string): number => Date.parse(text);
const held = (lines: string[], until?: string) =>
  read(source([...HEAD, ...lines]), until === undefined ? {} : { releasedUntil: at(until) }).held;

describe('an embargo', () => {
  it('ends at its moment, in any zone, and at none where no clock is known', () => {
    const lines = ['publishAt: 2025-07-08T10:00:00+02:00'];
    const back = { reason: 'publishAt: 2025-07-08T10:00:00+02:00', until: '2025-07-08T08:00:00Z' };
    expect(held(lines)).toEqual(back);
    expect(held(lines, '2025-07-08T07:59:59.999Z')).toEqual(back);
    expect(held(lines, '2025-07-08T08:00:00Z')).toBeUndefined();
    expect(held(['embargo: 2025-07-08T08:00:00.5Z'], '2025-07-08T08:00:00Z')).toMatchObject({
      until: '2025-07-08T08:00:01Z',
    });
  });

  it('beside a publishAt is over when both are', () => {
    const lines = ['publishAt: 2025-07-08T10:00:00Z', 'embargo: 2025-07-08T10:30:00+01:00'];
    expect(held(lines, '2025-07-08T09:45:00Z')?.reason).toMatch(/^publishAt/);
    const later = ['publishAt: 2025-07-08T10:00:00Z', 'embargo: 2025-07-08T13:00:00+01:00'];
    expect(held(later, '2025-07-08T11:00:00Z')).toEqual({
      reason: 'embargo: 2025-07-08T13:00:00+01:00',
      until: '2025-07-08T12:00:00Z',
    });
    expect(held([...lines.slice(0, 1), 'embargo: for ever'], '2030-01-01T00:00:00Z')).toEqual({
      reason: 'embargo: for ever',
    });
  });

  it.each([
    ['publishAt: 2025-07-08', ['4: publishAt', 'write 2025-07-08T00:00:00Z if that is UTC']],
    ['embargo: 2025-7-8 10:00 +0200', ['4: embargo', 'write 2025-07-08T10:00+02:00']],
    ['embargo: 8.7.2025', ['4: embargo', 'with its zone']],
    ['publishAt: tomorrow', ['4: publishAt', 'with its zone']],
  ])('that says no moment is held and named: %s', (line, parts) => {
    const { findings } = read(source([...HEAD, line]), { releasedUntil: at('2099-01-01') });
    const told = findings.map((finding) => `${finding.line - 1}: ${finding.message}`);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    for (const part of parts) expect(told[0]).toContain(part);
  });

  it.each([
    ['PublishAt: 2000-01-01T00:00:00Z', 'publishAt'],
    ['publish_at: 2100-01-01T00:00:00Z', 'publishAt'],
    ['publishDate: 2100-01-01T00:00:00Z', 'publishAt'],
    ['scheduled: 2100-01-01T00:00:00Z', 'publishAt'],
    ['Embargo: 2100-01-01T00:00:00Z', 'embargo'],
    ['embargoUntil: the verdict', 'embargo'],
    ['Draft: true', 'draft'],
    ['Published: no', 'published'],
  ])('that is misspelt holds back, and is named: %s', (line, meant) => {
    const { held: back, findings } = read(source([...HEAD, line]));
    const name = line.split(':')[0];
    expect(back).toEqual({ reason: `unknown field "${name}"` });
    expect(findings.map(({ message }) => message)).toEqual([
      `unknown field "${name}" holds the article back; did you mean "${meant}"?`,
    ]);
  });

  it.each(['Draft: false', 'publisher: The Paper', 'publishedAt: 2000-01-01', 'releaseDate: 1999-01-01'])(
    'is nothing that only looks like it: %s',
    (line) => {
      expect(held([line])).toBeUndefined();
    },
  );

  it('in words is no mistake', () => {
    expect(read(source([...HEAD, 'embargo: until the verdict'])).findings).toEqual([]);
  });
});

describe('the dates of a scheduled article', () => {
  const P = 'publishAt: 2025-07-09T10:00:00Z';
  const dates = (lines: string[], published?: string) => {
    const read = article(source([...HEAD, ...lines]), { releasedUntil: at('2030-01-01') });
    const { id, datePublished, dateModified } = withRelease(
      read,
      published === undefined ? undefined : { datePublished: published },
    );
    return [id, datePublished, dateModified];
  };
  const ID = '2025/07/07/first-light';

  it.each<[string, string[], string | undefined, string, string]>([
    ['first', [P], undefined, '2025-07-09T10:00:00Z', '2025-07-09T10:00:00Z'],
    ['no moment', [], undefined, '2025-07-07', '2025-07-07'],
    [
      'an earlier update',
      [P, 'updated: 2025-07-08'],
      undefined,
      '2025-07-09T10:00:00Z',
      '2025-07-09T10:00:00Z',
    ],
    ['a revision', [P], '2025-07-07', '2025-07-07', '2025-07-09T10:00:00Z'],
    [
      'another revision',
      [P, 'updated: 2025-07-12'],
      '2025-07-09T10:00:00Z',
      '2025-07-09T10:00:00Z',
      '2025-07-12',
    ],
    ['taken out', [], '2025-07-09T10:00:00Z', '2025-07-09T10:00:00Z', '2025-07-09T10:00:00Z'],
    ['taken out, same day', [], '2025-07-07T10:00:00Z', '2025-07-07T10:00:00Z', '2025-07-07T10:00:00Z'],
    ['none ever', ['updated: 2025-07-08'], '2025-07-07', '2025-07-07', '2025-07-08'],
  ])('%s', (_name, lines, published, datePublished, dateModified) => {
    expect(dates(lines, published)).toEqual([ID, datePublished, dateModified]);
  });
});
