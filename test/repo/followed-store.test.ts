import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/repo/database.ts';
import type { FollowChoice, FollowMove } from '../../src/repo/followed.ts';
import { FollowedStore } from '../../src/repo/followed-store.ts';
import { PinStore } from '../../src/repo/pins.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { rawBlocks } from '../helpers/blocks.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const ALL: FollowChoice = { categories: null, maxBytes: null, since: null, keep: 1 };
const LEFT = { articles: 0, bytes: 0, why: [] };
const ADDED = {
  publication: 'p',
  target: 'https://p.example',
  name: null,
  places: [],
  choice: ALL,
  added: 't0',
};

let path: string;
let store: FollowedStore;

beforeEach(() => {
  path = join(temporaryFolder(), 'ovn.db');
  store = open();
});

function open(): FollowedStore {
  const db = openDatabase(path, { create: true });
  onTestFinished(() => db.close());
  return new FollowedStore(db);
}

function to(sequence: number, changes: Partial<FollowMove> = {}): FollowMove {
  return {
    edition: `e${sequence}`,
    manifest: `m${sequence}`,
    sequence,
    issued: 'i',
    expires: 'x',
    logSize: sequence,
    name: 'k51',
    places: ['https://mirror.example/'],
    held: { parts: [{ cid: `e${sequence}`, bytes: 10 }], blocks: [], bytes: 10, whole: true, left: LEFT },
    heldBy: ALL,
    at: `t${sequence}`,
    ...changes,
  };
}

describe('what is followed', () => {
  it('is told as it was put, also by another process', () => {
    const choice = { categories: ['science', 'world'], maxBytes: 1e12, since: '2026-01-01', keep: 3 };
    store.add({ ...ADDED, choice, name: 'k51', places: ['/ip4/192.0.2.1/tcp/1'] });
    const nothing = {
      edition: null,
      manifest: null,
      sequence: null,
      issued: null,
      expires: null,
      logSize: null,
    };
    const never = { whole: false, bytes: 0, checked: null, synced: null, problem: null };
    const expected = {
      ...ADDED,
      ...nothing,
      ...never,
      choice,
      name: 'k51',
      places: ['/ip4/192.0.2.1/tcp/1'],
    };
    expect(open().list()).toEqual([expect.objectContaining(expected)]);
    expect(store.get('q')).toBe(undefined);
  });

  it('moves forward only, and forgets what was held of editions that are not kept', () => {
    store.add(ADDED);
    const [block] = rawBlocks(1, 10, 20);
    const multihash = block?.cid.multihash.bytes ?? new Uint8Array();
    store.move('p', to(1, { held: { parts: [], blocks: [multihash], bytes: 5, whole: false, left: LEFT } }));
    expect([...store.blocks()]).toEqual([multihash]);
    expect(store.get('p')).toMatchObject({
      edition: 'e1',
      whole: false,
      bytes: 5,
      synced: 't1',
      checked: 't1',
    });
    store.move('p', to(2));
    expect([...store.blocks()]).toEqual([]);
    expect(store.roots()).toEqual(['e2']);
    expect(store.byEdition('e1')).toBe(undefined);
    expect(store.byEdition('e2')).toEqual({
      publication: 'p',
      edition: 'e2',
      manifest: 'm2',
      sequence: 2,
      whole: true,
    });
    expect(() => store.move('p', to(1))).toThrow('older');
    expect(() => store.move('q', to(1))).toThrow('not followed');
  });

  it('keeps so many editions; another root of the same edition is none more', () => {
    store.add({ ...ADDED, choice: { ...ALL, keep: 2 } });
    for (const sequence of [1, 2, 3]) store.move('p', to(sequence));
    store.move('p', to(3, { edition: 'e3 witnessed' }));
    expect(store.editions('p').map(({ edition }) => edition)).toEqual(['e3 witnessed', 'e2']);
    expect(store.get('p')).toMatchObject({ edition: 'e3 witnessed', sequence: 3 });
  });

  it('notes why a look moved nothing, until one does', () => {
    store.add(ADDED);
    store.move('p', to(1));
    const problem = { code: 'refused', message: 'two histories', at: 't2' };
    store.note('p', { checked: 't2', problem });
    expect(store.get('p')).toMatchObject({ checked: 't2', synced: 't1', problem });
    store.note('p', { checked: 't3', synced: 't3', problem: null });
    expect(store.get('p')).toMatchObject({ checked: 't3', synced: 't3', problem: null });
  });

  it('is let go of with all that is held of it; what is chosen anew keeps what is held', () => {
    store.add(ADDED);
    store.add({ ...ADDED, publication: 'q', added: 't1' });
    store.move('p', to(1));
    store.move('q', to(1, { edition: 'eq', held: { ...to(1).held, parts: [{ cid: 'eq', bytes: 1 }] } }));
    store.add({ ...ADDED, choice: { ...ALL, keep: 5 } });
    expect(store.get('p')).toMatchObject({ edition: 'e1', choice: { keep: 5 }, added: 't0' });
    expect(store.remove('p')).toBe(true);
    expect(store.remove('p')).toBe(false);
    expect(store.roots()).toEqual(['eq']);
    expect(store.list().map(({ publication }) => publication)).toEqual(['q']);
  });

  it('loses no mark on what is whole but that of what is held singly', () => {
    using db = openDatabase(path, { create: true });
    const blocks = [...rawBlocks(2, 10, 20)];
    new SqliteBlockstore(db).putBatch(blocks);
    const pins = new PinStore(db);
    const [single, other] = blocks.map(({ cid }) => cid) as [CID, CID];
    pins.markComplete([single, other]);
    pins.unmark([single.multihash.bytes]);
    expect([pins.isComplete(single), pins.isComplete(other.toString())]).toEqual([false, true]);
  });
});
