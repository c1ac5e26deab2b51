import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCode, writeCode } from '../../src/cli/code-cache.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const CODE = { data: Buffer.from('what V8 made'), runs: ['init', 'publish', '', 'publish'] };

describe('a code cache', () => {
  it('comes back as it was written, in place of what was there, and is nobody else’s to read', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.code');
    writeCode(path, { data: Buffer.from('older'), runs: ['init'] });
    writeCode(path, CODE);
    expect(readCode(path)).toEqual(CODE);
    expect(readdirSync(folder)).toEqual(['a.code']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is none where a byte is another, or missing, or too many', () => {
    const path = join(temporaryFolder(), 'a.code');
    expect(readCode(path)).toBeUndefined();
    writeCode(path, CODE);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      writeFileSync(path, flipped);
      expect(readCode(path)).toBeUndefined();
      writeFileSync(path, whole.subarray(0, at));
      expect(readCode(path)).toBeUndefined();
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
    expect(readCode(path)).toBeUndefined();
    writeCode(path, { ...CODE, data: Buffer.alloc(32 * 1024 * 1024) });
    expect(readCode(path)).toBeUndefined();
  });

  it('takes the place of those that were written long ago, and of no other file', () => {
    const folder = temporaryFolder();
    for (const name of ['old.code', 'other', 'young.code']) writeFileSync(join(folder, name), '');
    const longAgo = Date.now() / 1000 - 31 * 24 * 60 * 60;
    for (const name of ['old.code', 'other']) utimesSync(join(folder, name), longAgo, longAgo);
    writeCode(join(folder, 'new.code'), CODE);
    expect(readdirSync(folder).sort()).toEqual(['new.code', 'other', 'young.code']);
  });

  it('is done without where it cannot be written', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    for (const path of [join(folder, 'gone', 'a.code'), join(folder, 'file', 'a.code')])
      writeCode(path, CODE);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  // Whoever listens first is called first: the cache is made when it was loaded, and the flags change later.
  it('is made under the flags of V8 that the next process has', () => {
    const heap = new URL('../../src/cli/steady-heap.ts', import.meta.url).href;
    const script = `
      import { Script } from 'node:vm';
      import { stopYoungGrowth } from '${heap}';
      const mark = () => new Script('0').createCachedData();
      const before = mark();
      process.once('exit', () => console.log(mark().equals(before)));
      stopYoungGrowth();
      stopYoungGrowth();
      console.log(mark().equals(before));
    `;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(printed).toBe('false\ntrue\n');
  });
});
