import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { parseNote } from '../../src/log/note.ts';
import { NO_WITNESSES, parsePolicy, type WitnessPolicy } from '../../src/log/witness-policy.ts';
import { readFile } from '../../src/unixfs/file.ts';
import { audit } from '../../src/workflows/audit.ts';
import { collectGarbage } from '../../src/workflows/collect-garbage.ts';
import { listWitnesses } from '../../src/workflows/list-witnesses.ts';
import { verify } from '../../src/workflows/verify.ts';
import { probeWitnesses } from '../../src/workflows/witnessing/gather.ts';
import { postOverHttp } from '../../src/workflows/witnessing/post-over-http.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';
import { askWitnesses, type FakeWitness, startFakeWitness } from '../helpers/witnessing.ts';

const DAY_MS = 86_400_000;
const later = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

async function publishedNewsroom(threshold: number, witnesses: readonly FakeWitness[]): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.configure({ witnesses: { threshold, list: witnesses.map(({ configured }) => configured) } });
  newsroom.write('articles/a.md', source());
  await newsroom.publish();
  return newsroom;
}

async function verifyIn(newsroom: Newsroom, what?: string, policy: WitnessPolicy = NO_WITNESSES) {
  const options = { what, publication: undefined, requireCurrent: false };
  const { report, exitCode } = await newsroom.use(({ repository, node }) => {
    const local = { repository, read: node.read };
    const { signal } = new AbortController();
    return verify(options, { local, memories: undefined, policy, now: NOW, signal });
  });
  const witnesses = report.checks.filter(({ name }) => name === 'witnesses');
  expect(witnesses).toHaveLength(1);
  return { exitCode, verdict: report.verdict, ok: report.ok, witnesses: witnesses[0] };
}

async function failuresOf(newsroom: Newsroom): Promise<unknown[]> {
  const { checks } = await newsroom.use(({ repository, node }) =>
    audit({ repository, read: node.read, now: NOW, signal: new AbortController().signal }),
  );
  return checks.filter(({ result }) => result === 'fail');
}

const linesOf = async (newsroom: Newsroom, edition: string) =>
  parseNote(Buffer.from(await newsroom.read(edition, 'log/checkpoint'))).signatures.map(({ name }) => name);

