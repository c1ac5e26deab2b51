import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { optionsOf } from '../helpers/options.ts';
import { PROJECT } from '../helpers/program.ts';

const UNITS = join(PROJECT, 'deploy', 'systemd');
const names = readdirSync(UNITS);
const read = (name: string): string => readFileSync(join(UNITS, name), 'utf8');
const services = names.filter((name) => name.endsWith('.service'));

/** Assignments of a unit, as `Section.Name=value`; lines that go on are one. */
function assignmentsOf(text: string): string[] {
  let section = '';
  return text
    .replaceAll('\\\n', '')
    .split('\n')
    .flatMap((line) => {
      const [, head] = /^\[(\w+)\]$/.exec(line) ?? [];
      if (head !== undefined) section = head;
      return head !== undefined || line === '' || line.startsWith('#') ? [] : [`${section}.${line}`];
    });
}

/** Calls of the program in a unit, also those that are commented out, without `ovn`. */
function callsOf(text: string): string[][] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  return lines.flatMap((line) => {
    const [, call] = /^#?ExecStart=.*?\/usr\/local\/bin\/ovn (.*)$/.exec(line) ?? [];
    return call === undefined ? [] : [call.replace(/"$/, '').split(/\s+/)];
  });
}

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('units of systemd', () => {
  it.each(services)('%s calls the program with options that it has', async (name) => {
    const calls = callsOf(read(name));
    expect(calls).not.toEqual([]);
    for (const [command = '', ...args] of calls) {
      const known = await optionsOf(command);
      for (const option of args.filter((arg) => arg.startsWith('--'))) expect(known).toContain(option);
    }
  });

  it.each(services)('%s is hardened, and runs as nobody else', (name) => {
    expect(assignmentsOf(read(name))).toEqual(
      expect.arrayContaining([
        'Service.User=ovn',
        'Service.ProtectSystem=strict',
        'Service.NoNewPrivileges=true',
        'Service.CapabilityBoundingSet=',
        'Service.SystemCallFilter=@system-service',
      ]),
    );
  });

  const SIGNING = /\/usr\/local\/bin\/ovn (?:publish|push)|serve --repo \/var\/lib\/ovn\/paper/;

  it('whatever signs says how it gets a passphrase, and the page names it', () => {
    const page = readFileSync(join(PROJECT, 'docs', 'operating.md'), 'utf8');
    const signing = services.filter((name) => SIGNING.test(read(name)));
    expect(signing).toHaveLength(4);
    const [, edited = ''] = /`systemctl edit ((?:ovn-\w+ ){2,}ovn-\w+)`/.exec(page) ?? [];
    expect(edited.split(' ').toSorted()).toEqual(
      signing.map((name) => name.replace('.service', '')).toSorted(),
    );
    for (const name of signing) {
      const given = read(name).match(/^#(?:LoadCredential|Environment)=.*passphrase$/gm) ?? [];
      expect(given, name).toHaveLength(2);
      for (const line of given) expect(page).toContain(`    ${line.slice(1)}\n`);
    }
  });

  it.each(names.filter((name) => name.endsWith('.timer')))('%s starts a service that is there', (name) => {
    expect(services).toContain(name.replace('.timer', '.service'));
    expect(assignmentsOf(read(name))).toContainEqual(expect.stringMatching(/^Timer\.OnCalendar=/));
  });

  it.skipIf(!hasAnalyze)('nothing in them is unknown to systemd', () => {
    const folder = temporaryFolder();
    for (const name of names) {
      const text = read(name).replaceAll('/usr/local/bin/ovn', join(PROJECT, 'deploy', 'ovn'));
      writeFileSync(join(folder, name), text);
    }
    const units = names.filter((name) => /\.(?:service|timer)$/.test(name)).map((name) => join(folder, name));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

it('the script that starts the program is one for sh', () => {
  for (const script of ['ovn', 'container-ovn']) execFileSync('sh', ['-n', join(PROJECT, 'deploy', script)]);
});
