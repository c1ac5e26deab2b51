import { join } from 'node:path';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NameRouter } from '../../../src/node/names/name-router.ts';
import { readNameRecord } from '../../../src/node/names/record.ts';
import { loadKey } from '../../../src/repo/keyring.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import { acquirePublishLock } from '../../../src/repo/publish-lock.ts';
import { audit } from '../../../src/workflows/audit.ts';
import { backUp } from '../../../src/workflows/backup.ts';
import { collectGarbage } from '../../../src/workflows/collect-garbage.ts';
import { revokeKey, rotateKey } from '../../../src/workflows/keys/change-keys.ts';
import { countDag } from '../../../src/workflows/measure-dag.ts';
import { ownNames } from '../../../src/workflows/naming/own-names.ts';
import {
  type NamePublishEffects,
  type NamePublishOptions,
  publishName,
} from '../../../src/workflows/naming/publish-name.ts';
import { publicationName } from '../../../src/workflows/naming/show-name.ts';
import { restore } from '../../../src/workflows/restore.ts';
import { NO_DENIALS } from '../../../src/workflows/serving/denials.ts';
import { ServedView } from '../../../src/workflows/serving/served-view.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { brokenRouter, TestName, TestRouter } from '../../helpers/naming.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const { signal } = new AbortController();
const DAY = 86_400_000;
const OPTIONS = { lifetime: 365 * DAY, ttl: 300, renew: false, regardless: false, dryRun: false };
const later = (days: number) => new Date(NOW.getTime() + days * DAY);

let room: Newsroom;

beforeEach(async () => {
  room = await Newsroom.open();
  room.write('articles/a.md', source({ title: 'First light' }));
  await room.publish();
});

function name(
  options: Partial<NamePublishOptions> = {},
  {
    newsroom = room,
    ...given
  }: Partial<NamePublishEffects> & { newsroom?: Newsroom; onWait?: () => void } = {},
) {
  return newsroom.use(({ repository, node }) => {
    const { onWait = () => undefined } = given;
    const lock = () => acquirePublishLock(repository.stateDir, { signal, onWait });
    const passphrase = async () => undefined;
    const own = { repository, read: node.read, routers: [], lock, passphrase, now: NOW, signal };
    return publishName({ ...OPTIONS, ...options }, { ...own, ...given });
  });
}

/** What is kept of the name of the newsroom. */
const kept = (newsroom = room) =>
  newsroom.use(async ({ repository }) => repository.names.get(publicationName(repository)));
const head = () => room.use(async ({ repository }) => repository.head()?.edition ?? '');
const publishAnother = async (title: string) => {
  room.write(`articles/${title}.md`, source({ title }));
  return room.publish();
};
const holderOf = async (newsroom = room) =>
  new TestName((await loadKey(join(newsroom.dir, '.ovn/keys'), 'name')).privateKey);

