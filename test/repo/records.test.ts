import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/repo/database.ts';
import { EventStore } from '../../src/repo/events.ts';
import { HeadStore } from '../../src/repo/head.ts';
import { MastheadStore } from '../../src/repo/mastheads.ts';
import { Meta } from '../../src/repo/meta.ts';
import { PinStore } from '../../src/repo/pins.ts';
import { SourceIndex, type SourceRecord } from '../../src/repo/source-index.ts';
import { temporaryFolder } from '../helpers/folder.ts';

function newDatabase() {
  const db = openDatabase(join(temporaryFolder(), 'ovn.db'), { create: true });
  onTestFinished(() => db.close());
  return db;
}

const TIME = '2025-08-01T00:00:00Z';

describe('SourceIndex', () => {
  const stat = {
    size: 4096,
    mtimeMs: 1_751_882_400_123.5,
    ctimeMs: 1_751_882_400_987.25,
    ino: 2 ** 64,
  };
  const media = [{ path: 'articles/harbour.jpg', stat: { ...stat, size: 9_007_199_254_740_991 } }];
  const record: SourceRecord = { path: 'articles/b.md', articleId: '2025/07/07/b', digest: 'd', stat, media };
  const plain: SourceRecord = { ...record, path: 'articles/a.md', articleId: '2025/07/07/a', media: [] };

  it('gives back every bit of what was noted', () => {
    const sources = new SourceIndex(newDatabase());
    for (const each of [record, plain]) sources.put(each);
    expect(sources.get(record.path)).toEqual(record);
    expect(sources.get('articles/none.md')).toBeUndefined();
    expect(sources.look(record.path)).toEqual({ ...stat, media });
    expect(sources.look(plain.path)).toEqual({ ...stat, media: [] });
    expect(sources.look('articles/none.md')).toBeUndefined();
    expect(sources.paths()).toEqual([plain.path, record.path]);
    expect([...sources.articleIds()]).toEqual([
      [plain.path, plain.articleId],
      [record.path, record.articleId],
    ]);
  });

  it('forgets', () => {
    const sources = new SourceIndex(newDatabase());
    for (const each of [record, plain]) sources.put(each);
    sources.forget(record.path);
    expect(sources.paths()).toEqual([plain.path]);
  });

  it('says of each in turn how it looked, through pages of them, and which nobody asked for', () => {
    const db = newDatabase();
    const sources = new SourceIndex(db);
    const paths = Array.from({ length: 1000 }, (_, at) => `articles/${String(at).padStart(4, '0')}.md`);
    db.exec('BEGIN');
    for (const [size, path] of paths.entries()) sources.put({ ...plain, path, stat: { ...stat, size } });
    db.exec('COMMIT');
    const looks = sources.looks();
    const asked = paths.filter((_, at) => at % 3 > 0);
    expect(asked.map((path) => looks.of(path)?.size)).toEqual(asked.map((path) => Number(path.slice(9, 13))));
    expect(looks.of('articles/0999a.md')).toBeUndefined();
    expect(looks.rest()).toEqual(paths.filter((_, at) => at % 3 === 0));
    expect(sources.looks().rest()).toEqual(paths);
  });

  it('finds those on which SQLite and JavaScript disagree which comes first', () => {
    const sources = new SourceIndex(newDatabase());
    const paths = ['articles/\u{1f4f0}.md', 'articles/\ufb01.md'];
    for (const path of paths) sources.put({ ...plain, path });
    expect([paths.toSorted(), sources.paths()]).toEqual([paths, paths.toReversed()]);
    const looks = sources.looks();
    expect(paths.map((path) => looks.of(path))).toEqual([sources.look(paths[0] ?? ''), expect.anything()]);
    expect(looks.rest()).toEqual([]);
    expect(sources.looks().rest()).toHaveLength(2);
  });
});

describe('EventStore', () => {
  it('keeps events in their order', () => {
    const events = new EventStore(newDatabase());
    const publish = {
      kind: 'publish',
      article: '2025/07/07/a',
      revision: 1,
      cid: 'x',
      time: TIME,
      sequence: 1,
    } as const;
    const edition = { kind: 'edition', cid: 'm', time: TIME, sequence: 1 } as const;
    for (const event of [publish, edition, publish]) events.append(event);
    expect(events.list()).toEqual([
      { position: 1, ...publish },
      { position: 2, ...edition },
      { position: 3, ...publish },
    ]);
    expect(events.list({ from: 2, limit: 1 })).toEqual([{ position: 2, ...edition }]);
  });
});

describe('HeadStore', () => {
  const head = { sequence: 1, edition: 'e1', manifest: 'm1', issued: TIME, expires: '2025-08-31T00:00:00Z' };

  it('is at the newest edition and keeps every manifest', () => {
    const heads = new HeadStore(newDatabase());
    expect(heads.readHead()).toBeUndefined();
    heads.writeHead(head);
    heads.writeHead({ ...head, sequence: 2 });
    expect(heads.readHead()).toEqual({ ...head, sequence: 2 });
    expect(heads.manifests()).toEqual([{ ...head, sequence: 2 }, head]);
    expect(heads.manifests(1)).toEqual([{ ...head, sequence: 2 }]);
  });

  it('never goes back', () => {
    const heads = new HeadStore(newDatabase());
    heads.writeHead({ ...head, sequence: 5 });
    for (const sequence of [4, 5])
      expect(() => heads.writeHead({ ...head, sequence })).toThrow('does not follow');
    expect(heads.readHead()?.sequence).toBe(5);
  });
});

describe('MastheadStore', () => {
  it('keeps every version, without a gap', () => {
    const mastheads = new MastheadStore(newDatabase());
    const versions = [1, 2].map((version) => ({
      version,
      cid: `c${version}`,
      bytes: Uint8Array.of(version),
    }));
    for (const masthead of versions) mastheads.add(masthead);
    expect(mastheads.list()).toEqual(versions);
    for (const version of [2, 4]) {
      expect(() => mastheads.add({ version, cid: 'x', bytes: Uint8Array.of(9) })).toThrow('does not follow');
    }
  });
});

describe('PinStore', () => {
  it('adds, renames, lists and removes', () => {
    const pins = new PinStore(newDatabase());
    pins.add({ cid: 'b', name: 'science', kind: 'category' });
    pins.add({ cid: 'a', name: 'world', kind: 'category' });
    pins.add({ cid: 'b', name: 'world', kind: 'cid' });
    expect(pins.list()).toEqual([
      { cid: 'a', name: 'world', kind: 'category' },
      { cid: 'b', name: 'world', kind: 'cid' },
    ]);
    expect(pins.remove('a')).toBe(true);
    expect(pins.remove('a')).toBe(false);
    expect(pins.list()).toHaveLength(1);
  });
});

describe('Meta', () => {
  it('remembers one value a name', () => {
    const meta = new Meta(newDatabase());
    expect(meta.get('constructor')).toBeUndefined();
    meta.set('constructor', 'one');
    meta.set('constructor', 'two');
    expect(meta.get('constructor')).toBe('two');
  });
});
