import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Confirmation } from '../../src/repo/homes.ts';
import { loadKey } from '../../src/repo/keyring.ts';
import { setRestoredMark } from '../../src/repo/restored-mark.ts';
import { writeServingNote } from '../../src/repo/serving-note.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import type { Mirror, MirrorAnswer } from '../../src/workflows/status/ask-mirrors.ts';
import { status } from '../../src/workflows/status.ts';
import { TestName } from '../helpers/naming.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

const DAY = 86_400_000;
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY);
const MIRROR = 'https://mirror.example';

let newsroom: Newsroom;
beforeEach(async () => {
  newsroom = await Newsroom.open();
});

const look = (openMirror?: (url: string) => Mirror, now = NOW) =>
  newsroom.use(({ repository }) => {
    const { signal } = new AbortController();
    return status({
      repository,
      now,
      signal,
      openMirror,
      random: (below) => (below < 1 ? 0 : randomInt(below)),
    });
  });

/** Notes that a home was asked for the edition and said that it is pinned, as `push` does. */
async function confirm(cid: string, readBack: Partial<Confirmation['readBack']> = {}): Promise<void> {
  const placed = { home: 'attic', cid, subject: 'edition' };
  await newsroom.use(({ repository: { homes } }) => {
    const added = NOW.toISOString();
    const home = {
      name: 'attic',
      url: 'https://attic.example',
      readAt: [],
      copies: null,
      categories: null,
      plainHttp: false,
    };
    homes.add({ ...home, kind: 'kubo', credentials: null, added });
    homes.asked({ ...placed, sequence: 1, pin: 'paper', own: true, asked: added });
    homes.said(placed, { state: 'pinned' }, added);
    if (readBack !== null) homes.wasRead(placed, { at: added, blocks: 8, via: 'attic', ...readBack });
  });
}

/** A mirror that says this, and has all that is here; of a lie only the root. */
const mirrorThat =
  (answer: MirrorAnswer | undefined, { lies = false } = {}) =>
  (): Mirror => ({
    show: async () => answer,
    source: {
      id: MIRROR,
      window: 4,
      block: (cid: CID) =>
        newsroom.use(({ repository: { blockstore } }) =>
          lies && cid.toString() !== answer?.edition ? undefined : blockstore.getBytes(cid),
        ),
    },
    close: async () => undefined,
  });

describe('what would be published', () => {
  it('says what is new, changed, held back, and gone', async () => {
    newsroom.write('articles/old.md', source({ title: 'Old' }));
    newsroom.write('articles/gone.md', source({ title: 'Gone' }));
    await newsroom.publish();
    newsroom.write('articles/old.md', source({ title: 'Old' }, 'Another text.\n'));
    newsroom.write('articles/new.md', source({ title: 'New' }));
    newsroom.write('articles/draft.md', source({ draft: 'true' }));
    newsroom.remove('articles/gone.md');
    const { sources } = (await look()).report;
    expect(sources).toMatchObject({
      new: [{ source: 'articles/new.md', headline: 'New', id: '2026/01/05/new' }],
      changed: [{ source: 'articles/old.md' }],
      held: [{ source: 'articles/draft.md', reason: 'draft' }],
      missing: [{ source: 'articles/gone.md' }],
      unchanged: 0,
    });
  });

  it('names errors of sources, and fails for none', async () => {
    newsroom.write('articles/bad.md', source({ date: 'soon' }));
    const { report, exitCode } = await look();
    expect(report.sources?.findings).toMatchObject([{ severity: 'error', file: 'articles/bad.md' }]);
    expect({ exitCode, held: report.held }).toEqual({ exitCode: 0, held: [] });
  });
});