describe('witnessHead', () => {
  it('puts the cosignatures on the checkpoint and changes nothing else', async () => {
    await using one = await startFakeWitness('one.example', () => 'cosign');
    await using two = await startFakeWitness('two.example', () => 'cosign');
    const newsroom = await publishedNewsroom(2, [one, two]);
    const before = await newsroom.use(({ repository }) => repository.head());
    const bare = await newsroom.read(before?.edition ?? '', 'log/checkpoint');

    const { edition, sequence, witnessed, report } = await askWitnesses(newsroom);
    expect(witnessed).toBe(true);
    const time = '2025-10-09T08:53:20Z';
    expect(report).toEqual({
      threshold: 2,
      cosigned: [
        { name: 'one.example', time },
        { name: 'two.example', time },
      ],
      missing: [],
    });
    expect(one.asked).toMatchObject([{ path: '/add-checkpoint', old: 0, proof: [] }]);

    expect(edition).not.toBe(before?.edition);
    const after = await newsroom.use(({ repository }) => repository.head());
    expect(after).toEqual({ ...before, edition });
    expect(sequence).toBe(1);
    const full = await newsroom.read(edition, 'log/checkpoint');
    expect(full.startsWith(bare)).toBe(true);
    expect((await linesOf(newsroom, edition)).slice(1).sort()).toEqual(['one.example', 'two.example']);
    const entries = async (root: string) =>
      newsroom.use(async ({ node }) => {
        const { readDirectory } = await import('../../src/unixfs/directory.ts');
        const listed = await readDirectory(CID.parse(root), node.read);
        return listed.filter(({ name }) => name !== 'log').map(({ name, cid }) => `${name} ${cid}`);
      });
    expect(await entries(edition)).toEqual(await entries(before?.edition ?? ''));

    expect(await verifyIn(newsroom)).toMatchObject({
      exitCode: 0,
      verdict: 'current',
      witnesses: { result: 'pass', detail: expect.stringContaining('one.example (2025-10-09T08:53:20Z)') },
    });
    expect(await verifyIn(newsroom, before?.edition ?? '')).toMatchObject({
      exitCode: 0,
      ok: true,
    });
    expect(await failuresOf(newsroom)).toEqual([]);
    expect(await newsroom.use(({ repository }) => repository.pins.isComplete(edition))).toBe(true);
  });

  it('asks nobody again when enough have cosigned, and proves the growth at the next publication', async () => {
    await using one = await startFakeWitness('one.example', () => 'cosign');
    const newsroom = await publishedNewsroom(1, [one]);
    const first = await askWitnesses(newsroom);
    expect(await askWitnesses(newsroom)).toEqual(first);
    expect(one.asked).toHaveLength(1);

    newsroom.write('articles/b.md', source({ title: 'Another' }));
    const { status } = await newsroom.publish();
    expect(status).toBe('published');
    expect((await askWitnesses(newsroom)).witnessed).toBe(true);
    expect(one.asked).toMatchObject([{ old: 0 }, { old: 2 }]);
    expect(one.asked[1]?.proof).toHaveLength(1);
    expect(await failuresOf(newsroom)).toEqual([]);
  });

  it('says that nobody was asked', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    const { edition } = await newsroom.publish();
    const asked = await askWitnesses(newsroom);
    expect(asked).toMatchObject({ edition, witnessed: true });
    expect(asked.report).toEqual({ threshold: 0, cosigned: [], missing: [] });
    expect(await verifyIn(newsroom)).toMatchObject({
      exitCode: 0,
      verdict: 'current',
      witnesses: { result: 'not-checked', detail: 'unwitnessed: no witness is configured' },
    });
  });

  it('shows what each witness said that did not cosign, and stores what the others did', async () => {
    await using good = await startFakeWitness('good.example', () => 'cosign');
    await using fork = await startFakeWitness('fork.example', () => ({ status: 422 }));
    await using key = await startFakeWitness('key.example', () => ({ status: 403 }));
    await using stranger = await startFakeWitness('stranger.example', () => ({ status: 404 }));
    await using broken = await startFakeWitness('broken.example', () => ({ status: 500 }));
    await using liar = await startFakeWitness('liar.example', () => ({ status: 200, body: 'yes\n' }));
    await using forger = await startFakeWitness('forger.example', () => ({
      status: 200,
      body: `— forger.example ${Buffer.alloc(76, 7).toString('base64')}\n`,
    }));
    await using long = await startFakeWitness('long.example', () => ({ status: 200, body: 'x'.repeat(1e6) }));
    await using moved = await startFakeWitness('moved.example', () => ({
      status: 307,
      headers: { location: good.configured.url },
    }));
    await using waverer = await startFakeWitness('waverer.example', ({ old }) => ({
      status: 409,
      body: `${old === 0 ? 1 : old}\n`,
    }));
    await using twin = await startFakeWitness('twin.example', () => ({ status: 409, body: '2\n' }));
    await using fickle = await startFakeWitness('fickle.example', ({ old }) => ({
      status: 409,
      body: `${old === 0 ? 1 : 0}\n`,
    }));
    const dead = await startFakeWitness('dead.example', () => 'cosign');
    await dead[Symbol.asyncDispose]();
    const all = [good, fork, key, stranger, broken, liar, forger, long, moved, waverer, twin, fickle, dead];
    const newsroom = await publishedNewsroom(2, all);

    const { witnessed, report, edition } = await askWitnesses(newsroom);
    expect(witnessed).toBe(false);
    expect(report.cosigned.map(({ name }) => name)).toEqual(['good.example']);
    expect(Object.fromEntries(report.missing.map(({ name, problem }) => [name, problem]))).toEqual({
      'fork.example': 'the witness finds the log inconsistent with what it cosigned before',
      'key.example': 'the witness knows the log by another key',
      'stranger.example': 'the witness does not know the log',
      'broken.example': 'the witness answered with status 500',
      'liar.example': expect.stringContaining('no signature line'),
      'forger.example': 'no valid cosignature of forger.example in the answer',
      'long.example': 'the answer is longer than 262144 bytes',
      'moved.example': expect.stringContaining('redirect'),
      'waverer.example': 'it refuses the size of the log that it names itself',
      'twin.example': 'it has cosigned another log of the same 2 entries: the log was forked',
      'fickle.example': 'it names another size of the log each time',
      'dead.example': 'it cannot be reached: ECONNREFUSED',
    });
    expect(good.asked).toHaveLength(1);
    expect(await linesOf(newsroom, edition)).toContain('good.example');
    const { threshold, cosigned, size, witnesses } = await newsroom.use(({ repository }) =>
      listWitnesses(repository),
    );
    expect({ threshold, cosigned, size }).toEqual({ threshold: 2, cosigned: 1, size: 2 });
    expect(witnesses[0]).toMatchObject({ name: 'good.example', cosigned: true, size: 2, problem: null });
    expect(witnesses[1]).toMatchObject({ cosigned: false, size: 0, time: null });

    expect(await verifyIn(newsroom)).toMatchObject({
      ok: true,
      exitCode: 3,
      verdict: 'listed',
      witnesses: { result: 'not-checked', detail: expect.stringContaining('not by fork.example') },
    });
    expect(await verifyIn(newsroom, '2026/01/05/a')).toMatchObject({
      exitCode: 3,
      verdict: 'listed',
    });
    expect(await verifyIn(newsroom, edition)).toMatchObject({ exitCode: 0, ok: true });
  });

  it('goes on where it stopped: who has cosigned is not asked again', async () => {
    await using one = await startFakeWitness('one.example', () => 'cosign');
    let isUp = false;
    await using two = await startFakeWitness('two.example', () => (isUp ? 'cosign' : { status: 503 }));
    const newsroom = await publishedNewsroom(2, [one, two]);
    const partly = await askWitnesses(newsroom);
    expect(partly.witnessed).toBe(false);
    isUp = true;
    const whole = await askWitnesses(newsroom);
    expect(whole).toMatchObject({ witnessed: true, report: { missing: [] } });
    expect([one.asked.length, two.asked.length]).toEqual([1, 2]);
    expect((await linesOf(newsroom, whole.edition)).slice(1)).toEqual(['one.example', 'two.example']);
    expect(await newsroom.use(({ repository }) => repository.witnesses.state(two.configured.key))).toEqual({
      key: two.configured.key,
      size: 2,
      seen: 2,
      time: 1_760_000_000,
    });
  });

  it('answers a conflict with the proof from the size that the witness names', async () => {
    await using one = await startFakeWitness('one.example', ({ old }, count) => {
      if (count === 1) return 'cosign';
      return old === 1 ? 'cosign' : { status: 409, body: '1\n' };
    });
    const newsroom = await publishedNewsroom(1, [one]);
    await askWitnesses(newsroom);
    await newsroom.publish({ now: later(20) });
    expect((await askWitnesses(newsroom)).witnessed).toBe(true);
    expect(one.asked.map(({ old }) => old)).toEqual([0, 2, 1]);
  });

  it('publishes nothing after a witness has seen a longer log, until that witness is not asked any more', async () => {
    await using one = await startFakeWitness('one.example', () => ({ status: 409, body: '7\n' }));
    const newsroom = await publishedNewsroom(1, [one]);
    const { report, witnessed } = await askWitnesses(newsroom);
    expect(witnessed).toBe(false);
    expect(report.missing).toEqual([
      { name: 'one.example', problem: 'it has seen 7 entries of the log, more than there are here' },
    ]);
    newsroom.write('articles/b.md', source({ title: 'Another' }));
    await expect(newsroom.publish()).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('one.example has seen 7 entries of the log, and 2 are here'),
    });
    newsroom.write('ovn.json', JSON.stringify({ name: 'The Paper', tagline: '', language: 'en' }));
    expect((await newsroom.publish()).sequence).toBe(2);
  });

  it('hears of a longer log from a witness that has cosigned the head, where it is asked again', async () => {
    await using one = await startFakeWitness('one.example', (_, count) =>
      count === 1 ? 'cosign' : { status: 409, body: '9\n' },
    );
    const newsroom = await publishedNewsroom(1, [one]);
    await askWitnesses(newsroom);
    const copy = newsroom.copy();
    await copy.use(({ repository, node }) =>
      probeWitnesses({
        repository,
        read: node.read,
        post: postOverHttp,
        deadlineMs: 5_000,
        signal: new AbortController().signal,
      }),
    );
    copy.write('articles/b.md', source({ title: 'Another' }));
    await expect(copy.publish()).rejects.toMatchObject({ code: 'damaged' });
  });

  it('takes no longer log for one where another process published meanwhile', async () => {
    const newsroom = await Newsroom.open();
    await using one = await startFakeWitness('one.example', async () => {
      newsroom.write('articles/b.md', source({ title: 'Another' }));
      await newsroom.publish();
      return { status: 409, body: '4\n' };
    });
    newsroom.configure({ witnesses: { threshold: 1, list: [one.configured] } });
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    expect(await askWitnesses(newsroom)).toMatchObject({ sequence: 2, witnessed: false });
    expect((await newsroom.publish({ now: later(20) })).sequence).toBe(3);
  });

  it('waits for no witness beyond the deadline, and hardly for one when enough have cosigned', async () => {
    const never = () => new Promise<never>(() => undefined);
    await using hanging = await startFakeWitness('hanging.example', never);
    await using one = await startFakeWitness('one.example', () => 'cosign');
    const newsroom = await publishedNewsroom(2, [hanging, one]);
    const { report } = await askWitnesses(newsroom, { deadlineMs: 300 });
    expect(report.missing).toEqual([
      { name: 'hanging.example', problem: 'no answer: the 0.3 s for all witnesses are over' },
    ]);
    newsroom.configure({ witnesses: { threshold: 1, list: [hanging.configured, one.configured] } });
    await newsroom.publish({ now: later(20) });
    const begun = performance.now();
    expect((await askWitnesses(newsroom)).witnessed).toBe(true);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('stops when it is told to, and keeps what came', async () => {
    await using hanging = await startFakeWitness(
      'hanging.example',
      () => new Promise<never>(() => undefined),
    );
    await using one = await startFakeWitness('one.example', () => 'cosign');
    const newsroom = await publishedNewsroom(2, [hanging, one]);
    const reason = new Error('enough');
    const asking = askWitnesses(newsroom, { signal: AbortSignal.any([abortedIn(500, reason)]) });
    await expect(asking).rejects.toBe(reason);
    const stored = await newsroom.use(({ repository }) => repository.witnesses.cosignatures(1));
    expect(stored.map(({ key }) => key)).toEqual([one.configured.key]);
  });

  it('keeps the former root through a collection of garbage', async () => {
    await using one = await startFakeWitness('one.example', () => 'cosign');
    const newsroom = await publishedNewsroom(1, [one]);
    const before = await newsroom.use(({ repository }) => repository.head()?.edition ?? '');
    const { edition } = await askWitnesses(newsroom);
    await newsroom.use(({ repository, node }) =>
      collectGarbage({
        repository,
        read: node.read,
        lock: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
        dryRun: false,
        signal: new AbortController().signal,
      }),
    );
    expect((await linesOf(newsroom, before)).length).toBe(1);
    expect((await linesOf(newsroom, edition)).length).toBe(2);
    expect(await verifyIn(newsroom, before)).toMatchObject({ ok: true, exitCode: 0 });
  });
});

