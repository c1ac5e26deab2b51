import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { writeWholeFile } from '../../src/workflows/write-folder.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const { signal } = new AbortController();
const bytes = (...parts: string[]): Uint8Array[] => parts.map((part) => Buffer.from(part));

describe('writeWholeFile', () => {
  it('writes what a symbolic link leads to, and leaves the link and the permissions', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'real'), 'old');
    chmodSync(join(dir, 'real'), 0o660);
    symlinkSync('real', join(dir, 'link'));
    await writeWholeFile(join(dir, 'link'), bytes('new', 's'), signal);
    expect(readFileSync(join(dir, 'real'), 'utf8')).toBe('news');
    expect(lstatSync(join(dir, 'link')).isSymbolicLink()).toBe(true);
    expect(statSync(join(dir, 'real')).mode & 0o777).toBe(0o660);
    expect(readdirSync(dir).sort()).toEqual(['link', 'real']);
  });

  it('leaves what was there when it breaks off', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'real'), 'old');
    const broken = (function* () {
      yield Buffer.from('n');
      throw new Error('it broke off');
    })();
    await expect(writeWholeFile(join(dir, 'real'), broken, signal)).rejects.toThrow('it broke off');
    expect(readFileSync(join(dir, 'real'), 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['real']);
  });

  it('writes into a pipe', async () => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    // Read from the start: what nobody reads when the child ends is thrown away.
    const read = text(reader.stdout);
    try {
      await writeWholeFile(pipe, bytes('news'), signal);
      expect(statSync(pipe).isFIFO()).toBe(true);
      expect(await read).toBe('news');
    } finally {
      reader.kill();
    }
  });
});
