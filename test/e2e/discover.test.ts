import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFinding } from '../../src/cli/finding.ts';
import { openNames } from '../../src/cli/naming.ts';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import { Others } from '../../src/node/retrieve/others.ts';
import { verifyEvidence } from '../../src/reader/verify-evidence.ts';
import { ReaderMemories } from '../../src/repo/reader-memory.ts';
import type { NamePublishReport } from '../../src/workflows/naming/name-report.ts';
import { Retrieval } from '../../src/workflows/retrieving/retrieval.ts';
import { type VerifyReport, verify as verifyIn } from '../../src/workflows/verify.ts';
import { startHolder } from '../helpers/held-mirror.ts';
import { type MirrorAnswer, showing, shown, startMirror } from '../helpers/mirror-server.ts';
import { type ProgramResult, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  copyTo,
  LATER,
  makeIn,
  NOW,
  openIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  words,
  writeSources,
} from './support.ts';

const folder = sharedFolder();
let paper: string;
let first: Published;
let second: Published;
let name: string;
/** The record of the name, as a file, and what it leads to: the second edition. */
let record: string;
/** A copy from before the second edition. */
let before: string;

beforeAll(async () => {
  paper = await makeIn(folder, { 'first-light.md': sourceOf() });
  first = await publishIn(paper);
  before = copyTo(folder, paper);
  writeSources(join(paper, 'articles'), { 'harbour.md': sourceOf({ title: 'Harbour' }) });
  second = await publishIn(paper);
  const named = await runOvn(['name', 'publish', '--json'], { cwd: paper, env: CLOCK });
  name = readJson<NamePublishReport>(named).names[0]?.name ?? '';
  record = join(folder, `${name}.ipns-record`);
  await runOvn(['name', 'export', '-o', record], { cwd: paper, env: CLOCK });
});

/** A mirror that holds an edition of the paper, of which nothing else is left. */
async function holder(
  edition: Published = second,
  from = paper,
  sequence = edition.sequence,
): Promise<string> {
  await using open = await openIn(from);
  const { publication } = first;
  const held = { publication, edition: edition.edition, sequence, name, read: open.read };
  return (await startHolder(held, NOW)).url;
}

async function mirror(answer: MirrorAnswer): Promise<string> {
  const started = await startMirror(answer);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started.url;
}

/** Runs `ovn` where no repository is, as somebody who remembers nothing. */
function outside(line: string, env: Record<string, string> = CLOCK): Promise<ProgramResult> {
  return runOvn(words(line), {
    cwd: folder,
    env: { ...env, XDG_STATE_HOME: join(folder, crypto.randomUUID()) },
  });
}

async function verify(line: string, env?: Record<string, string>) {
  const { code, stdout, stderr } = await outside(`verify ${line} --json`, env);
  if (!stdout.startsWith('{')) throw new Error(stderr);
  const report = JSON.parse(stdout) as VerifyReport;
  const detailOf = (check: string) => report.checks.find((each) => each.name === check)?.detail;
  return { code, report, detailOf };
}

/** The same in this process, by an id and the mirrors that are asked. */
async function judge(
  urls: readonly string[],
  { now = NOW, stateDir = join(folder, crypto.randomUUID()) } = {},
) {
  const flags = { gateway: [...urls] };
  await using retrieval = new Retrieval({
    others: new Others({ peers: [], gateways: urls, routers: [] }),
    dir: join(stateDir, 'fetched'),
    timeoutMs: undefined,
  });
  const { report, exitCode: code } = await verifyIn(
    { what: first.publication, publication: undefined, requireCurrent: false },
    {
      local: undefined,
      retrieval,
      memories: new ReaderMemories(stateDir),
      policy: NO_WITNESSES,
      names: openNames({}, undefined, now),
      find: openFinding(flags, undefined, now),
      now,
      signal: new AbortController().signal,
    },
  );
  const detailOf = (check: string) => report.checks.find((each) => each.name === check)?.detail;
  return { code, report, detailOf };
}

