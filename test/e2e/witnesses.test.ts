import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { logWitnessesCommand } from '../../src/cli/commands/log-witnesses.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { makeRepository, runOvn, type TestRepository } from '../helpers/program.ts';
import { type FakeReply, type FakeWitness, startFakeWitness } from '../helpers/witnessing.ts';
import { failuresOf, type Published, sourceOf } from './support.ts';

interface Witnessed extends Published {
  witnesses: {
    threshold: number;
    cosigned: { name: string; time: string }[];
    missing: { name: string; problem: string | null }[];
  };
}

const TIME = '2025-10-09T08:53:20Z';

async function makeWitnessed(threshold: number, witnesses: readonly FakeWitness[]): Promise<TestRepository> {
  const repository = await makeRepository({ articles: { 'a.md': sourceOf() } });
  const file = join(repository.dir, 'ovn.json');
  const list = witnesses.map(({ configured }) => configured);
  const settings = { ...JSON.parse(readFileSync(file, 'utf8')), witnesses: { threshold, list } };
  writeFileSync(file, JSON.stringify(settings));
  return repository;
}

function addArticle(dir: string, name: string): void {
  mkdirSync(join(dir, 'articles'), { recursive: true });
  writeFileSync(join(dir, 'articles', name), sourceOf({ title: `Of ${name}` }));
}

async function publishIn(
  repository: TestRepository,
  ...more: string[]
): Promise<{ code: number | string; stderr: string; report: Witnessed }> {
  const { code, stdout, stderr } = await repository.run(['publish', '--json', ...more]);
  return { code, stderr, report: JSON.parse(stdout) };
}

