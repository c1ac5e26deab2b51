import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { expect, it, onTestFinished } from 'vitest';
import { openRepository } from '../../src/repo/open-repository.ts';
import { source } from '../helpers/newsroom.ts';
import { type PinningDouble, startPinningDouble } from '../helpers/pinning-double.ts';
import { makeRepository, type ProgramOptions, type TestRepository } from '../helpers/program.ts';

const TOKEN = 'a-token-that-nobody-may-see';

/** A pinning service that fetches from a repository what it is asked to pin. */
async function serviceFor({ dir }: TestRepository): Promise<PinningDouble> {
  const read = async (cid: CID) => {
    using repository = openRepository(dir);
    return repository.blockstore.getBytes(cid);
  };
  const double = await startPinningDouble({ token: TOKEN, read, states: ['queued', 'pinned'] });
  onTestFinished(() => double[Symbol.asyncDispose]());
  return double;
}

it('gives the paper to others, goes on where one was down, and moves it to another', async () => {
  await using paper = await makeRepository({ articles: { 'one.md': source({ title: 'One' }) } });
  const said: string[] = [];
  const run = async (args: string, code: number, options?: ProgramOptions): Promise<string> => {
    const result = await paper.run(
      [...args.split(' '), ...(args.includes('remote') ? [] : ['--json'])],
      options,
    );
    said.push(result.stdout, result.stderr);
    expect(result, args).toMatchObject({ code });
    return result.stdout;
  };
  const [first, second] = [await serviceFor(paper), await serviceFor(paper)];

  await run('publish --push', 2);
  await run(`remote add first pinning-service ${first.url} --read-at ${first.url} --token-stdin`, 0, {
    input: `${TOKEN}\n`,
  });
  const published = JSON.parse(await run('publish --push', 0));
  expect(published).toMatchObject({ sequence: 1, push: { done: true, edition: published.edition } });

  await run(
    `remote add second pinning-service ${second.url} --read-at ${second.url} --token-env PIN_TOKEN`,
    0,
  );
  writeFileSync(join(paper.dir, 'articles', 'two.md'), source({ title: 'Two' }));
  const next = JSON.parse(await run('publish --push', 3));
  expect(next).toMatchObject({ status: 'published', sequence: 2 });
  const [{ problem: fine, released }, { problem }] = next.push.homes;
  expect([fine, released]).toEqual([null, [published.edition]]);
  expect(problem).toMatchObject({ code: 'key', message: expect.stringContaining('PIN_TOKEN is not set') });

  expect(problem.hint).toContain('Set PIN_TOKEN to it');
  const refused = await run('remote status', 3, { env: { PIN_TOKEN: 'a-wrong-one' } });
  expect(refused).toMatch(/not done: second: it does not take the credentials.*\n +Is its token right/);
  expect(said.at(-1)).toContain('ovn push gives them what they do not hold');
  const env = { PIN_TOKEN: TOKEN };
  expect(JSON.parse(await run('push second', 0, { env })).homes).toMatchObject([
    { wanted: [{ held: true }] },
  ]);
  expect(await run('remote status', 0, { env })).toMatch(/second {2}pinning-service.*edition 2: held/s);

  await run('remote evacuate first second', 0, { env });
  expect(first.pins.size).toBe(0);
  expect([...second.pins.values()].map(({ pin }) => pin.cid)).toEqual([next.edition]);
  await run('remote rm first', 0);
  expect(await run('remote ls', 0)).toMatch(/^second .*token in PIN_TOKEN, 1 of 1 DAG held\n$/);
  expect([...first.findings, ...second.findings]).toEqual([]);

  const state = join(paper.dir, '.ovn');
  const files = readdirSync(state, { recursive: true, encoding: 'utf8' }).map((name) => join(state, name));
  const kept = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'latin1'));
  for (const text of [...said, ...kept]) expect(text).not.toContain(TOKEN);
});

it('is killed in the middle, and goes on with what it had asked for', async () => {
  await using paper = await makeRepository({ articles: { 'one.md': source({ title: 'One' }) } });
  const service = await serviceFor(paper);
  const env = { PIN_TOKEN: TOKEN };
  await paper.run(['publish']);
  await paper.run([
    ...['remote', 'add', 'pins', 'pinning-service', service.url],
    ...['--read-at', service.url, '--token-env', 'PIN_TOKEN'],
  ]);
  service.options.states = ['pinning'];
  const looked = Promise.withResolvers<void>();
  service.options.misbehave = ({ method, path }) => {
    if (method === 'GET' && path !== '/pins') looked.resolve();
    return false;
  };
  const push = paper.start(['push'], { env });
  await looked.promise;
  push.process.kill('SIGKILL');
  await push.ended;
  const known = await paper.run(['remote', 'status', '--offline', '--json'], { env });
  expect(JSON.parse(known.stdout).homes[0].wanted[0]).toMatchObject({ state: 'unknown', held: false });
  for (const pin of service.pins.values()) pin.states = ['pinning', 'pinned'];
  expect(await paper.run(['push'], { env })).toMatchObject({ code: 0 });
  expect(service.asked.filter((asked) => asked === 'POST /pins')).toHaveLength(1);
});

it('is given by a watch once more when it could not be given at first', async () => {
  await using paper = await makeRepository({ articles: { 'one.md': source({ title: 'One' }) } });
  const service = await serviceFor(paper);
  const add = `remote add first pinning-service ${service.url} --read-at ${service.url} --token-stdin`;
  expect(await paper.run(add.split(' '), { input: `${TOKEN}\n` })).toMatchObject({ code: 0 });
  service.options.misbehave = (_request, response) => {
    response.writeHead(400).end();
    return true;
  };
  await using watch = paper.start(['publish', '--watch', '--push', '--json']);
  expect(JSON.parse(await watch.readLine())).toMatchObject({ sequence: 1, push: { done: false } });
  delete service.options.misbehave;
  writeFileSync(join(paper.dir, 'articles', 'draft.md'), source({ title: 'Two', draft: 'true' }));
  expect(JSON.parse(await watch.readLine())).toMatchObject({ status: 'unchanged', push: { done: true } });
  watch.process.kill('SIGINT');
  expect(await watch.ended).toMatchObject({ code: 0, stdout: '' });
});