describe('who else holds it', () => {
  let edition: string;
  let category: string;
  beforeEach(async () => {
    newsroom.configure({ mirrors: [MIRROR, '/dns4/peer.example/tcp/4001'] });
    newsroom.write('articles/one.md', source());
    const published = await newsroom.publish();
    edition = published.edition;
    category = published.categories['science']?.cid ?? '';
    await newsroom.use(({ repository }) =>
      repository.pins.add({ cid: category, name: 'science', kind: 'category' }),
    );
  });

  it('is nobody at first: 3', async () => {
    const { report, exitCode } = await look();
    expect(exitCode).toBe(3);
    expect(report.onlyHere).toEqual([edition, category]);
  });

  it('is a home from which it was read back, with the category below it', async () => {
    await confirm(edition);
    const { report, exitCode } = await look();
    expect(exitCode).toBe(0);
    const holder = { who: 'attic', kind: 'home', at: NOW.toISOString(), how: 'read-back', counts: true };
    expect(report.held.map(({ kind, holders }) => ({ kind, holders }))).toEqual([
      { kind: 'edition', holders: [holder] },
      { kind: 'category', holders: [holder] },
    ]);
    expect((await look(undefined, later(31))).exitCode).toBe(3);
  });

  it("is not a home's word alone, nor a home of the edition before", async () => {
    await confirm(edition, null as never);
    expect(await look()).toMatchObject({
      exitCode: 3,
      report: { held: [{ holders: [{ how: 'said', counts: false }] }, {}] },
    });
    await confirm(edition);
    newsroom.write('articles/two.md', source({ title: 'Two' }));
    const { edition: next } = await newsroom.publish();
    const { report, exitCode } = await look();
    expect({ exitCode, onlyHere: report.onlyHere }).toEqual({ exitCode: 3, onlyHere: [next] });
    expect(report.held[1]).toMatchObject({ name: 'science', cid: category, behind: true });
  });

  it('is a mirror that gives what it says it holds, also when it is not asked again', async () => {
    const answer = { edition, sequence: 1, whole: true, categories: null, isOwn: false };
    const { report, exitCode } = await look(mirrorThat(answer));
    expect({ exitCode, problems: report.problems }).toEqual({ exitCode: 0, problems: [] });
    expect(await look()).toMatchObject({
      exitCode: 0,
      report: { held: [{ holders: [{ who: MIRROR, how: 'read-back' }] }, { elsewhere: true }] },
    });
  });

  it('is a mirror no more that gives it no more, and still one that was only not reached', async () => {
    const answer = { edition, sequence: 1, whole: true, categories: null, isOwn: false };
    expect((await look(mirrorThat(answer))).exitCode).toBe(0);
    const gone = () => Promise.reject(new Error('nobody is there'));
    const unreachable = (): Mirror => ({ ...mirrorThat(answer)(), show: gone });
    const source = { id: MIRROR, window: 1, block: gone };
    for (const silent of [unreachable, (): Mirror => ({ ...mirrorThat(answer)(), source })]) {
      const { report, exitCode } = await look(silent);
      expect(exitCode).toBe(0);
      expect(report.problems[0]?.message).toContain('nobody is there');
    }
    expect((await look(mirrorThat(answer, { lies: true }))).exitCode).toBe(3);
    expect((await look()).exitCode).toBe(3);
    expect((await look(mirrorThat(answer))).exitCode).toBe(0);
    expect((await look(mirrorThat({ ...answer, isOwn: true }))).exitCode).toBe(3);
  });

  it('is asked for a category as it was pinned, too: an edition that had it so will do', async () => {
    newsroom.write('articles/two.md', source({ title: 'Two' }));
    const { edition: next } = await newsroom.publish();
    await confirm(next);
    const before = await look();
    expect(before).toMatchObject({ exitCode: 3, report: { onlyHere: [category] } });
    expect(before.report.held[1]).toMatchObject({ cid: category, behind: true, elsewhere: false });
    const answer = { edition, sequence: 1, whole: true, categories: null, isOwn: false };
    const { report, exitCode } = await look(mirrorThat(answer));
    expect({ exitCode, onlyHere: report.onlyHere }).toEqual({ exitCode: 0, onlyHere: [] });
    expect(report.held[1]).toMatchObject({ behind: true, holders: [{ who: MIRROR }] });
  });

  it('is asked for no category of somebody else, and for ours also when the edition has it no more', async () => {
    const foreign = rawCid(new Uint8Array(3)).toString();
    await newsroom.use(({ repository }) =>
      repository.pins.add({ cid: foreign, name: 'science', kind: 'category' }),
    );
    await confirm(edition);
    expect(await look()).toMatchObject({ exitCode: 0, report: { held: [{}, { cid: category }] } });
    newsroom.write('articles/one.md', source({ categories: '[World]' }));
    const { edition: next } = await newsroom.publish();
    await confirm(next);
    const { report } = await look();
    expect(report.held).toMatchObject([{ cid: next }, { name: 'science', cid: category, behind: true }]);
    expect(report.held).toHaveLength(2);
  });

  it('is a mirror of a category for that category', async () => {
    const answer = { edition, sequence: 1, whole: false, categories: ['science', 'nothing'], isOwn: false };
    const { report } = await look(mirrorThat(answer));
    expect(report.onlyHere).toEqual([edition]);
  });

  it.each([
    [
      'does not give a block',
      { whole: true },
      { lies: true },
      /^it says that it holds bafy.*; it could not be read back: .*does not have block/,
    ],
    [
      'shows a newer edition',
      { sequence: 2 },
      {},
      /^it shows edition 2, and the newest here is 1: ovn log recover$/,
    ],
    [
      'shows another history',
      { edition: rawCid(new Uint8Array(1)).toString() },
      {},
      /never made here: ovn log compare/,
    ],
    ['is the server of this paper', { isOwn: true }, {}, /server of this paper itself/],
    ['has another paper', undefined, {}, /does not keep this publication/],
  ])('is no mirror that %s', async (_, said, how, message) => {
    const answer = said && { edition, sequence: 1, whole: true, categories: null, isOwn: false, ...said };
    const { report, exitCode } = await look(mirrorThat(answer, how));
    expect(report.problems).toEqual([{ of: MIRROR, message: expect.stringMatching(message) }]);
    expect(exitCode).toBe(said !== undefined && 'sequence' in said ? 0 : 3);
  });
});