describe('ovn publish with witnesses', () => {
  it('ends with 3 where one is down, and a rerun finishes', async () => {
    let answer: FakeReply = { status: 503 };
    await using good = await startFakeWitness('good.example', () => 'cosign');
    await using shaky = await startFakeWitness('shaky.example', () => answer);
    await using repository = await makeWitnessed(2, [good, shaky]);

    const dry = await publishIn(repository, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.report.witnesses).toMatchObject({ threshold: 2, cosigned: [], missing: [{}, {}] });
    expect(good.asked).toHaveLength(0);

    const first = await publishIn(repository);
    expect(first.code).toBe(3);
    expect(first.stderr).toContain('published, witnessed by 1 of 2: run ovn publish again');
    expect(first.report).toMatchObject({ status: 'published', sequence: 1 });
    expect(first.report.witnesses).toEqual({
      threshold: 2,
      cosigned: [{ name: 'good.example', time: TIME }],
      missing: [{ name: 'shaky.example', problem: 'the witness answered with status 503' }],
    });
    const before = await repository.run(['verify']);
    expect(before.code).toBe(3);
    expect(before.stdout).toContain('cosigned by good.example (2025-10-09T08:53:20Z), not by shaky.example');

    answer = 'cosign';
    const second = await publishIn(repository);
    expect(second.code).toBe(0);
    expect(second.report).toMatchObject({
      status: 'unchanged',
      sequence: 1,
      manifest: first.report.manifest,
    });
    expect(second.report.edition).not.toBe(first.report.edition);
    expect(second.report.witnesses.missing).toEqual([]);
    expect(good.asked).toHaveLength(1);
    expect((await repository.run(['verify'])).code).toBe(0);
    expect((await repository.run(['verify', first.report.edition])).code).toBe(0);
    expect(await failuresOf(repository.dir)).toEqual([]);
  });

  it('waits no longer than it is told to', async () => {
    await using hanging = await startFakeWitness(
      'hanging.example',
      () => new Promise<never>(() => undefined),
    );
    await using repository = await makeWitnessed(1, [hanging]);
    const { code, stdout } = await repository.run(['publish', '--witness-timeout', '1']);
    expect(code).toBe(3);
    expect(stdout).toContain(
      'hanging.example  has not cosigned: no answer: the 1 s for all witnesses are over',
    );
    const wrong = await repository.run(['publish', '--witness-timeout', 'soon']);
    expect(wrong.code).toBe(2);
  });

  it('says that it is unwitnessed where none is configured', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': sourceOf() } });
    const { code, stdout } = await repository.run(['publish']);
    expect(code).toBe(0);
    expect(stdout).toContain('Unwitnessed: no witness is configured.');
    const { report } = await publishIn(repository);
    expect(report.witnesses).toEqual({ threshold: 0, cosigned: [], missing: [] });
    expect((await repository.run(['verify'])).stdout).toContain('unwitnessed: no witness is configured');
  });

  it.each([
    ['witness:before', 0],
    ['witness:within', 1],
    ['witness:after', 1],
  ])('killed at %s is finished by a rerun, which asks nobody twice', async (point, asked) => {
    await using witness = await startFakeWitness('one.example', () => 'cosign');
    await using repository = await makeWitnessed(1, [witness]);
    const { code } = await repository.run(['publish'], { env: { OVN_FAILPOINT: point } });
    expect(code).toBe('SIGKILL');
    expect(witness.asked).toHaveLength(asked);
    expect(await failuresOf(repository.dir)).toEqual([]);
    const { code: rerun, report } = await publishIn(repository);
    expect(rerun).toBe(0);
    expect(report).toMatchObject({ status: 'unchanged', sequence: 1 });
    expect(report.witnesses.cosigned).toEqual([{ name: 'one.example', time: TIME }]);
    expect(witness.asked).toHaveLength(1);
    expect((await repository.run(['verify'])).code).toBe(0);
    expect(await failuresOf(repository.dir)).toEqual([]);
  });

  it('is finished by serve in the background', async () => {
    let answer: FakeReply = { status: 500 };
    await using witness = await startFakeWitness('one.example', () => answer);
    await using repository = await makeWitnessed(1, [witness]);
    expect((await repository.run(['publish'])).code).toBe(3);
    await using serving = repository.start(['serve', '--json', '--http', '127.0.0.1:0']);
    await serving.readLine();
    while (witness.asked.length < 2) await setTimeout(20);
    answer = 'cosign';
    let code: number | string = 3;
    while (code !== 0) ({ code } = await repository.run(['verify']));
    expect(code).toBe(0);
    serving.process.kill('SIGINT');
    const { code: ended, stderr } = await serving.ended;
    expect(ended).toBe(0);
    expect(stderr).toContain('edition 1: witnessed by 1 of 1');
  });

  it('asks nobody before a proposal is finished, then all; a rerun of publish finishes that', async () => {
    let answer: FakeReply = { status: 503 };
    await using good = await startFakeWitness('good.example', () => 'cosign');
    await using shaky = await startFakeWitness('shaky.example', () => answer);
    await using repository = await makeWitnessed(2, [good, shaky]);
    const file = join(repository.dir, 'edition-1.json');
    expect((await repository.run(['publish', '--propose', file])).code).toBe(0);
    expect((await publishIn(repository, '--finish', file, '--dry-run')).code).toBe(0);
    expect([...good.asked, ...shaky.asked]).toEqual([]);

    const finished = await publishIn(repository, '--finish', file);
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('published, witnessed by 1 of 2: run ovn publish again');
    expect(finished.report).toMatchObject({ status: 'published', sequence: 1 });
    expect(finished.report.witnesses).toEqual({
      threshold: 2,
      cosigned: [{ name: 'good.example', time: TIME }],
      missing: [{ name: 'shaky.example', problem: 'the witness answered with status 503' }],
    });
    expect((await repository.run(['verify'])).code).toBe(3);

    answer = 'cosign';
    const rerun = await publishIn(repository);
    const { manifest } = finished.report;
    expect(rerun).toMatchObject({ code: 0, report: { status: 'unchanged', sequence: 1, manifest } });
    expect(rerun.report.witnesses.cosigned.map(({ name }) => name)).toEqual([
      'good.example',
      'shaky.example',
    ]);
    expect(good.asked).toHaveLength(1);
    expect((await repository.run(['verify'])).code).toBe(0);
    expect(await failuresOf(repository.dir)).toEqual([]);
  });

  it('finishes a proposal with the cosignatures in its edition', async () => {
    await using witness = await startFakeWitness('one.example', () => 'cosign');
    await using repository = await makeWitnessed(1, [witness]);
    await repository.run(['publish']);
    addArticle(repository.dir, 'b.md');
    const file = join(repository.dir, 'edition-2.json');
    expect((await repository.run(['publish', '--propose', file])).code).toBe(0);
    const { code, report } = await publishIn(repository, '--finish', file);
    expect({ code, report }).toMatchObject({
      code: 0,
      report: {
        sequence: 2,
        witnesses: { threshold: 1, cosigned: [{ name: 'one.example' }], missing: [] },
      },
    });
    expect(witness.asked.map(({ old }) => old)).toEqual([0, 2]);
    const verified = await repository.run(['verify']);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('cosigned by one.example') });
    expect(await failuresOf(repository.dir)).toEqual([]);
  });

  it('refuses to publish when a witness has seen more of the log', async () => {
    await using witness = await startFakeWitness('one.example', () => ({ status: 409, body: '40\n' }));
    await using repository = await makeWitnessed(1, [witness]);
    expect((await repository.run(['publish'])).code).toBe(3);
    const { code, stderr } = await repository.run(['publish']);
    expect(code).toBe(1);
    expect(stderr).toContain('the witness one.example has seen 40 entries of the log, and 2 are here');
    expect(stderr).toContain('ovn log recover');
  });
});

