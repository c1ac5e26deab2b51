import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  copyTo,
  makeIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

const BOMB = `title: &a [x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c]`;

/** Sources that nobody could publish, each as it is put into the folder of articles, and what is said of it. */
const BAD: Record<string, { make: (articles: string) => void; said: RegExp }> = {
  'a binary file': {
    make: (articles) =>
      writeFileSync(join(articles, 'bad.md'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe, 10])),
    said: /^articles\/bad\.md:1: error: expected UTF-8/m,
  },
  'bytes that are not UTF-8 in its third line': {
    make: (articles) =>
      writeFileSync(
        join(articles, 'bad.md'),
        Buffer.concat([Buffer.from('---\ntitle: x\ndate: '), Buffer.from([0xff, 10])]),
      ),
    said: /^articles\/bad\.md:3: error: expected UTF-8/m,
  },
  'a byte more than a mebibyte': {
    make: (articles) => {
      const head = sourceOf({ title: 'Long', body: '' });
      writeFileSync(join(articles, 'bad.md'), head + 'x'.repeat(1024 * 1024 + 1 - head.length));
    },
    said: /^articles\/bad\.md:1: error: .*1048577 bytes/m,
  },
  'a loop of links': {
    make: (articles) => symlinkSync('bad.md', join(articles, 'bad.md')),
    said: /^articles\/bad\.md:1: error: there is no file articles\/bad\.md/m,
  },
  'a link to nothing': {
    make: (articles) => symlinkSync('nowhere', join(articles, 'bad.md')),
    said: /^articles\/bad\.md:1: error: there is no file articles\/bad\.md/m,
  },
  'a file that fails when it is read': {
    make: (articles) => symlinkSync('/proc/self/mem', join(articles, 'bad.md')),
    said: /^articles\/bad\.md:1: error: .*bad\.md cannot be read \(EIO\)/m,
  },
  'a pipe': {
    make: (articles) => execFileSync('mkfifo', [join(articles, 'bad.md')]),
    said: /^articles\/bad\.md:1: error: articles\/bad\.md is not a file/m,
  },
  'a device': {
    make: (articles) => symlinkSync('/dev/zero', join(articles, 'bad.md')),
    said: /^articles\/bad\.md:1: error: articles\/bad\.md is not a file/m,
  },
  'a YAML bomb': {
    make: (articles) => writeFileSync(join(articles, 'bad.md'), `---\n${BOMB}\n---\n`),
    said: /^articles\/bad\.md:\d+: error: .*(alias|anchor)/m,
  },
  'a picture that is a pipe': {
    make: (articles) => {
      execFileSync('mkfifo', [join(articles, 'picture.png')]);
      writeFileSync(join(articles, 'bad.md'), sourceOf({ title: 'Bad', body: '![A pipe](picture.png)\n' }));
    },
    said: /^articles\/bad\.md:6: error: .*picture\.png is not a file/m,
  },
  'a picture that is a loop of links': {
    make: (articles) => {
      symlinkSync('picture.png', join(articles, 'picture.png'));
      writeFileSync(join(articles, 'bad.md'), sourceOf({ title: 'Bad', body: '![A loop](picture.png)\n' }));
    },
    said: /^articles\/bad\.md:6: error: there is no file articles\/picture\.png/m,
  },
  'a picture that is text': {
    make: (articles) => {
      writeFileSync(join(articles, 'picture.png'), 'This is no picture.');
      writeFileSync(join(articles, 'bad.md'), sourceOf({ title: 'Bad', body: '![Text](picture.png)\n' }));
    },
    said: /^articles\/bad\.md:6: error: .*picture\.png/m,
  },
  'a picture that is not there': {
    make: (articles) =>
      writeFileSync(join(articles, 'bad.md'), sourceOf({ title: 'Bad', body: '![Gone](picture.png)\n' })),
    said: /^articles\/bad\.md:6: error: .*picture\.png/m,
  },
};