describe('what is due', () => {
  const dueAt = async (now: Date) => {
    const { report } = await look(undefined, now);
    return Object.fromEntries(report.due.map(({ what, state, todo }) => [what, { state, todo }]));
  };

  it('is the manifest from half of its life on, and the masthead three months before its end', async () => {
    newsroom.write('articles/one.md', source());
    await newsroom.publish();
    const fine = { state: 'fine', todo: '' };
    expect(await dueAt(later(14))).toEqual({ manifest: fine, masthead: fine });
    expect(await dueAt(later(16))).toMatchObject({ manifest: { state: 'soon', todo: 'ovn publish' } });
    expect(await dueAt(later(31))).toMatchObject({ manifest: { state: 'over' }, masthead: fine });
    expect(await dueAt(later(5 * 365 - 80))).toMatchObject({
      masthead: { state: 'soon', todo: 'ovn masthead extend' },
    });
  });

  it('is the record of the name where it leads to another edition, and from half of its life on', async () => {
    newsroom.write('articles/one.md', source());
    await newsroom.publish();
    const { privateKey } = await loadKey(join(newsroom.dir, '.ovn', 'keys'), 'name');
    const name = new TestName(privateKey);
    const lead = (sequence: number) =>
      newsroom.use(async ({ repository }) => {
        const value = `/ipfs/${repository.head()?.edition}`;
        repository.names.putOwn(await name.record(sequence, value, { lifetime: 365 * DAY }));
      });
    await lead(1);
    expect((await look()).report.names).toMatchObject([
      { name: name.text, own: 'current', record: { edition: 1, timeLeft: 365 * 86_400 } },
    ]);
    expect(await dueAt(NOW)).toMatchObject({ record: { state: 'fine' } });
    expect(await dueAt(later(183))).toMatchObject({ record: { state: 'soon' } });
    expect(await dueAt(later(366))).toMatchObject({ record: { state: 'over' } });
    newsroom.write('articles/two.md', source({ title: 'Two' }));
    await newsroom.publish();
    expect(await dueAt(NOW)).toMatchObject({
      record: { state: 'soon', todo: expect.stringContaining('name publish') },
    });
    await lead(2);
    expect(await dueAt(NOW)).toMatchObject({ record: { state: 'fine' } });
  });

  it('is to look for what a backup lacks', async () => {
    await newsroom.use(({ repository }) =>
      setRestoredMark(repository.meta, {
        made: '2026-01-01T00:00:00Z',
        restored: '2026-01-02T00:00:00Z',
        sequence: 1,
      }),
    );
    expect(await dueAt(NOW)).toMatchObject({
      restored: { todo: expect.stringContaining('ovn log recover') },
    });
  });

  it('is to serve, where nobody tells the DHT again', async () => {
    const note = { http: 'http://127.0.0.1:1', metrics: 'http://127.0.0.1:2', peerId: null };
    const oldest = NOW.toISOString();
    const provided = { roots: 3, failed: 0, oldest, next: later(22 / 24).toISOString() };
    const write = (ended: string | null) =>
      newsroom.use(({ repository }) =>
        writeServingNote(repository.stateDir, { at: oldest, ended, ...note, provided }),
      );
    await write(null);
    expect((await look()).report.serving).toMatchObject({ running: true, nextReprovide: provided.next });
    expect(await dueAt(NOW)).toMatchObject({ provide: { state: 'fine' } });
    expect((await look(undefined, later(0.01))).report.serving).toMatchObject({
      running: false,
      nextReprovide: null,
    });
    await write(oldest);
    expect(await dueAt(NOW)).toMatchObject({ provide: { state: 'soon' } });
    expect(await dueAt(later(3))).toMatchObject({ provide: { state: 'over' } });
  });
});

