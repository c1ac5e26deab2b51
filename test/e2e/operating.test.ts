import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';
import { sharedFolder, sourceOf, writeSources } from './support.ts';

/** Two dozen programs one after the other, ms. */
const TIMEOUT = 240_000;

const page = readFileSync(join(PROJECT, 'docs', 'operating.md'), 'utf8');

/** The commands of a section, a block each: what stands in its boxes of `sh`. */
function blocksOf(heading: string): string[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  return Array.from(section.matchAll(/^```sh\n(.*?)^```$/gms), ([, commands = '']) => commands);
}

/** A home with the program on its path, as it is on the machines of the page. */
class Machine {
  readonly home: string;
  /** What the page says, and what it is here. */
  readonly addresses = new Map<string, string>();

  constructor(home: string) {
    this.home = home;
    mkdirSync(join(home, 'bin'), { recursive: true });
    const program = `exec '${process.execPath}' '${join(PROJECT, 'bin', 'ovn.js')}' "$@"\n`;
    writeFileSync(join(home, 'bin', 'ovn'), `#!/bin/sh\n${program}`);
    chmodSync(join(home, 'bin', 'ovn'), 0o755);
  }

  path(...names: string[]): string {
    return join(this.home, ...names);
  }

  /** Runs blocks of the page in one shell that stops at the first failure; what it prints. */
  async run(...blocks: string[]): Promise<string> {
    let commands = blocks.join('\n');
    for (const [there, here] of this.addresses) commands = commands.replaceAll(there, here);
    const env = {
      PATH: `${this.path('bin')}:${process.env['PATH']}`,
      HOME: this.home,
      XDG_STATE_HOME: this.path('state'),
    };
    const shell = spawn('sh', ['-e'], { env, cwd: this.home });
    shell.stdin.end(commands);
    const [stdout, stderr, [code]] = await Promise.all([
      text(shell.stdout),
      text(shell.stderr),
      once(shell, 'close'),
    ]);
    if (code !== 0) throw new Error(`exit code ${code} of\n${commands}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Starts the server of a block, on a port that is free; where its site is. */
  async serve(block: string): Promise<{ program: RunningProgram; url: string }> {
    const [, dir = '', args = ''] = /^cd ~\/(\S+)\novn (serve .*)$/m.exec(block) ?? [];
    const free = args.replace('127.0.0.1:8080', '127.0.0.1:0').split(' ');
    const program = startOvn(free, { cwd: this.path(dir) });
    const [, url = ''] = /at (\S+)\/$/.exec(await program.readLine()) ?? [];
    return { program, url };
  }
}

describe('docs/operating.md', () => {
  const folder = sharedFolder();
  const us = new Machine(join(folder, 'newsroom'));
  const they = new Machine(join(folder, 'mirror'));
  const paper = us.path('paper');

  const ovn = async (line: string) => {
    const result = await runOvn(line.split(' '), { cwd: paper });
    if (result.code !== 0) throw new Error(result.stderr);
    return result.stdout;
  };
  const published = async () =>
    JSON.parse(await ovn('publish --json')) as { publication: string; edition: string };
  /** The sources, as they come back from git. */
  const checkOut = (into: string) => {
    cpSync(us.path('git'), into, { recursive: true });
  };

  beforeAll(async () => {
    mkdirSync(paper);
    await ovn('init . --no-sample --no-passphrase');
    writeSources(join(paper, 'articles'), { 'one.md': sourceOf({ title: 'One' }) });
    await published();
    mkdirSync(us.path('keys'));
    for (const role of ['masthead', 'edition', 'desk', 'log', 'name'])
      await ovn(`key export ${role} -o ${us.path('keys', `${role}.pem`)}`);
    await us.run(...blocksOf('Backup and restore'));
  });

  it('sets up a mirror, and brings a dead newsroom back, by backup and by mirror', {
    timeout: TIMEOUT,
  }, async () => {
    const first = startOvn(['serve', '--http', '127.0.0.1:0', '--no-node'], { cwd: paper });
    await using newsroom = first;
    const [, url = ''] = /at (\S+)\/$/.exec(await newsroom.readLine()) ?? [];
    const [setUp = '', serve = '', sync = '', look = '', ...more] = blocksOf('A mirror in five minutes');
    expect(more).toEqual([]);
    they.addresses.set('https://paper.example', url);
    expect(await they.run(setUp)).toMatch(/current until/);
    const { program, url: mirror } = await they.serve(serve);
    await using _mirror = program;
    expect((await fetch(`${mirror}/`)).status).toBe(200);

    writeSources(join(paper, 'articles'), { 'two.md': sourceOf({ title: 'Two' }) });
    const { edition, publication: id } = await published();
    await ovn('name publish');
    await they.run('cd ~/mirror', sync);
    cpSync(join(paper, 'ovn.json'), us.path('git', 'ovn.json'));
    cpSync(join(paper, 'articles'), us.path('git', 'articles'), { recursive: true });
    newsroom.process.kill('SIGTERM');
    await newsroom.ended;
    rmSync(paper, { recursive: true });

    they.addresses.set('http://127.0.0.1:8080', mirror);
    expect(await they.run(look)).toContain(id);

    us.addresses.set('https://mirror.example', mirror);
    us.addresses.set('ID=bafkrei', `ID=${id}`);
    const [restore = '', recover = '', start = '', again = '', ...rest] = blocksOf('A dead newsroom');
    expect(rest).toEqual([]);
    await us.run(restore);
    checkOut(paper);
    const said = await us.run(restore.replace(/^ovn restore.*$/m, ''), recover);
    expect(said).toContain('edition 2 stands');
    expect(said).toContain(edition);
    await us.run(start);
    checkOut(us.path('again'));
    const without = await us.run(start.replace(/^mkdir.*$/m, ''), again);
    expect(without).toContain('edition 2 stands');
    expect(without).toContain(edition);
  });
});