describe('the policy that verify judges by', () => {
  it('is the reader’s where one is named', async () => {
    await using one = await startFakeWitness('one.example', () => 'cosign');
    await using two = await startFakeWitness('two.example', () => 'cosign');
    const newsroom = await publishedNewsroom(1, [one]);
    await askWitnesses(newsroom);
    const keys = [one, two].map(({ configured }) => configured.key);
    expect(await verifyIn(newsroom, undefined, parsePolicy(2, keys))).toMatchObject({
      exitCode: 3,
      witnesses: { result: 'not-checked', detail: expect.stringContaining('not by two.example; 2 of 2') },
    });
    expect(await verifyIn(newsroom, undefined, parsePolicy(1, keys))).toMatchObject({
      exitCode: 0,
      witnesses: { result: 'pass' },
    });
  });

  it('is none for a stranger, who is told of the lines', async () => {
    await using one = await startFakeWitness('one.example', () => 'cosign');
    const newsroom = await publishedNewsroom(1, [one]);
    const { edition } = await askWitnesses(newsroom);
    const folder = join(newsroom.dir, 'exported');
    await exportTo(newsroom, edition, folder);
    const stranger = await Newsroom.open();
    expect(await verifyIn(stranger, folder)).toMatchObject({
      ok: true,
      exitCode: 0,
      witnesses: { result: 'not-checked', detail: 'it bears lines of 1 key that you did not name' },
    });
  });
});

async function exportTo(newsroom: Newsroom, edition: string, folder: string): Promise<void> {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const { readIfDirectory } = await import('../../src/unixfs/directory.ts');
  await newsroom.use(async ({ node }) => {
    const write = async (cid: CID, path: string): Promise<void> => {
      const entries = await readIfDirectory(cid, node.read);
      if (entries === undefined) {
        writeFileSync(path, await readFile(cid, node.read, { limit: 1 << 24 }));
        return;
      }
      mkdirSync(path, { recursive: true });
      for (const { name, cid: child } of entries) await write(child, join(path, name));
    };
    await write(CID.parse(edition), folder);
  });
}

function abortedIn(ms: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}