describe('a paper whose publisher and name are gone', () => {
  it('is found by its id through a mirror: genuine, last confirmed on its date', async () => {
    const url = await holder();
    const { code, report, detailOf } = await verify(`${first.publication} --gateway ${url}`);
    expect([code, report.verdict, report.publication]).toEqual([3, 'listed', first.publication]);
    expect(detailOf('name')).toBe(
      `${url}/ shows it as the newest, and no record of its name does: not confirmed as current, last confirmed 2025-07-10T12:00:00Z`,
    );
    expect(detailOf('publication-confirmed')).toContain('as you named it');
    expect(detailOf('mirrors')).toBe(`one history, as shown by ${url}/`);
  });

  it('is found by its name, and by the address of the mirror alone', async () => {
    const url = await holder();
    for (const what of [`${url}/ipns/${name}`, url]) {
      const { code, report, detailOf } = await verify(what);
      expect.soft([what, code, report.publication]).toEqual([what, 3, first.publication]);
      expect.soft(detailOf('name')).toContain(`${url}/ shows it as the newest`);
    }
    expect((await verify(`${url}/ipfs/${second.edition}`)).code).toBe(0);
  });

  it('gives its articles and the whole of it, and says how old it may be', async () => {
    const url = await holder();
    const article = '/articles/2025/07/07/harbour';
    const here = await runOvn(['get', 'harbour'], { cwd: paper });
    for (const what of [`${first.publication}${article} --gateway ${url}`, `${url}${article}/`]) {
      const { code, stdout, stderr } = await outside(`get ${what}`, LATER);
      expect.soft([what, code, stdout]).toEqual([what, 3, here.stdout]);
      expect.soft(stderr).toContain('not confirmed as current; last confirmed 2025-07-10T12:00:00Z');
    }
    const car = join(folder, 'whole.car');
    expect((await outside(`get ${first.publication} -o ${car} --gateway ${url}`)).code).toBe(3);
    expect(existsSync(car)).toBe(true);
  });

  it('says who was asked where nobody has it, and asks nobody under --offline', async () => {
    const none = await mirror(showing({}));
    const { code, stderr } = await outside(`verify ${first.publication} --gateway ${none}`);
    expect(code).toBe(1);
    expect(stderr).toContain(`no edition of ${first.publication} is to be had (${none}/: it does not show`);
    const offline = await outside(`get ${first.publication}/articles --offline`);
    expect(offline.code).toBe(1);
  });
});

describe('a paper whose name still leads to it', () => {
  it('is current where the record that a mirror keeps is valid, and is not when that is over', async () => {
    const keeper = copyTo(folder, paper);
    const bytes = new Uint8Array(readFileSync(record));
    const entry = { edition: second.edition, sequence: 2, name, record: bytes };
    const keeping = await mirror(showing({ publications: new Map([[first.publication, shown(entry)]]) }));
    const blocks = await holder(second, keeper);
    const now = await judge([keeping, blocks]);
    expect([now.code, now.report.verdict]).toEqual([0, 'current']);
    expect(now.detailOf('name')).toContain(`/ipns/${name} -> /ipfs/${second.edition}`);
    const later = await judge([keeping, blocks], { now: new Date('2035-01-01T00:00:00Z') });
    expect(later.code).toBe(3);
    expect(later.detailOf('name')).toMatch(/expired .*last confirmed 2025-07-10T12:00:00Z/);
  });
});

