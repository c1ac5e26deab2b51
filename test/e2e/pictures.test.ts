import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { invalid } from '../helpers/html-validity.ts';
import { cutShort, PHOTO, turned } from '../helpers/pictures.ts';
import { makeRepository, PROJECT } from '../helpers/program.ts';
import { CLOCK, publishIn, sourceOf } from './support.ts';

const ID = '2025/07/07/boats';
const LEAD = ['image: lead.jpg', 'imageAlt: A boat', 'imageCredit: M. L.'];

/** What every picture of a page offers, below the folder of the page. */
function sourcesIn(page: string): string[] {
  const html = readFileSync(page, 'utf8');
  expect(invalid(html)).toEqual([]);
  const lists = [...html.matchAll(/ srcset="([^"]*)"/g)].map(([, list = '']) => list.split(', '));
  expect(lists.map((list) => list.map((each) => each.split(' ')[1]))).toEqual([
    ['480w', '800w', '1200w'],
    ['480w', '675w'],
  ]);
  return lists.flat().map((each) => join(dirname(page), each.split(' ')[0] ?? ''));
}

describe('pictures', () => {
  it('come in several sizes, which every page and verifier finds, and what is none is refused', async () => {
    await using repository = await makeRepository({
      articles: {
        'boats.md': sourceOf({ title: 'Boats', lines: LEAD, body: '![The same, on its side](side.jpg)\n' }),
      },
    });
    const articles = join(repository.dir, 'articles');
    writeFileSync(join(articles, 'lead.jpg'), PHOTO);
    writeFileSync(join(articles, 'side.jpg'), cutShort(PHOTO, 20_000));
    const refused = await repository.run(['publish']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^articles\/boats\.md:9: error: side\.jpg: .*cannot be decoded/m);
    writeFileSync(join(articles, 'side.jpg'), turned(PHOTO, 8));
    const dry = await repository.run(['publish', '--json', '--dry-run']);
    const published = await publishIn(repository.dir);
    expect(JSON.parse(dry.stdout).articles).toEqual(published.articles);
    const out = join(repository.dir, 'out');
    await repository.run(['get', published.edition, '--format', 'dir', '-o', out]);
    for (const page of [`${ID}.html`, `${ID}/index.html`]) {
      const files = sourcesIn(join(out, 'articles', page));
      expect(files.filter((file) => !existsSync(file))).toEqual([]);
      expect(new Set(files).size).toBe(5);
    }
    const verdict = await repository.run(['verify', ID], { env: CLOCK });
    expect(verdict).toMatchObject({ code: 0, stdout: expect.stringContaining('7 files, each as') });
    await repository.run(['export', ID, '-o', 'boats.car']);
    const verifier = join(PROJECT, 'docs/examples/verify.js');
    const said = execFileSync(process.execPath, [verifier, 'boats.car'], { cwd: repository.dir });
    expect(said.toString()).toContain(`genuine: ${ID}`);
  });
});
