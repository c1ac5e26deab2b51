import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { NO_WITNESSES } from '../../../src/log/witness-policy.ts';
import { memoryRecords } from '../../../src/node/names/memory-records.ts';
import type { NameRouter } from '../../../src/node/names/name-router.ts';
import { nameResolver } from '../../../src/node/names/resolver.ts';
import { loadKey } from '../../../src/repo/keyring.ts';
import { ReaderMemories } from '../../../src/repo/reader-memory.ts';
import { rotateKey } from '../../../src/workflows/keys/change-keys.ts';
import { ownNames } from '../../../src/workflows/naming/own-names.ts';
import { verify } from '../../../src/workflows/verify.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { TestName, TestRouter } from '../../helpers/naming.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const { signal } = new AbortController();
const DAY = 86_400_000;

let room: Newsroom;
let memories: ReaderMemories;
let router: TestRouter;
let holder: TestName;

beforeEach(async () => {
  room = await Newsroom.open();
  memories = new ReaderMemories(temporaryFolder());
  router = new TestRouter();
  await publish('first');
  holder = await holderOf();
});

async function publish(title: string): Promise<string> {
  room.write(`articles/${title}.md`, source({ title }));
  return (await room.publish()).edition;
}

/** The name that the newsroom goes by now. */
async function holderOf(): Promise<TestName> {
  const [own] = await room.use(({ repository }) => ownNames(repository));
  return new TestName((await loadKey(join(room.dir, '.ovn/keys'), own?.did ?? '')).privateKey);
}

/** Another record of a name, at the router. */
async function put(
  sequence: number,
  edition: string,
  { name = holder, now = NOW, lifetime = 30 * DAY } = {},
) {
  const { bytes } = await name.record(sequence, `/ipfs/${edition}`, { now, lifetime });
  router.held.set(name.text, bytes);
}

/** As a reader does who comes back: with a memory, and without anything else that was kept. */
async function ask(
  what: string,
  { now = NOW, requireCurrent = false, routers = [router] as NameRouter[] } = {},
) {
  return room.use(async ({ repository, node }) => {
    const records = memoryRecords();
    const names = nameResolver({ records, routers, now: () => now, allowExpired: true });
    const local = { repository, read: node.read };
    const effects = { local, memories, policy: NO_WITNESSES, names, now, signal };
    const { report, exitCode } = await verify({ what, publication: undefined, requireCurrent }, effects);
    const results = Object.fromEntries(report.checks.map(({ name, result }) => [name, result]));
    const details = Object.fromEntries(report.checks.map(({ name, detail }) => [name, detail]));
    return { exitCode, verdict: report.verdict, results, details };
  });
}

describe('verify of a name', () => {
  it('judges the edition that it leads to, and remembers the record', async () => {
    const edition = await publish('second');
    await put(3, edition);
    for (const what of [holder.text, `ipns://${holder.text}`, `/ipns/${holder.name}/`]) {
      const { exitCode, verdict, results, details } = await ask(what);
      expect({ exitCode, verdict }).toEqual({ exitCode: 0, verdict: 'current' });
      expect([results['name'], results['name-record']]).toEqual(['pass', 'pass']);
      expect(details['name']).toContain(`record 3, until 2026-02-09T12:00:00.000Z: /ipns/`);
    }
    const { did } = await loadKey(join(room.dir, '.ovn/keys'), 'name');
    const id = await room.use(async ({ repository }) => repository.publicationId);
    expect(memories.read(id)?.name).toEqual({ key: did, sequence: 3, expires: '2026-02-09T12:00:00Z' });
  });

  it('judges what lies below it', async () => {
    await put(3, await publish('second'));
    const { exitCode, results, verdict } = await ask(`ipns://${holder.text}/articles/2026/01/05/first`);
    expect({ exitCode, verdict, name: results['name'] }).toEqual({
      exitCode: 0,
      verdict: 'current',
      name: 'pass',
    });
    await expect(ask(`ipns://${holder.text}/nothing`)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says of a record that has expired: genuine, and not confirmed as current', async () => {
    await put(3, await publish('second'), { now: new Date(NOW.getTime() - 31 * DAY) });
    for (const what of [holder.text, `${holder.text}/articles/2026/01/05/first`]) {
      const { exitCode, verdict, results, details } = await ask(what);
      expect({ exitCode, verdict, name: results['name'] }).toEqual({
        exitCode: 3,
        verdict: 'listed',
        name: 'not-checked',
      });
      expect(details['name']).toContain('expired 2026-01-09T12:00:00.000Z');
      expect(await ask(what, { requireCurrent: true })).toMatchObject({ exitCode: 4 });
    }
  });

  it('refuses a record that is forged', async () => {
    const { bytes } = await new TestName().record(3, `/ipfs/${await publish('second')}`);
    router.held.set(holder.text, bytes);
    const { exitCode, verdict, results } = await ask(holder.text);
    expect({ exitCode, verdict, results }).toEqual({
      exitCode: 4,
      verdict: 'refused',
      results: { name: 'fail' },
    });
  });

  it('refuses a record that is older than the one that was seen', async () => {
    const edition = await publish('second');
    await put(3, edition);
    await ask(holder.text);
    await put(2, edition);
    const { exitCode, results, details } = await ask(holder.text);
    expect({ exitCode, rule: results['name-record'] }).toEqual({ exitCode: 4, rule: 'fail' });
    expect(details['name-record']).toContain('number 2; number 3 was seen before');
  });

  it('takes a name that is not the publication’s own for a hint, and remembers nothing of it', async () => {
    const stranger = new TestName();
    const edition = await publish('second');
    await put(9, edition, { name: stranger });
    expect(await ask(stranger.text)).toMatchObject({
      exitCode: 0,
      results: { name: 'pass', 'name-record': 'not-checked' },
    });
    await put(8, edition, { name: stranger });
    expect(await ask(stranger.text)).toMatchObject({ exitCode: 0 });
  });

  it('shows what a former name leads to as superseded, and does not forget the present one for it', async () => {
    await put(5, await publish('second'));
    await ask(holder.text);
    const former = holder;
    await room.masthead((effects) => rotateKey('name', effects, { dryRun: false }));
    const edition = await publish('third');
    holder = await holderOf();
    await put(6, edition, { name: former });
    // A number of the new key may be lower: numbers of two keys do not compare.
    const newest = await publish('fourth');
    await put(1, newest);
    expect(await ask(holder.text)).toMatchObject({ exitCode: 0, verdict: 'current' });
    const old = await ask(former.text);
    expect(old).toMatchObject({ exitCode: 3, results: { name: 'pass', rollback: 'pass' } });
    await put(0, newest);
    expect(await ask(holder.text)).toMatchObject({ exitCode: 4, results: { 'name-record': 'fail' } });
  });
});