describe('publishName', () => {
  it('signs the first record of the head edition, and keeps it', async () => {
    const { report, exitCode } = await name();
    const edition = await head();
    const { text } = await holderOf();
    expect(report).toEqual({
      edition: { sequence: 1, cid: edition },
      names: [
        {
          name: text,
          status: 'published',
          value: `/ipfs/${edition}`,
          sequence: 1,
          validUntil: later(365).toISOString(),
          ttl: 300,
          routers: [],
        },
      ],
      former: [],
    });
    expect(exitCode).toBe(0);
    const record = await kept();
    if (record === undefined) throw new Error('nothing is kept');
    expect(await readNameRecord(record.name, record.bytes, { now: NOW })).toMatchObject({ sequence: 1n });
  });

  it('makes none while the last one does, and a new one for a new edition, for time, or when told to', async () => {
    const status = async (...args: Parameters<typeof name>) => {
      const [named] = (await name(...args)).report.names;
      return [named?.status, named?.sequence];
    };
    expect(await status()).toEqual(['published', 1]);
    expect(await status()).toEqual(['unchanged', 1]);
    expect(await status({}, { now: later(182) })).toEqual(['unchanged', 1]);
    expect(await status({}, { now: later(183) })).toEqual(['published', 2]);
    expect(await status({ renew: true, dryRun: true })).toEqual(['planned', 3]);
    expect(await status({ renew: true })).toEqual(['published', 3]);
    await publishAnother('second');
    expect(await status()).toEqual(['published', 4]);
    expect((await kept())?.value).toBe(`/ipfs/${await head()}`);
  });

  it('changes nothing in a rehearsal', async () => {
    const router = new TestRouter();
    const { report } = await name({ dryRun: true }, { routers: [router] });
    expect(report.names).toMatchObject([{ status: 'planned', sequence: 1, routers: [] }]);
    expect(await kept()).toBeUndefined();
    expect(router.held.size).toBe(0);
  });

  it('stores a record before anybody is given it', async () => {
    const seen: (bigint | undefined)[] = [];
    const router: NameRouter = {
      id: 'r',
      get: async () => undefined,
      put: async (asked) => {
        using repository = openRepository(room.dir);
        seen.push(repository.names.get(asked)?.sequence);
      },
    };
    await name({}, { routers: [router] });
    expect(seen).toEqual([1n]);
  });

  it('tells every router, goes on when one fails, and says so', async () => {
    const [good, late] = [new TestRouter('good'), new TestRouter('late')];
    const { report, exitCode } = await name({}, { routers: [good, brokenRouter('bad')] });
    expect(report.names[0]?.routers).toEqual([
      { router: 'good', problem: null },
      { router: 'bad', problem: 'out of order' },
    ]);
    expect(exitCode).toBe(3);
    const again = await name({}, { routers: [good, late] });
    expect(again).toMatchObject({ exitCode: 0, report: { names: [{ status: 'unchanged' }] } });
    const { text } = await holderOf();
    expect(late.held.get(text)).toEqual((await kept())?.bytes);
    expect([good.told, late.told]).toEqual([1, 1]);
  });

  it('waits for another one that is signing, and signs the next number', async () => {
    const [reached, released, waiting] = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const passphrase = async () => {
      reached?.resolve();
      await released?.promise;
      return undefined;
    };
    const first = name({ renew: true }, { passphrase });
    await reached?.promise;
    const second = name({ renew: true }, { onWait: () => waiting?.resolve() });
    const early = second.then(() => 'it did not wait');
    expect(await Promise.race([early, waiting?.promise])).toBeUndefined();
    released?.resolve();
    const reports = await Promise.all([first, second]);
    expect(reports.map(({ report }) => report.names[0]?.sequence)).toEqual([1, 2]);
  });

  it('goes on after the number that a router knows, where it leads to an edition of ours', async () => {
    const router = new TestRouter();
    const holder = await holderOf();
    router.held.set(holder.text, (await holder.record(41, `/ipfs/${await head()}`, { now: NOW })).bytes);
    const { report } = await name({}, { routers: [router] });
    expect(report.names).toMatchObject([{ status: 'published', sequence: 42 }]);
    expect(
      (await readNameRecord(holder.name, router.held.get(holder.text) ?? new Uint8Array())).sequence,
    ).toBe(42n);
  });

  it('refuses to lead the name away from an edition that was never here, until it is told to', async () => {
    const holder = await holderOf();
    await room.use(async ({ repository }) =>
      repository.names.put(await holder.record(7, undefined, { now: NOW })),
    );
    await expect(name()).rejects.toMatchObject({
      code: 'exists',
      message: expect.stringContaining('record 7'),
    });
    expect((await kept())?.sequence).toBe(7n);
    expect((await name({ regardless: true })).report.names).toMatchObject([{ sequence: 8 }]);
    expect((await name()).report.names).toMatchObject([{ status: 'unchanged', sequence: 8 }]);
  });

  it('numbers without end upward, whatever is put here in between', async () => {
    const holder = await holderOf();
    const edition = await head();
    const step = fc.oneof(fc.constant('renew'), fc.integer({ min: 1, max: 30 }));
    let before = 0n;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 4 }), async (steps) => {
        for (const each of [...steps, 'renew'] as const) {
          if (each === 'renew') {
            await name({ renew: true });
            const now = (await kept())?.sequence ?? 0n;
            expect(now).toBeGreaterThan(before);
            before = now;
          } else {
            const put = await holder.record(each, `/ipfs/${edition}`, { now: NOW, lifetime: 400 * DAY });
            await room.use(async ({ repository }) => repository.names.put(put));
          }
        }
      }),
      { numRuns: 6 },
    );
  });

  it('needs an edition that is whole, and a key', async () => {
    const fresh = await Newsroom.open();
    await expect(name({}, { newsroom: fresh })).rejects.toMatchObject({ code: 'not-found' });
    await room.use(async ({ repository }) => {
      repository.db.exec(
        'DELETE FROM complete; DELETE FROM blocks WHERE length(bytes) = (SELECT max(length(bytes)) FROM blocks)',
      );
    });
    await expect(name()).rejects.toMatchObject({ code: 'incomplete' });
    expect(await kept()).toBeUndefined();
    const keyless = await Newsroom.open();
    keyless.write('articles/a.md', source({ title: 'First light' }));
    await keyless.publish();
    await keyless.takeKey('name');
    await expect(name({}, { newsroom: keyless })).rejects.toMatchObject({ code: 'key' });
  });
});