describe('a paper that is followed', () => {
  it('is asked for at the mirrors of its manifest too, where anybody is asked at all', async () => {
    let gateway = '';
    const pass = async (url: string, response: ServerResponse, accept = '*/*'): Promise<void> => {
      const answer = await fetch(gateway + url, { headers: { accept } });
      const type = answer.headers.get('content-type') ?? '';
      response.writeHead(answer.status, { 'content-type': type }).end(await answer.bytes());
    };
    const named = await startMirror(({ url = '', headers }, response) => {
      if (gateway === '') response.writeHead(503).end();
      else pass(url, response, headers.accept).catch(() => response.destroy());
    });
    onTestFinished(() => named[Symbol.asyncDispose]());
    const theirs = await makeIn(folder, { 'first-light.md': sourceOf() });
    setSettings(theirs, { mirrors: [named.url], network: undefined });
    const older = await publishIn(theirs);
    const { publication } = older;
    await using atFirst = await openIn(theirs);
    const held = { publication, edition: older.edition, sequence: 1, name: null, read: atFirst.read };
    const behind = (await startHolder(held, NOW)).url;
    const reader = join(folder, 'follower');
    const here = { cwd: reader, env: CLOCK };
    await runOvn(['init', reader, '--mirror'], { env: CLOCK });
    readJson(await runOvn(['follow', behind, '--json'], here));
    writeSources(join(theirs, 'articles'), { 'harbour.md': sourceOf({ title: 'Harbour' }) });
    const newer = await publishIn(theirs);
    await using then = await openIn(theirs);
    gateway = (await startHolder({ ...held, edition: newer.edition, sequence: 2, read: then.read }, NOW)).url;

    const get = (...more: string[]) =>
      runOvn(['get', `${publication}/articles/2025/07/07/harbour`, '--format', 'md', ...more], here);
    named.asked.length = 0;
    expect((await get()).code).toBe(1);
    expect((await get('--offline', '--gateway', behind)).code).toBe(1);
    expect(named.asked).toEqual([]);
    expect(await get('--gateway', behind)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('Harbour'),
    });
    const judged = await runOvn(['verify', publication, '--gateway', behind, '--json'], here);
    const { checks } = JSON.parse(judged.stdout) as VerifyReport;
    expect(checks.find((check) => check.name === 'manifest-signed')?.detail).toContain('of sequence 2');
  });
});

describe('a gateway that asks for a password', () => {
  it('is given it, and named without', async () => {
    const asked: string[] = [];
    const closed = await startMirror(({ headers }, response) => {
      asked.push(headers.authorization ?? 'nothing');
      response.writeHead(401).end();
    });
    onTestFinished(() => closed[Symbol.asyncDispose]());
    const url = closed.url.replace('//', '//me:secret@');
    const runs = [
      await outside(`verify ${first.publication} --gateway ${url}`),
      await outside(`get ${url}/articles`),
      await outside(`get ipns://${name} --gateway ${url}`),
    ];
    for (const { code, stdout, stderr } of runs) {
      expect.soft(code).toBe(1);
      expect.soft(`${stdout}${stderr}`).toContain('answers with status 401');
      expect.soft(`${stdout}${stderr}`).not.toContain('secret');
    }
    expect(new Set(asked)).toEqual(new Set([`Basic ${Buffer.from('me:secret').toString('base64')}`]));
    const dir = join(folder, 'keeps-nothing');
    await runOvn(['init', dir, '--mirror']);
    const followed = await runOvn(['follow', first.publication, '--gateway', url], { cwd: dir });
    expect([followed.code, followed.stderr.includes('secret')]).toEqual([2, false]);
  });
});

