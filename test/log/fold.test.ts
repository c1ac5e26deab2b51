import { describe, expect, it } from 'vitest';
import { ENTRY_FORMAT, encodeEntry, type LogEntry, type RevisionKind } from '../../src/log/entry.ts';
import { applyEntry, emptyFold, foldEntries, type LogFold } from '../../src/log/fold.ts';
import { TileTree } from '../../src/log/tile-tree.ts';
import { dagPbCid, rawCid } from '../../src/unixfs/hash.ts';
import { bytesOf, LogFiles, refusalOf, refusalOfAsync } from './support.ts';

const TIME = '2025-07-07T10:00:00Z';
const A = '2025/07/07/first-light';
const B = '2025/07/08/second-light';

const masthead = (version: number): LogEntry => ({
  format: ENTRY_FORMAT,
  kind: 'masthead',
  version,
  cid: rawCid(bytesOf(`masthead ${version}`)).toString(),
  time: TIME,
});
const edition = (sequence: number): LogEntry => ({
  format: ENTRY_FORMAT,
  kind: 'edition',
  sequence,
  cid: rawCid(bytesOf(`manifest ${sequence}`)).toString(),
});
const revision = (kind: RevisionKind, article: string, number: number, withheld?: number[]): LogEntry => ({
  format: ENTRY_FORMAT,
  kind,
  article,
  revision: number,
  cid: cidOf(article, number),
  time: TIME,
  ...(withheld === undefined ? {} : { withheld }),
});
const cidOf = (article: string, number: number) => dagPbCid(bytesOf(`${article} ${number}`)).toString();

function foldOf(...entries: LogEntry[]): LogFold {
  const fold = emptyFold();
  for (const [index, entry] of entries.entries()) applyEntry(fold, index, entry);
  return fold;
}

const HISTORY = [
  masthead(1),
  revision('publish', A, 1),
  edition(1),
  revision('update', A, 2),
  revision('publish', B, 1),
  edition(2),
  masthead(2),
  revision('retraction', A, 3, [1]),
  revision('rerender', B, 2),
];

describe('the fold of a log', () => {
  it('says what was published, in which order', () => {
    const fold = foldOf(...HISTORY);
    expect(fold.size).toBe(9);
    expect(fold.mastheads.map(({ version, index }) => [version, index])).toEqual([
      [1, 0],
      [2, 6],
    ]);
    expect(fold.editions).toEqual([
      { sequence: 1, cid: rawCid(bytesOf('manifest 1')).toString(), index: 2 },
      { sequence: 2, cid: rawCid(bytesOf('manifest 2')).toString(), index: 5 },
    ]);
    expect([...fold.articles.keys()]).toEqual([A, B]);
    expect(fold.articles.get(A)).toEqual({
      newest: { revision: 3, cid: cidOf(A, 3), kind: 'retraction', time: TIME, index: 7 },
      earlier: [
        { revision: 1, cid: cidOf(A, 1), kind: 'publish', time: TIME, index: 1 },
        { revision: 2, cid: cidOf(A, 2), kind: 'update', time: TIME, index: 3 },
      ],
      retracted: true,
      withheld: new Set([1]),
    });
    expect(fold.articles.get(B)?.newest.kind).toBe('rerender');
  });

  it('of an article that is taken back and published again', () => {
    const isRetractedBy = (...kinds: RevisionKind[]) => {
      const later = kinds.map((kind, at) => revision(kind, A, at + 2));
      return foldOf(masthead(1), revision('publish', A, 1), ...later).articles.get(A)?.retracted;
    };
    expect(isRetractedBy('retraction', 'rerender')).toBe(true);
    expect(isRetractedBy('retraction', 'update')).toBe(false);
    expect(isRetractedBy('retraction', 'correction', 'rerender')).toBe(false);
    expect(isRetractedBy('rerender')).toBe(false);
  });

  it('keeps withheld what any retraction withheld', () => {
    const fold = foldOf(
      masthead(1),
      revision('publish', A, 1),
      revision('retraction', A, 2, [1]),
      revision('update', A, 3),
      revision('retraction', A, 4, [2, 3]),
    );
    expect(fold.articles.get(A)?.withheld).toEqual(new Set([1, 2, 3]));
  });

  it.each([
    ['an article before masthead 1', [revision('publish', A, 1)], 'the log does not begin with masthead 1'],
    ['an edition before masthead 1', [edition(1)], 'the log does not begin with masthead 1'],
    ['masthead 2 first', [masthead(2)], 'masthead 2 after 0'],
    ['masthead 1 twice', [masthead(1), masthead(1)], 'masthead 1 after 1'],
    ['a masthead left out', [masthead(1), masthead(3)], 'masthead 3 after 1'],
    ['edition 2 first', [masthead(1), edition(2)], 'edition 2 after 0'],
    ['an edition twice', [masthead(1), edition(1), edition(1)], 'edition 1 after 1'],
    ['an edition left out', [masthead(1), edition(1), edition(3)], 'edition 3 after 1'],
    [
      'an article published twice',
      [masthead(1), revision('publish', A, 1), revision('publish', A, 1)],
      `${A} was published before`,
    ],
    ['an update of nothing', [masthead(1), revision('update', A, 2)], `${A} was never published`],
    ['a retraction of nothing', [masthead(1), revision('retraction', A, 2)], `${A} was never published`],
    [
      'a revision left out',
      [masthead(1), revision('publish', A, 1), revision('correction', A, 3)],
      `revision of ${A} 3 after 1`,
    ],
    [
      'a revision twice',
      [masthead(1), revision('publish', A, 1), revision('update', A, 2), revision('rerender', A, 2)],
      `revision of ${A} 2 after 2`,
    ],
  ])('refuses %s', (_, entries, reason) => {
    const fold = foldOf(...entries.slice(0, -1));
    const before = structuredClone(fold);
    const index = entries.length - 1;
    expect(refusalOf(() => applyEntry(fold, index, entries[index]!))).toBe(
      `refused: entry ${index} of the log: ${reason}`,
    );
    expect(fold).toEqual(before);
  });

  it('refuses entries out of their places', () => {
    const fold = foldOf(masthead(1));
    for (const index of [0, 2]) {
      expect(refusalOf(() => applyEntry(fold, index, edition(1)))).toMatch(
        /^refused: entry \d of the log: not/,
      );
    }
  });

  it('refuses a history with an entry left out that another one follows', () => {
    const refused = HISTORY.keys().filter(
      (at) => refusalOf(() => foldOf(...HISTORY.toSpliced(at, 1))) !== 'nothing thrown',
    );
    // The last of each chain leaves no gap: that it is missing shows in size and root.
    expect([...refused]).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('replaying a log', () => {
  it('goes on where it was left', async () => {
    const log = await LogFiles.of(HISTORY.slice(0, 4).map(encodeEntry));
    const fold = emptyFold();
    await foldEntries(fold, (await TileTree.open(log.head, log.read)).entries(0));
    expect(fold).toEqual(foldOf(...HISTORY.slice(0, 4)));
    await log.append(HISTORY.slice(4).map(encodeEntry));
    await foldEntries(fold, (await TileTree.open(log.head, log.read)).entries(fold.size));
    expect(fold).toEqual(foldOf(...HISTORY));
  });

  it('stops at what is no entry, naming it', async () => {
    const log = await LogFiles.of([encodeEntry(masthead(1)), bytesOf('{}')]);
    const entries = (await TileTree.open(log.head, log.read)).entries(0);
    expect(await refusalOfAsync(() => foldEntries(emptyFold(), entries))).toMatch(
      /^malformed: entry 1 of the log: log entry: /,
    );
  });
});