describe('the edition that a name leads to', () => {
  const free = () =>
    room.use(({ repository, node }) => {
      const lock = async () => ({ [Symbol.asyncDispose]: async () => undefined });
      return collectGarbage({ repository, read: node.read, lock, dryRun: false, signal });
    });
  const isWhole = async (root: string) => {
    const { missing } = await room.use(({ node }) => countDag(CID.parse(root), node.read, signal));
    return missing === 0;
  };
  const check = () =>
    room.use(async ({ repository, node }) => {
      const { checks } = await audit({ repository, read: node.read, now: NOW, signal });
      return Object.fromEntries(checks.map(({ name: rule, result, detail }) => [rule, { result, detail }]));
    });

  it('stays while the name leads there, however many come after it', async () => {
    const first = await head();
    await name();
    for (let count = 0; count < 12; count++) await publishAnother(`another ${count}`);
    await free();
    expect(await isWhole(first)).toBe(true);
    await room.use(async ({ repository, node }) => {
      const options = { any: false, denials: NO_DENIALS, graceMs: 0, onDefect: () => undefined };
      await using view = await ServedView.open(repository, options);
      expect(view.allows(CID.parse(first))).toBe(true);
      expect(await node.read(CID.parse(first))).toBeDefined();
    });
    await name();
    expect((await free()).blocks).toBeGreaterThan(0);
    expect(await isWhole(first)).toBe(false);
    expect(await check()).toMatchObject({ kept: { result: 'pass' }, names: { result: 'pass' } });
  });

  it('is found missing, and so is a record that is not genuine', async () => {
    await name();
    const { text } = await holderOf();
    expect((await check())['names']?.detail).toBe('1 name record, each signed by the key of its name');
    await room.use(({ repository }) => {
      repository.db.exec("UPDATE name_records SET sequence = '9'");
    });
    expect((await check())['names']).toMatchObject({ result: 'fail', detail: expect.stringContaining(text) });
    await room.use(({ repository }) => {
      repository.db.exec('UPDATE name_records SET bytes = zeroblob(9)');
    });
    expect((await check())['names']?.result).toBe('fail');
  });
});

