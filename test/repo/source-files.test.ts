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

/** A repository whose articles lie in its own folder. */
const of = (dir: string) => ({ dir, articlesDir: dir });

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
    expect(listSources(of(root), [root])).toEqual(names.toSorted());
    expect(listSources(of(root), [join(root, 'a')])).toEqual(['a/b.d/e.md', 'a/b.md', 'a/b/c.md']);
  });

  it('lists each once where paths overlap, in one order', () => {
    const root = folderWith('a/b.md', 'a/c.md', 'd.md');
    const paths = ['d.md', 'a/c.md', 'a', '.'].map((path) => join(root, path));
    expect(listSources(of(root), paths)).toEqual(['a/b.md', 'a/c.md', 'd.md']);
  });

  it('passes over hidden files and folders, and what is no Markdown', () => {
    const root = folderWith('a.md', '.b.md', '.git/c.md', 'd.txt', 'md', 'e.md.bak');
    symlinkSync(root, join(root, 'loop'));
    expect(listSources(of(root), [root])).toEqual(['a.md']);
  });

  it('names what lies outside of the repository by its whole path', () => {
    const root = folderWith('paper/a.md', 'else/b.md');
    expect(listSources(of(join(root, 'paper')), [join(root, 'else')])).toEqual([`${root}/else/b.md`]);
  });

  it('has one name for a file, whatever links lead to the repository, its articles or the file', () => {
    const root = folderWith('paper/a.md', 'paper/deep/b.md', 'vault/texts/c.md');
    symlinkSync(join(root, 'paper'), join(root, 'link'));
    symlinkSync(join(root, 'vault/texts'), join(root, 'paper/articles'));
    const paper = { dir: join(root, 'link'), articlesDir: join(root, 'link/articles') };
    const listed = [
      'paper/a.md',
      'link/a.md',
      'paper/deep',
      'vault/texts/c.md',
      'vault/texts',
      'paper/articles',
    ];
    expect(listed.map((path) => listSources(paper, [join(root, path)]))).toEqual([
      ['a.md'],
      ['a.md'],
      ['deep/b.md'],
      ...['articles/c.md', 'articles/c.md', 'articles/c.md'].map((path) => [path]),
    ]);
    expect(listSources({ ...paper, articlesDir: join(root, 'vault/texts') }, [join(root, 'vault')])).toEqual([
      `${root}/vault/texts/c.md`,
    ]);
  });

  it.each([
    ['is not there', 'none', 'not-found'],
    ['is no Markdown', 'a.txt', 'usage'],
  ])('refuses what %s', (_, name, code) => {
    const root = folderWith('a.txt');
    expect(() => listSources(of(root), [join(root, name)])).toThrow(expect.objectContaining({ code }));
  });
});
