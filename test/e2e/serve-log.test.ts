import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { makeRepository, type RunningProgram } from '../helpers/program.ts';
import { sourceOf } from './support.ts';

const PATIENCE = { timeout: 10_000 };
const SERVE = ['serve', '--http', '127.0.0.1:0', '--no-node'];
const OTHER_NAME = 'k51qzi5uqu5dhztxo416f75gs8xlkb8ydd81ueq37830lr9wfm4vx1xvvdb4rh';

interface LogEvent {
  time: string;
  level: string;
  what: string;
  [field: string]: unknown;
}

/** The events that a server has logged so far. */
function eventsOf(program: RunningProgram): LogEvent[] {
  const events: LogEvent[] = [];
  let rest = '';
  program.process.stderr.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line) as LogEvent));
  });
  return events;
}

/** A router that knows nothing, and what it was asked for. */
async function startRouter(): Promise<AsyncDisposable & { url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** Status of an answer over a connection that is kept. */
async function ask(
  url: string,
  agent: Agent,
): Promise<{ status: number | undefined; port: number | undefined }> {
  const [response] = await once(get(url, { agent }), 'response');
  const port = response.socket.localPort;
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, port };
}

it('logs events as JSON, reloads on SIGHUP over open connections, and tells systemd', async () => {
  await using repository = await makeRepository({ articles: { 'one.md': sourceOf() } });
  await using router = await startRouter();
  const { dir } = repository;
  // Node cannot listen to a socket of datagrams: what would write to it is replaced by what writes to a file.
  const told = join(dir, 'told');
  mkdirSync(join(dir, 'bin'));
  writeFileSync(join(dir, 'bin', 'systemd-notify'), `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> "${told}"\n`);
  chmodSync(join(dir, 'bin', 'systemd-notify'), 0o755);
  const env = { PATH: `${join(dir, 'bin')}:${process.env['PATH']}`, NOTIFY_SOCKET: '@manager' };
  const deny = join(dir, 'deny.txt');
  writeFileSync(deny, '');

  await using program = repository.start([...SERVE, '--json', '--log', 'json', '--deny', deny], { env });
  const events = eventsOf(program);
  const { http: url } = JSON.parse(await program.readLine());
  const seen = (what: string) => events.filter((event) => event.what === what);
  await vi.waitFor(() => expect(readFileSync(told, 'utf8')).toBe('@manager READY=1\n'), PATIENCE);
  await vi.waitFor(
    () => expect(events[0]).toMatchObject({ level: 'info', what: 'listening', http: url, edition: null }),
    PATIENCE,
  );
  expect(new Date(events[0]?.time ?? '').toISOString()).toBe(events[0]?.time);

  const { edition, articles } = JSON.parse((await repository.run(['publish', '--json'])).stdout);
  await vi.waitFor(
    () => expect(seen('edition')).toMatchObject([{ level: 'info', publication: null, edition }]),
    PATIENCE,
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const bundle = `${url}/ipfs/${articles[0].cid}/article.json`;
  const { status, port } = await ask(bundle, agent);
  expect(status).toBe(200);
  expect((await ask(`${url}/ipns/${OTHER_NAME}/`, agent)).status).toBeGreaterThan(399);
  expect(router.asked).toEqual([]);

  const settings = JSON.parse(readFileSync(join(dir, 'ovn.json'), 'utf8'));
  writeFileSync(join(dir, 'ovn.json'), JSON.stringify({ ...settings, network: { routers: [router.url] } }));
  writeFileSync(deny, `/ipfs/${articles[0].cid}\n`);
  program.process.kill('SIGHUP');
  await vi.waitFor(() => expect(seen('reloaded')).toHaveLength(1), PATIENCE);
  expect(await ask(bundle, agent)).toEqual({ status: 451, port });
  await ask(`${url}/ipns/${OTHER_NAME}/`, agent);
  expect(router.asked).toContain(`/routing/v1/ipns/${OTHER_NAME}`);

  writeFileSync(join(dir, 'ovn.json'), '{');
  program.process.kill('SIGHUP');
  await vi.waitFor(() => expect(seen('reloaded')).toHaveLength(2), PATIENCE);
  expect(seen('reloaded').map(({ level, failed }) => ({ level, failed }))).toEqual([
    { level: 'info', failed: [] },
    { level: 'warn', failed: ['settings'] },
  ]);
  const trouble = { level: 'error', part: 'reload', of: 'settings', code: 'malformed' };
  expect(seen('trouble')).toContainEqual(expect.objectContaining(trouble));
  expect((await ask(`${url}/`, agent)).port).toBe(port);
  writeFileSync(join(dir, 'ovn.json'), JSON.stringify(settings));
  program.process.kill('SIGHUP');
  await vi.waitFor(
    () => expect(seen('settled')).toContainEqual(expect.objectContaining({ part: 'reload', of: 'settings' })),
    PATIENCE,
  );

  const { serving } = JSON.parse((await repository.run(['status', '--json'])).stdout);
  expect(serving).toMatchObject({ running: true, http: url });
  program.process.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, stdout: '' });
  expect(events.at(-1)).toMatchObject({ what: 'stopping' });
  const states = readFileSync(told, 'utf8').replaceAll('@manager ', '').trim().split('\n');
  const reload = ['RELOADING=1', 'READY=1'];
  expect(states).toEqual(['READY=1', ...reload, ...reload, ...reload, 'STOPPING=1']);
  expect(JSON.parse((await repository.run(['status', '--json'])).stdout).serving).toMatchObject({
    running: false,
  });
  agent.destroy();
});

it('logs as lines why it ends, with the code', async () => {
  await using repository = await makeRepository();
  const { code, stdout, stderr } = await repository.run([
    ...SERVE,
    '--log',
    'lines',
    '--deny',
    'no such list',
  ]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const line =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z error failed code=not-found message="the denylist no such list .*" hint=-\n$/;
  expect(stderr).toMatch(line);
});