describe('a source that cannot be published', () => {
  const folder = sharedFolder();
  let template: string;
  let published: Published;

  beforeAll(async () => {
    template = await makeIn(folder, { 'good.md': sourceOf() });
    published = await publishIn(template);
    writeSources(join(template, 'articles'), { 'new.md': sourceOf({ title: 'New' }) });
  });

  it.each(Object.entries(BAD))(
    'because it is %s is named, and nothing is published',
    async (_, { make, said }) => {
      const dir = copyTo(folder, template);
      make(join(dir, 'articles'));
      const before = readFileSync(join(dir, '.ovn/ovn.db'));
      const { code, stdout, stderr } = await runOvn(['publish'], { cwd: dir, env: CLOCK });
      expect(stderr).toMatch(said);
      expect(stderr).toMatch(/^ovn: 1 source has errors; nothing was published$/m);
      expect(stderr).not.toMatch(/unexpected|\n\s+at /);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(readFileSync(join(dir, '.ovn/ovn.db')).equals(before)).toBe(true);
    },
  );

  it('is named with every other one, in JSON too', async () => {
    const dir = copyTo(folder, template);
    writeSources(join(dir, 'articles'), {
      'bad.md': '---\ntitle: x\n---\n',
      'worse.md': 'no front matter\n',
    });
    const { code, stdout } = await runOvn(['publish', '--json'], { cwd: dir, env: CLOCK });
    const { error } = JSON.parse(stdout) as {
      error: { code: string; message: string; findings: { file: string; line: number }[] };
    };
    expect(code).toBe(1);
    expect(error).toMatchObject({ code: 'source', message: '2 sources have errors; nothing was published' });
    expect(new Set(error.findings.map(({ file }) => file))).toEqual(
      new Set(['articles/bad.md', 'articles/worse.md']),
    );
  });

  it('is one that may not be read', () => {
    const dir = copyTo(folder, template);
    writeFileSync(join(dir, 'articles/bad.md'), sourceOf({ title: 'Bad' }));
    chmodSync(join(dir, 'articles/bad.md'), 0);
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    if ('uid' in nobody) giveTo(dir, nobody.uid);
    chmodSync(folder, 0o755);
    const args = [join(PROJECT, 'bin/ovn.js'), 'publish'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: dir,
      env: CLOCK,
      encoding: 'utf8',
      ...nobody,
    });
    expect(stderr).toMatch(/^articles\/bad\.md:1: error: articles\/bad\.md cannot be read/m);
    expect(status).toBe(1);
  });

  it('is none that lies in a folder called like one', async () => {
    const dir = copyTo(folder, template);
    mkdirSync(join(dir, 'articles/folder.md'));
    writeSources(join(dir, 'articles/folder.md'), { 'inside.md': sourceOf({ title: 'Inside' }) });
    const { articles, sequence } = await publishIn(dir);
    expect(articles.map(({ id }) => id.slice(11))).toEqual(['inside', 'good', 'new']);
    expect(sequence).toBe(published.sequence + 1);
  });

  it('leaves no file behind', () => {
    expect(readdirSync(join(template, '.ovn')).sort()).toEqual([
      '.gitignore',
      'keys',
      'ovn.db',
      'publish.lock',
    ]);
  });
});

describe('names that every object has', () => {
  const folder = sharedFolder();

  it('are slugs and categories like others, in every command', async () => {
    const names = ['constructor', 'prototype', 'valueof'];
    const dir = await makeIn(
      folder,
      Object.fromEntries(
        names.map((name) => [
          `${name}.md`,
          sourceOf({ title: name, categories: [name, '__proto__', 'toString'] }),
        ]),
      ),
    );
    const { categories, articles } = await publishIn(dir);
    expect(Object.keys(categories).sort()).toEqual([
      'constructor',
      'proto',
      'prototype',
      'tostring',
      'valueof',
    ]);
    expect(articles).toHaveLength(3);
    for (const args of [['show'], ['get'], ['verify'], ['pin', 'add'], ['list', '--category']]) {
      const { code, stderr } = await runOvn([...args, 'constructor'], { cwd: dir, env: CLOCK });
      expect(code, `${args}: ${stderr}`).toBe(0);
    }
    expect((await runOvn(['check'], { cwd: dir, env: CLOCK })).code).toBe(0);
    expect((await runOvn(['verify'], { cwd: dir, env: CLOCK })).code).toBe(0);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    '%s is nothing where nothing is called so',
    async (name) => {
      const dir = await makeIn(folder, { 'a.md': sourceOf() });
      await publishIn(dir);
      for (const args of [
        ['show'],
        ['get'],
        ['verify'],
        ['pin', 'add'],
        ['pin', 'rm'],
        ['list', '--category'],
      ]) {
        const { code, stderr } = await runOvn([...args, name], { cwd: dir, env: CLOCK });
        expect(code, `${args}`).toBe(1);
        expect(stderr).not.toMatch(/unexpected|\n\s+at /);
      }
    },
  );

  it('are one category where ovn.json does not decide, and two names of it are an error', async () => {
    const dir = await makeIn(folder, {
      'a.md': sourceOf({ title: 'A', categories: ['constructor'] }),
      'b.md': sourceOf({ title: 'B', categories: ['Constructor'] }),
    });
    const refused = await runOvn(['publish'], { cwd: dir, env: CLOCK });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the category');
    const settings = JSON.parse(readFileSync(join(dir, 'ovn.json'), 'utf8')) as object;
    writeFileSync(
      join(dir, 'ovn.json'),
      JSON.stringify({ ...settings, categories: { constructor: 'Builders' } }),
    );
    expect((await publishIn(dir)).categories['constructor']).toMatchObject({ name: 'Builders', count: 2 });
    expect(readJson(await runOvn(['list', '--json'], { cwd: dir }))).toHaveLength(2);
  });
});

function giveTo(path: string, uid: number): void {
  chownSync(path, uid, uid);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    chownSync(join(entry.parentPath, entry.name), uid, uid);
}
