import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSynthetic } from '../../bench/synthetic.ts';
import { PROGRAM, PROJECT, type ProgramResult, runOvn, startOvn } from '../helpers/program.ts';
import { CLOCK, copyTo, makeIn, publishIn, readJson, sharedFolder, sourceOf } from './support.ts';

const COMMANDS = [
  ...[
    'init',
    'new',
    'publish',
    'list',
    'categories',
    'show',
    'get',
    'verify',
    'gc',
    'export',
    'import',
    'serve',
    'check',
  ],
  ...['pin add', 'pin rm', 'pin ls', 'key ls', 'key export', 'key import', 'push'],
  ...['remote add', 'remote ls', 'remote rm', 'remote status', 'remote evacuate'],
];

describe('the command line', () => {
  const folder = sharedFolder();
  let dir: string;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'first-light.md': sourceOf({ lines: ['sumary: typing error'] }) });
    await publishIn(dir);
  });

  function ovn(args: readonly string[], env: Record<string, string> = {}): Promise<ProgramResult> {
    return runOvn(args, { cwd: dir, env: { ...CLOCK, ...env } });
  }

  it('lists every command in its help, with the exit codes', async () => {
    const { code, stdout, stderr } = await ovn(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command.split(' ')[0]}\\b`, 'm'));
    expect(stdout).toMatch(/Exit codes: 0 .* 1 .* 2 .* 3 .* 4 .* 130/);
  });

  it.each(COMMANDS)('%s --help says what it does, with an example', async (command) => {
    const { code, stdout, stderr } = await ovn([...command.split(' '), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`\nExample:\n  ovn ${command}( |\n)`));
    expect(stdout).toContain('--json');
  });

  it.each([
    ['list'],
    ['categories'],
    ['show', 'first-light'],
    ['verify'],
    ['check'],
    ['pin', 'ls'],
    ['gc', '--dry-run'],
    ['key', 'ls'],
    ['publish'],
  ])('%j prints one JSON document with --json, and nothing else', async (...args) => {
    const { code, stdout } = await ovn([...args, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toBeTypeOf('object');
  });

  it('prints an error as JSON too', async () => {
    const { code, stdout, stderr } = await ovn(['show', 'nothing', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'not-found', message: expect.any(String), hint: expect.any(String), findings: [] },
    });
    expect(stderr).toMatch(/^ovn: nothing is no CID/);
  });

  it('says nothing but results and errors with --quiet', async () => {
    const copy = copyTo(folder, dir);
    await runOvn(['new', 'Another'], { cwd: copy, env: CLOCK });
    const said = await runOvn(['publish', '--quiet'], { cwd: copy, env: CLOCK });
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toContain('Another');
    expect((await runOvn(['pin', 'ls', '--quiet'], { cwd: copy })).stderr).toBe('');
    expect((await runOvn(['show', 'nothing', '--quiet'], { cwd: copy })).stderr).toMatch(/^ovn: /);
  });

  it('has no colours without a terminal', async () => {
    for (const env of [{}, { NO_COLOR: '1' }, { FORCE_COLOR: '1', NO_COLOR: '1' }]) {
      const { stdout } = await ovn(['verify'], env as Record<string, string>);
      expect(stdout).not.toContain('\u001b');
    }
  });

  it('has colours on a terminal, unless told not to', () => {
    const onTerminal = (command: string, env: Record<string, string> = {}): string =>
      spawnSync('script', ['-qec', `${process.execPath} ${PROGRAM} ${command}`, '/dev/null'], {
        cwd: dir,
        env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...CLOCK, ...env },
        encoding: 'utf8',
      }).stdout;
    expect(onTerminal('verify')).toContain('\u001b[32m');
    expect(onTerminal('verify --no-color')).not.toContain('\u001b[32m');
    expect(onTerminal('verify', { NO_COLOR: '1' })).not.toContain('\u001b[32m');
  });

  it.each([
    ['an option', '--a\nb\u001b[2K'],
    ['a command', 'a\nb\u001b[2K'],
  ])('does not let %s that is not known steer the terminal', async (_what, arg) => {
    const { stderr } = await ovn(arg.startsWith('-') ? ['publish', arg] : [arg]);
    expect(stderr).toContain('a\\u000ab\\u001b[2K');
    expect(stderr).not.toContain('\u001b');
  });

  it('shows what is in the names of files, and does not do it', async () => {
    const name = 'a\n✓ published\u001b[2K\u202e';
    const shown = 'articles/a\\u000a✓ published\\u001b[2K\\u202e';
    const sources = {
      [`${name}-bad.md`]: sourceOf({ lines: ['sumary: x'] }),
      [`${name}-held.md`]: sourceOf({ title: 'Held', lines: ['draft: true'] }),
      [`${name}-gone.md`]: sourceOf({ title: 'Gone', date: '2025-07-05', lines: ['slug: gone'] }),
    };
    const copy = await makeIn(folder, sources);
    const written = await runOvn(['publish', '--write-slugs'], { cwd: copy, env: CLOCK });
    expect(written.code).toBe(0);
    expect(written.stderr).toContain(`${shown}-bad.md: slug: first-light\n${shown}-held.md: slug: held\n`);
    expect(written.stderr).toContain(`${shown}-bad.md:6: warning: unknown field "sumary"`);
    expect(written.stderr).toContain(`\nheld back: ${shown}-held.md: draft\n`);
    rmSync(join(copy, 'articles', `${name}-gone.md`));
    const gone = await runOvn(['publish'], { cwd: copy, env: CLOCK });
    expect(gone.stderr).toContain(`${shown}-gone.md is gone; `);
    const all = [written, gone].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(all).not.toMatch(/^✓|\u202e/m);
    expect(all).not.toContain('\u001b');
    const lost = await runOvn(['verify', `${name}.car`], { cwd: copy });
    expect(lost.stderr).toContain('a\\u000a✓ published');
    const { error } = JSON.parse((await runOvn(['verify', `${name}.car`, '--json'], { cwd: copy })).stdout);
    expect(error.message).toContain(name);
  });

  it('finds its repository from a folder inside it, by --repo and by OVN_REPO', async () => {
    const inside = await runOvn(['list', '--json'], { cwd: join(dir, 'articles') });
    expect(readJson<unknown[]>(inside)).toHaveLength(1);
    expect((await runOvn(['list', '--json', '--repo', dir], { cwd: folder })).stdout).toBe(inside.stdout);
    expect((await runOvn(['list', '--json'], { cwd: folder, env: { OVN_REPO: dir } })).stdout).toBe(
      inside.stdout,
    );
    const nowhere = await runOvn(['list'], { cwd: folder });
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toMatch(/ovn\.json/);
    expect((await runOvn(['list', '--repo', join(folder, 'nothing')], { cwd: dir })).code).toBe(1);
  });

  it.each(['x', '-1', '1e9', '99999999999999'])('refuses SOURCE_DATE_EPOCH=%s', async (epoch) => {
    const { code, stderr } = await ovn(['list'], { SOURCE_DATE_EPOCH: epoch });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ovn: SOURCE_DATE_EPOCH/);
  });

  describe('with a reader that goes away', () => {
    it.each([
      'list',
      'list --json',
      'verify',
      'get first-light',
      'get first-light --format car',
      'show first-light',
      'check',
      '--help',
    ])('ovn %s ends without a word', (command) => {
      const shell = `${process.execPath} ${PROGRAM} ${command} | true; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', shell], {
        cwd: dir,
        env: { ...CLOCK },
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(stdout).toBe('0\n');
    });

    it('publish publishes all the same', async () => {
      const copy = copyTo(folder, dir);
      await runOvn(['new', 'Another'], { cwd: copy, env: CLOCK });
      spawnSync('bash', ['--norc', '-c', `${process.execPath} ${PROGRAM} publish --quiet | true`], {
        cwd: copy,
        env: { ...CLOCK },
      });
      expect(readJson<unknown[]>(await runOvn(['list', '--json'], { cwd: copy }))).toHaveLength(2);
    });

    it('a disk that is full is said to be', () => {
      const { status, stderr } = spawnSync(
        'bash',
        ['--norc', '-c', `${process.execPath} ${PROGRAM} list > /dev/full`],
        { cwd: dir, encoding: 'utf8' },
      );
      expect(stderr).toMatch(/^ovn: the disk is full/);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(status).toBe(1);
    });
  });

  describe('when it is interrupted', () => {
    it.each(['SIGINT', 'SIGTERM'] as const)(
      'publish ends with 130 by %s, and leaves the old edition',
      async (signal) => {
        const copy = copyTo(folder, dir);
        await writeSynthetic(join(copy, 'articles'), 3000);
        await using program = startOvn(['publish'], { cwd: copy, env: CLOCK });
        await waitFor(() => existsSync(join(copy, '.ovn/ovn.db-wal'))); // it is at work, and listens to signals
        program.process.kill(signal);
        const { code, stderr } = await program.ended;
        expect(stderr).toMatch(/^ovn: interrupted$/m);
        expect(stderr).not.toMatch(/\n\s+at /);
        expect(code).toBe(130);
        expect(readJson<unknown[]>(await runOvn(['list', '--json'], { cwd: copy }))).toHaveLength(1);
        expect((await runOvn(['check'], { cwd: copy, env: CLOCK })).code).toBe(0);
      },
    );

    it('a wait for another publication ends with 130', async () => {
      const copy = copyTo(folder, dir);
      const holder = spawn(process.execPath, [
        join(PROJECT, 'test/repo/children/hold-lock.ts'),
        join(copy, '.ovn'),
      ]);
      try {
        await once(holder.stdout, 'data');
        await using program = startOvn(['publish'], { cwd: copy, env: CLOCK });
        await once(program.process.stderr, 'data');
        program.process.kill('SIGINT');
        const { code, stderr } = await program.ended;
        expect(stderr).toContain('another ovn is at work here');
        expect(code).toBe(130);
      } finally {
        holder.kill('SIGKILL');
      }
    });
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(10);
}
