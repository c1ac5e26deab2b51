import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PublishReport } from '../../src/workflows/publishing/report.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { image } from '../helpers/images.ts';
import { source } from '../helpers/newsroom.ts';
import { makeRepository } from '../helpers/program.ts';
import { cidNeedles, tracesIn } from '../helpers/traces.ts';
import { tamper } from './support.ts';

const PICTURE = image('graphic.png');
const NEEDLES = {
  headline: 'Zarquon',
  body: 'wombat',
  category: 'uibblery',
  slug: '05/hush',
  picture: PICTURE.subarray(PICTURE.length >> 1, (PICTURE.length >> 1) + 40),
};
const publishedIn = (line: string): PublishReport => JSON.parse(line) as PublishReport;

function hush(moment: Date): string {
  const fields = { title: 'Zarquon resigns', categories: '[Quibblery]', image: 'p.png', imageAlt: 'Zarquon' };
  return source({ ...fields, publishAt: moment.toISOString() }, 'The wombat of state.\n');
}

describe('publish --watch', () => {
  it('publishes what changes, keeps an embargoed article off the disk, and releases it at its moment', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': source({ slug: 'a' }) } });
    const { dir } = repository;
    const [temp, state] = [temporaryFolder(), temporaryFolder()];
    const env = { TMPDIR: temp, XDG_STATE_HOME: state, SOURCE_DATE_EPOCH: '4102444800' };
    const search = () => tracesIn([join(dir, '.ovn'), temp, state], dir, NEEDLES);
    await using watch = repository.start(['publish', '--watch', '--json'], { env });
    expect(publishedIn(await watch.readLine())).toMatchObject({ sequence: 1, held: [] });

    const moment = new Date(Math.ceil(Date.now() / 1000) * 1000 + 6000);
    writeFileSync(join(dir, 'articles/p.png'), PICTURE);
    writeFileSync(join(dir, 'articles/hush.md'), hush(moment));
    mkdirSync(join(dir, 'articles/deep'));
    writeFileSync(join(dir, 'articles/deep/b.md'), source({ slug: 'b' }));
    const second = publishedIn(await watch.readLine());
    const until = `${moment.toISOString().slice(0, 19)}Z`;
    expect(second).toMatchObject({ sequence: 2, held: [{ source: 'articles/hush.md', until }] });
    expect((await repository.run(['publish', '--dry-run'], { env })).code).toBe(0);
    const listed = await repository.run(['list', '--held', '--json'], { env });
    expect(JSON.parse(listed.stdout)).toMatchObject([{ source: 'articles/hush.md', until }]);
    const traces = search();
    expect(Date.now()).toBeLessThan(moment.getTime());
    expect(traces).toEqual([]);

    const third = publishedIn(await watch.readLine());
    expect(Date.now()).toBeGreaterThanOrEqual(moment.getTime());
    expect(third).toMatchObject({ sequence: 3, held: [], clock: null });
    const [released] = third.articles.filter(({ status }) => status === 'published');
    expect(released?.source).toBe('articles/hush.md');
    expect(tracesIn([], dir, cidNeedles('cid', released?.cid ?? '')).length).toBeGreaterThan(0);

    // Settings that are being edited do not end it.
    const settings = readFileSync(join(dir, 'ovn.json'));
    writeFileSync(join(dir, 'ovn.json'), settings.subarray(0, 20));
    writeFileSync(join(dir, 'articles/c.md'), source({ slug: 'c' }));
    expect(JSON.parse(await watch.readLine())).toMatchObject({ error: { code: 'malformed' } });
    writeFileSync(join(dir, 'ovn.json'), settings);
    writeFileSync(join(dir, 'articles/d.md'), source({ slug: 'd' }));
    expect(publishedIn(await watch.readLine())).toMatchObject({ sequence: 4 });
    watch.process.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('publish where the clock ran ahead', () => {
  it('waits with exit 3 where nobody can be asked, and believes who says that it is right', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': source({ slug: 'a' }) } });
    const { dir } = repository;
    const first = await repository.run(['publish', '--json']);
    expect(first.code).toBe(0);
    const ago = Date.now() - 7_200_000;
    tamper(dir, "UPDATE meta SET value = ? WHERE key = 'clock'", `${ago} 0 another machine`);
    writeFileSync(join(dir, 'articles/p.png'), PICTURE);
    writeFileSync(join(dir, 'articles/hush.md'), hush(new Date(Date.now() - 60_000)));
    const { code, stdout, stderr } = await repository.run(['publish']);
    expect([code, stdout]).toEqual([3, expect.stringContaining('Nothing has changed')]);
    expect(stderr).toMatch(/the clock says .*hush\.md\n.*publish --clock-is-right releases them/);
    expect(tracesIn([join(dir, '.ovn')], dir, NEEDLES)).toEqual([]);
    // Of a watch, who started it said so of that moment and not of all that come.
    await using watch = repository.start(['publish', '--watch', '--clock-is-right', '--json']);
    expect(publishedIn(await watch.readLine())).toMatchObject({ sequence: 2, held: [], clock: null });
    tamper(dir, "UPDATE meta SET value = ? WHERE key = 'clock'", `${ago} 0 another machine`);
    writeFileSync(
      join(dir, 'articles/late.md'),
      source({ slug: 'late', publishAt: new Date(Date.now() - 60_000).toISOString() }),
    );
    writeFileSync(join(dir, 'articles/b.md'), source({ slug: 'b' }));
    const third = publishedIn(await watch.readLine());
    expect(third).toMatchObject({ sequence: 3, clock: { sources: ['articles/late.md'] } });
    const released = await repository.run(['publish', '--clock-is-right', '--json']);
    expect([released.code, JSON.parse(released.stdout).sequence]).toEqual([0, 4]);
  });
});
