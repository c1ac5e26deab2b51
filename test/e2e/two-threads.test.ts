import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PublishReport } from '../../src/workflows/publishing/report.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { goldenRepository, GOLDEN_NOW as now } from '../helpers/golden.ts';
import { Newsroom } from '../helpers/newsroom.ts';
import { runOvn } from '../helpers/program.ts';
import { tracesIn } from '../helpers/traces.ts';

/** More than the program makes on one thread, and some that the second one makes while sources are still being read. */
const MANY = 2100;

function writeArticles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < MANY; at++) {
    const day = `2025-${String(1 + (at % 12)).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`;
    const text = `---\ntitle: Article ${at}\ndate: ${day}\nslug: article-${at}\ncategories: [C${at % 5}]\n---\nText [${at}](/x).\n`;
    writeFileSync(join(folder, `${at}.md`), text);
  }
}

describe('a large publication', () => {
  it('has the same CIDs on two threads as on one, and warns in the order of the sources', async () => {
    const dir = await goldenRepository();
    writeArticles(join(dir, 'articles'));
    const secret =
      'title: Zarquon\ndate: 2025-01-01\ncategories: [Quibblery]\npublishAt: 2100-01-01T00:00:00Z';
    writeFileSync(join(dir, 'articles/500-hush.md'), `---\n${secret}\n---\nThe wombat.\n`);
    const twin = join(temporaryFolder(), 'twin');
    cpSync(dir, twin, { recursive: true });
    const alone = await new Newsroom(twin).publish({ now });
    const env = { SOURCE_DATE_EPOCH: String(now.getTime() / 1000) };
    const { code, stdout } = await runOvn(['publish', '--json'], { cwd: dir, env });
    const report = JSON.parse(stdout) as PublishReport;
    expect(code).toBe(0);
    expect(report.articles.length).toBeGreaterThan(MANY);
    expect(report.edition).toBe(alone.edition);
    expect(report.warnings).toEqual(alone.warnings);
    expect(report.warnings.length).toBeGreaterThanOrEqual(MANY);
    expect(report.held).toMatchObject([{ until: '2100-01-01T00:00:00Z' }]);
    const needles = { headline: 'Zarquon', category: 'uibblery', body: 'wombat' };
    expect(tracesIn([join(dir, '.ovn')], dir, needles)).toEqual([]);
  });
});