describe('mirrors that lie', () => {
  it('hide nothing: the newest edition that the paper signed counts, whatever they claim', async () => {
    const honest = await holder();
    const behind = await holder(first);
    const boasting = await holder(first, paper, 900);
    const stranger = await makeIn(folder, { 'other.md': sourceOf({ title: 'Other' }) });
    const foreign = await holder(await publishIn(stranger), stranger, 901);
    const empty = await mirror(
      showing({ publications: new Map([[first.publication, shown({ sequence: 902 })]]) }),
    );
    const { report, code, detailOf } = await judge([boasting, foreign, empty, behind, honest]);
    expect([code, report.verdict]).toEqual([3, 'listed']);
    expect(detailOf('manifest-signed')).toContain('of sequence 2');
    expect(detailOf('mirrors')).toMatch(/^one history/);
  });

  it('are behind: what is older than what was seen is shown as that, and is no fraud', async () => {
    const stateDir = join(folder, 'memory');
    await judge([await holder()], { stateDir });
    const { code, report, detailOf } = await judge([await holder(first)], { stateDir });
    expect([code, report.verdict]).toEqual([3, 'genuine']);
    expect(detailOf('rollback')).toContain('superseded: sequence 1; 2 was seen');
  });

  it('show a newer log and keep the edition: what is older is not taken for current', async () => {
    const old = await holder(first);
    const note = await readNote(second, paper);
    const entry = shown({ edition: second.edition, sequence: 2, checkpoint: note });
    const hiding = await mirror(showing({ publications: new Map([[first.publication, entry]]) }));
    const { code, detailOf } = await judge([old, hiding]);
    expect(code).toBe(3);
    expect(detailOf('mirrors')).toBe(`${hiding}/: it shows 2 entries of the log more, which nobody gives`);
  });

  it('have seen two histories: refused, with the evidence of it, which anybody can judge', async () => {
    const copy = copyTo(folder, paper);
    writeSources(join(copy, 'articles'), { 'other.md': sourceOf({ title: 'The other history' }) });
    const theirs = await publishIn(copy);
    const fork = copyTo(folder, paper);
    writeSources(join(fork, 'articles'), { 'third.md': sourceOf({ title: 'Third' }) });
    await publishIn(fork);
    writeSources(join(fork, 'articles'), { 'fourth.md': sourceOf({ title: 'Fourth' }) });
    const ours = await publishIn(fork);
    const urls = [await holder(theirs, copy), await holder(ours, fork)];
    const { code, report } = await judge(urls);
    expect(code).toBe(4);
    expect(report.checks.find(({ result }) => result === 'fail')).toEqual({
      name: 'mirrors',
      result: 'fail',
      detail: expect.stringContaining(
        ': two histories under one key, of 6 and 8 entries: neither begins with the other',
      ),
    });
    const evidence = verifyEvidence(readFileSync(report.evidence ?? ''));
    expect(evidence).toMatchObject({ verdict: 'proven', kind: 'fork', publication: first.publication });
  });
});

describe('ovn publish', () => {
  it('refuses in a copy that is behind its mirror, and goes on with what the mirror has', async () => {
    const url = await holder();
    const behind = await makeBehind({ mirrors: [url] });
    const refused = await runOvn(['publish'], { cwd: behind, env: CLOCK });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/had 4 in http:\S+: this repository is not the newest\n.*ovn log recover/);
    const car = join(folder, 'newer.car');
    await outside(`get ${first.publication} -o ${car} --gateway ${url}`);
    readJson(await runOvn(['log', 'recover', car, '--json'], { cwd: behind, env: CLOCK }));
    const { sequence } = await publishIn(behind);
    expect(sequence).toBe(3);
  });

  it('asks a mirror that is a home of it, too', async () => {
    const behind = await makeBehind({});
    const added = await runOvn(['remote', 'add', 'mirror', 'gateway', await holder()], { cwd: behind });
    expect(added).toMatchObject({ code: 0 });
    const { code, stderr } = await runOvn(['publish'], { cwd: behind, env: CLOCK });
    expect([code, stderr]).toEqual([1, expect.stringContaining('this repository is not the newest')]);
  });

  it('does not fail where a mirror is down, or none of its kind', async () => {
    const behind = await makeBehind({ mirrors: ['http://127.0.0.1:1', '/dns4/x/tcp/1'], network: {} });
    expect((await publishIn(behind)).sequence).toBe(2);
  });
});

/** The paper as it was after its first edition, with something to publish. */
async function makeBehind(settings: object): Promise<string> {
  const dir = copyTo(folder, before);
  setSettings(dir, settings);
  writeSources(join(dir, 'articles'), { 'late.md': sourceOf({ title: 'Late' }) });
  return dir;
}

/** Changes members of ovn.json. */
function setSettings(dir: string, settings: object): void {
  const path = join(dir, 'ovn.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...settings }));
}

async function readNote({ edition }: Published, dir: string): Promise<string> {
  const { stdout } = await runOvn(['get', `ipfs://${edition}/log/checkpoint`], { cwd: dir });
  return stdout;
}