describe('what is followed', () => {
  it('says what is held of it and why it did not move', async () => {
    const publication = rawCid(new Uint8Array(2)).toString();
    const edition = 'bafybeicagmbiiqn3nmcwucmmodik6qn3np374n64wdysbnk4mnrk4bpvbi';
    const choice = { categories: null, maxBytes: null, since: null, keep: 1 };
    await newsroom.use(({ repository: { followed } }) => {
      const added = NOW.toISOString();
      followed.add({ publication, target: MIRROR, name: null, places: [], choice, added });
    });
    expect((await look()).report.due).toMatchObject([
      { what: 'followed', of: publication, state: 'soon' },
      {},
    ]);
    await newsroom.use(({ repository: { followed } }) => {
      const left = { articles: 3, bytes: 70_000, why: ['size'] };
      const held = { parts: [], blocks: [], bytes: 5_000_000, whole: false, left };
      const at = { issued: NOW.toISOString(), expires: later(30).toISOString(), at: NOW.toISOString() };
      followed.move(publication, {
        edition,
        manifest: publication,
        sequence: 4,
        logSize: 9,
        heldBy: choice,
        name: null,
        places: [],
        held,
        ...at,
      });
      const problem = { code: 'refused', message: 'another history', at: at.at };
      followed.note(publication, { checked: at.at, problem });
    });
    const { followed, due } = (await look()).report;
    expect(followed).toMatchObject([
      {
        publication,
        edition,
        sequence: 4,
        whole: false,
        left: { articles: 3 },
        bytes: 5_000_000,
        timeLeft: 30 * 86_400,
        recordUntil: null,
      },
    ]);
    expect(due.find(({ what }) => what === 'followed')).toMatchObject({ todo: 'ovn sync: another history' });
  });
});
