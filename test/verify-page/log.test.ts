import { beforeAll, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../src/log/checkpoint.ts';
import { encodeEntry, type LogEntry } from '../../src/log/entry.ts';
import { stateOf } from '../../src/log/tree-head.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import type { Fold } from '../../src/verify-page/fold.ts';
import { readLog } from '../../src/verify-page/log.ts';
import type { Manifest } from '../../src/verify-page/manifest.ts';
import type { Mastheads } from '../../src/verify-page/masthead.ts';
import { Report } from '../../src/verify-page/report.ts';
import type { Store } from '../../src/verify-page/store.ts';
import { flipped } from '../helpers/flipped.ts';
import { directoryCid } from '../helpers/manifest-parts.ts';
import { testSigner } from '../helpers/signers.ts';
import { LogFiles, noteSigner, ORIGIN } from '../log/support.ts';

const TIME = '2026-01-10T12:00:00Z';
const FORMAT = 'ovn-log-entry/1';
const MASTHEAD = rawCid(Buffer.from('masthead')).toString();
const EDITION = rawCid(Buffer.from('manifest 1')).toString();
const SIZE = 700;

/** More than two tiles of articles, a correction and a retraction among them, after a masthead; one edition is logged. */
const ENTRIES: LogEntry[] = [
  { format: FORMAT, kind: 'masthead', version: 1, cid: MASTHEAD, time: TIME },
  ...Array.from({ length: SIZE - 4 }, (_, at) => entryOf('publish', at, 1)),
  { format: FORMAT, kind: 'edition', sequence: 1, cid: EDITION },
  entryOf('correction', 3, 2),
  { ...entryOf('retraction', 3, 3), withheld: [1] } as LogEntry,
];

function entryOf(kind: 'publish' | 'correction' | 'retraction', article: number, revision: number): LogEntry {
  const cid = directoryCid(`${article} ${revision}`);
  return { format: FORMAT, kind, article: `2026/01/05/a${article}`, revision, cid, time: TIME } as LogEntry;
}

async function logOf(entries: readonly LogEntry[]): Promise<LogFiles> {
  const log = await LogFiles.of(entries.map(encodeEntry));
  log.files.set('checkpoint', signCheckpoint(ORIGIN, log.head, [noteSigner(ORIGIN)]));
  return log;
}

/** Files as the page finds them on plain hosting, or below a root, where it sees what else is there. */
function storeOf(files: ReadonlyMap<string, Uint8Array>, root?: string): Store {
  const below = (folder: string) => {
    const paths = [...files.keys()]
      .map((path) => `log/${path}`)
      .filter((path) => path.startsWith(`${folder}/`));
    const names = paths.map((path) => path.slice(folder.length + 1));
    return new Map(
      names.map((name) => [name.split('/')[0] ?? '', name.includes('/') ? 'bafybei' : 'bafkrei']),
    );
  };
  return {
    root,
    list: async (path) => (root === undefined ? undefined : below(path.join('/'))),
    cidAt: async () => undefined,
    find: async ([, ...path], limit) => {
      const bytes = files.get(path.join('/'));
      if (bytes !== undefined && bytes.length > limit) throw new Error('longer');
      return bytes && { bytes: Uint8Array.from(bytes), cid: rawCid(bytes).toString() };
    },
  };
}

async function judge(
  log: LogFiles,
  {
    files = log.files,
    isPlain = false,
    manifest = {},
  }: { files?: ReadonlyMap<string, Uint8Array>; isPlain?: boolean; manifest?: Partial<Manifest> } = {},
): Promise<{ report: Report; fold: Fold | undefined; results: string[] }> {
  const report = new Report();
  const state = {
    masthead: { version: 1 },
    sequence: 2,
    previous: EDITION,
    log: stateOf(ORIGIN, log.head),
    ...manifest,
  } as Manifest;
  const keys = [{ id: testSigner(`ed25519 ${ORIGIN}`).did }];
  const newest = { roles: { log: { keys, threshold: 1 } } };
  const mastheads = { versions: [{ cid: MASTHEAD, masthead: newest }], newest } as unknown as Mastheads;
  const fold = await readLog(report, storeOf(files, isPlain ? undefined : 'root'), state, mastheads);
  return { report, fold, results: report.checks.map(({ name, result }) => `${name} ${result}`) };
}

const HOLDS = ['log-checkpoint pass', 'log-entries pass', 'log-files pass'];

describe('the log, as the page reads it', () => {
  let log: LogFiles;
  beforeAll(async () => {
    log = await logOf(ENTRIES);
  });

  it('holds, and tells what became of every article', async () => {
    const { results, fold } = await judge(log);
    expect(results).toEqual(HOLDS);
    expect(fold).toMatchObject({
      size: SIZE,
      editions: [{ cid: EDITION, index: SIZE - 3 }],
      mastheads: [{ index: 0 }],
    });
    expect(fold?.articles.size).toBe(SIZE - 4);
    expect(fold?.articles.get('2026/01/05/a3')).toEqual({
      revisions: [
        { cid: directoryCid('3 1'), kind: 'publish', index: 4 },
        { cid: directoryCid('3 2'), kind: 'correction', index: SIZE - 2 },
        { cid: directoryCid('3 3'), kind: 'retraction', index: SIZE - 1 },
      ],
      isRetracted: true,
      withheld: new Set([1]),
    });
  });

  it('holds on plain hosting, where folders cannot be listed', async () => {
    const files = new Map(log.files).set('notes.txt', new Uint8Array(1));
    expect((await judge(log, { files, isPlain: true })).results).toEqual(HOLDS);
  });

  it.each([1, 2, 3, 255, 256, 257, 512, 513])('holds with %i entries', async (size) => {
    const first = ENTRIES.filter(({ kind }) => kind !== 'edition').slice(0, size);
    const small = await logOf(first);
    const { results } = await judge(small, { manifest: { sequence: 1, previous: undefined } as never });
    expect(results).toEqual(HOLDS);
  });

  it('is refused with any byte of any file changed', async () => {
    for (const [path, bytes] of log.files) {
      for (const at of [0, 1, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const files = new Map(log.files).set(path, flipped(bytes, at, at % 8));
        const { report } = await judge(log, { files });
        expect(report.failed?.name, `${path} at ${at}`).toMatch(/^log-/);
      }
    }
  });

  it('is refused with a file more, and not checked with one less', async () => {
    for (const path of ['tile/0/003', 'tile/entries/002.p/1', 'notes.txt', 'tile/x', 'tile/7/x', 'more/x']) {
      const { report } = await judge(log, { files: new Map(log.files).set(path, new Uint8Array(1)) });
      expect(report.failed?.name, path).toBe('log-files');
    }
    for (const path of log.files.keys()) {
      const files = new Map(log.files);
      files.delete(path);
      expect((await judge(log, { files })).report.failed, path).toBeDefined();
    }
  });

  it.each<[string, Partial<Manifest>]>([
    ['another sequence', { sequence: 3 }],
    ['another edition before it', { previous: MASTHEAD }],
  ])('is refused with %s', async (_, manifest) => {
    const { report } = await judge(log, { manifest });
    expect(report.failed?.name).toBe('log-entries');
  });

  it.each<[string, (entries: LogEntry[]) => LogEntry[]]>([
    ['no masthead first', (entries) => entries.slice(1)],
    ['another masthead', ([first, ...rest]) => [{ ...first, cid: EDITION } as LogEntry, ...rest]],
    [
      'two mastheads',
      ([first, ...rest]) => [first as LogEntry, { ...first, version: 2 } as LogEntry, ...rest],
    ],
    ['an article twice', (entries) => [...entries, entryOf('publish', 5, 1)]],
    ['a gap between revisions', (entries) => [...entries, entryOf('correction', 5, 3)]],
    ['a correction of nothing', (entries) => [...entries, entryOf('correction', 9999, 2)]],
    [
      'an edition twice',
      (entries) => [...entries, { format: FORMAT, kind: 'edition', sequence: 1, cid: EDITION }],
    ],
  ])('is refused with %s', async (_, change) => {
    const { report } = await judge(await logOf(change(ENTRIES)));
    expect(report.failed?.name).toBe('log-entries');
  });

  it('is not read to its end when it is longer than a page should read, and says so', async () => {
    const { origin, root } = stateOf(ORIGIN, log.head);
    const manifest = { log: { origin, size: 1_000_000, root } };
    const { results } = await judge(log, { manifest });
    expect(results).toEqual(['log-checkpoint fail', 'log-entries not-checked']);
  });

  it('is not there in an edition from before the log', async () => {
    const { results } = await judge(log, { manifest: { log: { origin: ORIGIN, size: 0, root: '' } } });
    expect(results).toEqual(['log not-checked']);
  });
});
