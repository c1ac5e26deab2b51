import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTogether } from '../../src/workflows/newsroom/write-together.ts';
import { temporaryFolder } from '../helpers/folder.ts';

describe('writeTogether', () => {
  it('writes nothing over what somebody saved in the meantime, and gives the others their text back', () => {
    const [first, second] = ['a.md', 'b.md'].map((name) => join(temporaryFolder(), name)) as [string, string];
    writeFileSync(first, 'one');
    writeFileSync(second, 'saved by an editor');
    const changes = [
      { file: first, before: 'one', after: 'eins' },
      { file: second, before: 'two', after: 'zwei' },
    ];
    expect(() => writeTogether(changes)).toThrow(expect.objectContaining({ code: 'exists' }));
    expect([first, second].map((file) => readFileSync(file, 'utf8'))).toEqual(['one', 'saved by an editor']);
    writeFileSync(second, 'two');
    writeTogether(changes);
    expect([first, second].map((file) => readFileSync(file, 'utf8'))).toEqual(['eins', 'zwei']);
  });
});
