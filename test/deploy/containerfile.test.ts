import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { optionsOf } from '../helpers/options.ts';
import { PROJECT } from '../helpers/program.ts';

/** Instructions of the last stage, in their order; comments are gone, and lines that go on are one. */
const text = readFileSync(join(PROJECT, 'deploy', 'Containerfile'), 'utf8');
const instructions = text
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
const argumentsOf = (name: string): string[] =>
  last.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));

it('the container runs as nobody in particular, keeps all it writes in its volume, and says how it is', () => {
  expect(argumentsOf('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  expect(argumentsOf('VOLUME')).toEqual(['/data']);
  expect(argumentsOf('ENV').join()).toContain('OVN_REPO=/data');
  expect(argumentsOf('HEALTHCHECK').join()).toContain('http://127.0.0.1:9464/healthz');
});

it('is built in the one format of podman that keeps health checks, wherever it is said how', () => {
  const page = readFileSync(join(PROJECT, 'docs', 'operating.md'), 'utf8');
  for (const said of [text, page])
    expect(said.match(/podman build .*$/gm)).toEqual([expect.stringMatching(/ --format docker /)]);
});

it('what it calls has the options that it is called with', async () => {
  const [command, ...args] = JSON.parse(argumentsOf('CMD').join()) as string[];
  expect(command).toBe('serve');
  const known = await optionsOf('serve');
  for (const option of args.filter((arg) => arg.startsWith('--'))) expect(known).toContain(option);
});

it('what it copies is all that the program needs', () => {
  const root = temporaryFolder();
  for (const copy of argumentsOf('COPY')) {
    const paths = copy.split(' ').filter((word) => !word.startsWith('--'));
    const target = paths.pop() ?? '';
    if (target.startsWith('/')) continue;
    for (const path of paths) {
      const from = path.replace('/build/', '');
      const to = target === './' ? join(root, from) : join(root, target);
      mkdirSync(join(to, '..'), { recursive: true });
      cpSync(join(PROJECT, from), to, { recursive: true });
    }
  }
  const ovn = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'bin', 'ovn.js'), ...args], { cwd: root, encoding: 'utf8' });
  expect(ovn('init', 'paper', '--no-passphrase')).toMatchObject({ status: 0 });
  expect(ovn('publish', '--repo', 'paper')).toMatchObject({ status: 0 });
  expect(ovn('verify', '--repo', 'paper')).toMatchObject({ status: 0 });
  const taken = ovn('serve', '--repo', 'paper', '--listen', '/ip4/192.0.2.1/tcp/1', '--http', '127.0.0.1:0');
  expect(taken.stderr).toContain('the node cannot listen on /ip4/192.0.2.1/tcp/1');
});