describe('publishName in a repository that was restored', () => {
  /** Backed up at record 1, while the world has record 2 of a second edition. */
  async function restored(): Promise<{ old: Newsroom; router: TestRouter }> {
    await name();
    const folder = temporaryFolder();
    const file = join(folder, 'paper.ovn');
    {
      using repository = openRepository(room.dir);
      await backUp({ file, keys: true, force: false, dryRun: false }, { repository, now: NOW, signal });
    }
    const router = new TestRouter();
    await publishAnother('second');
    await name({}, { routers: [router] });
    const dir = join(folder, 'again');
    await restore({ file, dir, dryRun: false }, { now: NOW, signal });
    return { old: new Newsroom(dir), router };
  }

  it('refuses while nobody can be asked, and goes on when it is told to', async () => {
    const { old } = await restored();
    for (const routers of [[], [brokenRouter()]]) {
      await expect(name({}, { newsroom: old, routers })).rejects.toMatchObject({
        code: 'incomplete',
        hint: expect.stringContaining('--regardless'),
      });
    }
    const { report } = await name({ regardless: true, renew: true }, { newsroom: old });
    expect(report.names).toMatchObject([{ sequence: 2 }]);
    expect((await name({}, { newsroom: old })).report.names).toMatchObject([{ status: 'unchanged' }]);
  });

  it('asks first, and does not lead back from the newer edition', async () => {
    const { old, router } = await restored();
    const before = new Map(router.held);
    await expect(name({}, { newsroom: old, routers: [router] })).rejects.toMatchObject({ code: 'exists' });
    expect(router.held).toEqual(before);
    const { report } = await name({ regardless: true }, { newsroom: old, routers: [router] });
    expect(report.names).toMatchObject([{ status: 'published', sequence: 3 }]);
  });

  it('still asks when another edition was published since', async () => {
    const { old } = await restored();
    old.write('articles/third.md', source({ title: 'third' }));
    await old.publish();
    await expect(name({}, { newsroom: old })).rejects.toMatchObject({ code: 'incomplete' });
    const { report } = await name({}, { newsroom: old, routers: [new TestRouter()] });
    expect(report.names).toMatchObject([{ status: 'published', sequence: 2 }]);
  });
});

describe('publishName after the name key was rotated', () => {
  const rotate = () => room.masthead((effects) => rotateKey('name', effects, { dryRun: false }));

  it('leads the old name to an edition that names the new one, once', async () => {
    const { text: old, name: oldName } = await holderOf();
    await name();
    const first = (await kept())?.value;
    await rotate();
    const early = (await name()).report;
    expect(early.former).toMatchObject([{ name: old, status: 'waiting', value: first }]);
    expect(early.names).toMatchObject([{ status: 'published', sequence: 1, value: first }]);
    await publishAnother('second');
    const edition = `/ipfs/${await head()}`;
    const done = (await name()).report;
    expect(done.names).toMatchObject([{ status: 'published', sequence: 2, value: edition }]);
    expect(done.names[0]?.name).not.toBe(old);
    expect(done.former).toMatchObject([{ name: old, status: 'published', sequence: 2, value: edition }]);
    const masthead = await room.use(async ({ repository }) => {
      const led = repository.editionOf(edition.slice('/ipfs/'.length));
      return led && repository.manifestOf(led).masthead.version;
    });
    expect(masthead).toBe(2);
    await publishAnother('third');
    expect((await name()).report.former).toMatchObject([
      { status: 'unchanged', sequence: 2, value: edition },
    ]);
    const last = await room.use(async ({ repository }) => repository.names.get(oldName));
    expect(last?.value).toBe(edition);
  });

  it('gives an old name that was never used no record, and a revoked one neither', async () => {
    await rotate();
    await publishAnother('second');
    expect((await name()).report.former).toEqual([]);
    const { key } = await room.use(async ({ repository }) => ({ key: ownNames(repository)[0]?.did ?? '' }));
    await rotate();
    await room.masthead((effects) => revokeKey({ did: key, fromEntry: 0 }, effects, { dryRun: false }));
    await publishAnother('third');
    expect((await name()).report.former).toEqual([]);
  });
});