describe('a repository restored from a backup', () => {
  it('asks the witnesses first, and publishes nothing beside what they have seen', async () => {
    let size = 0;
    await using witness = await startFakeWitness('one.example', ({ old, text: checkpoint }) => {
      if (old !== size) return { status: 409, body: `${size}\n` };
      size = Number(checkpoint.split('\n')[1]);
      return 'cosign';
    });
    await using repository = await makeWitnessed(1, [witness]);
    const kept = join(repository.dir, 'kept.ovn-backup');
    const restored = join(repository.dir, 'restored');
    expect((await publishIn(repository)).code).toBe(0);
    expect(await repository.run(['backup', kept])).toMatchObject({ code: 0 });
    expect(await repository.run(['restore', kept, restored])).toMatchObject({ code: 0 });
    addArticle(repository.dir, 'b.md');
    expect((await publishIn(repository)).code).toBe(0);
    expect(size).toBe(4);

    addArticle(restored, 'c.md');
    const refused = await runOvn(['publish'], { cwd: restored });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the witness one.example has seen 4 entries of the log, and 2 are here');
    const head = await runOvn(['verify', '--json'], { cwd: restored });
    expect(JSON.parse(head.stdout).target).toBe('edition 1');
    const asked = witness.asked.length;
    expect((await runOvn(['publish', '--dry-run'], { cwd: restored })).code).toBe(1);
    expect(witness.asked).toHaveLength(asked);
  });

  it('publishes when they have seen no more than is here', async () => {
    await using witness = await startFakeWitness('one.example', () => 'cosign');
    await using repository = await makeWitnessed(1, [witness]);
    const kept = join(repository.dir, 'kept.ovn-backup');
    const restored = join(repository.dir, 'restored');
    await publishIn(repository);
    await repository.run(['backup', kept]);
    await repository.run(['restore', kept, restored]);
    addArticle(restored, 'c.md');
    expect((await runOvn(['publish'], { cwd: restored })).code).toBe(0);
    expect(witness.asked.map(({ old }) => old)).toEqual([0, 2, 2]);
    addArticle(restored, 'd.md');
    expect((await runOvn(['publish'], { cwd: restored })).code).toBe(0);
    expect(witness.asked).toHaveLength(4);
  });
});

describe('ovn verify --witness-policy', () => {
  it('judges by the reader’s witnesses', async () => {
    await using one = await startFakeWitness('one.example', () => 'cosign');
    await using other = await startFakeWitness('other.example', () => 'cosign');
    await using repository = await makeWitnessed(1, [one]);
    await repository.run(['publish']);
    const policy = join(repository.dir, 'policy.json');
    const verifyBy = async (threshold: number, ...witnesses: FakeWitness[]) => {
      const keys = witnesses.map(({ configured: { key } }) => key);
      writeFileSync(policy, JSON.stringify({ threshold, keys }));
      return (await repository.run(['verify', '--witness-policy', policy])).code;
    };
    expect(await verifyBy(1, one, other)).toBe(0);
    expect(await verifyBy(2, one, other)).toBe(3);
    expect(await verifyBy(3, one, other)).toBe(2);
  });
});

describe('ovn log witnesses', () => {
  async function logWitnesses(repository: TestRepository, ...more: string[]): Promise<string> {
    const stdout = new PassThrough();
    const streams = { stdout, stderr: new PassThrough() } as unknown as ConstructorParameters<
      typeof Terminal
    >[0];
    const command = logWitnessesCommand(async (flags, action) => {
      const { signal } = new AbortController();
      await action({ terminal: new Terminal(streams, flags), signal, now: new Date() });
    });
    await command.parseAsync(['--repo', repository.dir, ...more], { from: 'user' });
    stdout.end();
    return text(stdout);
  }

  it('shows how far each has come', async () => {
    let answer: FakeReply = 'cosign';
    await using good = await startFakeWitness('good.example', () => 'cosign');
    await using shaky = await startFakeWitness('shaky.example', () => answer);
    await using never = await startFakeWitness('never.example', () => ({ status: 404 }));
    await using repository = await makeWitnessed(1, [good, shaky, never]);
    await repository.run(['publish']);
    answer = { status: 500 };
    writeFileSync(join(repository.dir, 'articles', 'b.md'), sourceOf({ title: 'Another' }));
    await repository.run(['publish']);
    const shown = await logWitnesses(repository);
    expect(shown.split('\n')).toEqual([
      `good.example  ${good.configured.url}`,
      `  cosigned 4 at ${TIME}; nothing is missing`,
      `shaky.example  ${shaky.configured.url}`,
      `  cosigned 2 at ${TIME}; 2 entries behind`,
      '  the witness answered with status 500',
      `never.example  ${never.configured.url}`,
      '  has cosigned nothing yet',
      '  the witness does not know the log',
      '',
      'The head, of 4 entries: cosigned by 1, 1 are demanded.',
      '',
    ]);
    const { witnesses, ...rest } = JSON.parse(await logWitnesses(repository, '--json'));
    expect(rest).toEqual({ threshold: 1, cosigned: 1, size: 4 });
    expect(witnesses[1]).toEqual({
      ...shaky.configured,
      cosigned: false,
      size: 2,
      time: TIME,
      problem: 'the witness answered with status 500',
    });
  });

  it('says that there are none', async () => {
    await using repository = await makeRepository();
    expect(await logWitnesses(repository)).toBe('Unwitnessed: ovn.json names no witness.\n');
  });
});
