import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSources } from '../../src/repo/source-files.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** A folder with empty files of these names. */
function folderWith(...names: string[]): string {
  const root = temporaryFolder();
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), '');
  }
  return root;
}

describe('listSources', () => {
  it('lists in the order of paths, whatever folders are called', () => {
    const names = [
      'a.md',
      'a/b.md',
      'a/b/c.md',
      'a-b/c.md',
      'a b.md',
      'a0.md',
      'ä.md',
      'Z.MARKDOWN',
      'a/b.d/e.md',
    ];
    const root = folderWith(...names);
    expect(listSources(root, [root])).toEqual(names.toSorted());
    expect(listSources(root, [join(root, 'a')])).toEqual(['a/b.d/e.md', 'a/b.md', 'a/b/c.md']);
  });

  it('lists each once where paths overlap, in one order', () => {
    const root = folderWith('a/b.md', 'a/c.md', 'd.md');
    const paths = ['d.md', 'a/c.md', 'a', '.'].map((path) => join(root, path));
    expect(listSources(root, paths)).toEqual(['a/b.md', 'a/c.md', 'd.md']);
  });

  it('passes over hidden files and folders, and what is no Markdown', () => {
    const root = folderWith('a.md', '.b.md', '.git/c.md', 'd.txt', 'md', 'e.md.bak');
    symlinkSync(root, join(root, 'loop'));
    expect(listSources(root, [root])).toEqual(['a.md']);
  });

  it('names what lies outside of the repository by its whole path', () => {
    const root = folderWith('paper/a.md', 'else/b.md');
    expect(listSources(join(root, 'paper'), [join(root, 'else')])).toEqual([`${root}/else/b.md`]);
  });

  it.each([
    ['is not there', 'none', 'not-found'],
    ['is no Markdown', 'a.txt', 'usage'],
  ])('refuses what %s', (_, name, code) => {
    const root = folderWith('a.txt');
    expect(() => listSources(root, [join(root, name)])).toThrow(expect.objectContaining({ code }));
  });
});
