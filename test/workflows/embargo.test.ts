import { describe, expect, it } from 'vitest';
import { correct } from '../../src/workflows/correct.ts';
import { proposePublication } from '../../src/workflows/propose.ts';
import { status } from '../../src/workflows/status.ts';
import { image } from '../helpers/images.ts';
import { clockAt, Newsroom, NOW, reported, source } from '../helpers/newsroom.ts';
import { cidNeedles, type Needles, tracesIn } from '../helpers/traces.ts';

const ID = '2026/01/05/hush';
const MINUTE = 60_000;
const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE);
const moment = (minutes: number): string => later(minutes).toISOString().replace('.000Z', 'Z');
const lock = async () => ({ [Symbol.asyncDispose]: async () => undefined });
const { signal } = new AbortController();
const PICTURE = image('graphic.png');
/** Of its pixels, which no cleaning changes. */
const MIDDLE = PICTURE.subarray(PICTURE.length >> 1, (PICTURE.length >> 1) + 40);

const SECRET = {
  title: 'Zarquon resigns',
  slug: 'hush',
  categories: '[Quibblery]',
  image: 'zarquon.png',
  imageAlt: 'Zarquon leaves.',
  imageCaption: 'The last walk',
  publishAt: moment(60),
};
const BODY = 'The wombat of state, Zarquon, resigned.\n';

/** Everything by which the embargoed article would be known. */
async function needlesOf(newsroom: Newsroom): Promise<Needles> {
  const twin = newsroom.copy();
  const { articles, edition } = await twin.publish({ now: later(61) });
  const cid = articles.find(({ id }) => id === ID)?.cid ?? '';
  const { files } = JSON.parse(await twin.read(edition, `articles/${ID}/article.json`));
  const picture = files.find(({ role }: { role: string }) => role === 'image');
  const page = await twin.link(edition, `articles/${ID}/index.html`);
  return {
    headline: 'Zarquon',
    body: 'wombat',
    category: 'uibblery',
    slug: '/hush',
    caption: 'last walk',
    'name of the picture': 'zarquon',
    picture: MIDDLE,
    ...cidNeedles('bundle', cid),
    ...cidNeedles('media', picture.cid),
    ...cidNeedles('page', page.cid.toString()),
  };
}

async function embargoed(minutes = 60): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/open.md', source({ title: 'Open', slug: 'open' }));
  newsroom.write('articles/hush.md', source({ ...SECRET, publishAt: moment(minutes) }, BODY));
  newsroom.write('articles/zarquon.png', PICTURE);
  return newsroom;
}

describe('an embargoed article', () => {
  it('leaves no trace until its time, and is there then', async () => {
    const newsroom = await embargoed();
    const needles = await needlesOf(newsroom);
    const search = () => tracesIn([newsroom.path('.ovn')], newsroom.dir, needles);
    expect(await newsroom.publish({ dryRun: true })).toMatchObject({ categories: { science: { count: 1 } } });
    await newsroom.publishing((effects) =>
      proposePublication({ paths: [], dryRun: false, allowFuture: true, listUnchanged: true }, [], effects),
    );
    const first = await newsroom.publish({ allowFuture: true });
    expect(first.held).toEqual([
      { source: 'articles/hush.md', reason: `publishAt: ${moment(60)}`, until: moment(60) },
    ]);
    expect(Object.keys(first.categories)).toEqual(['science']);
    expect(search()).toEqual([]);
    expect(await newsroom.publish({ now: later(59) })).toMatchObject({ status: 'unchanged' });
    expect(search()).toEqual([]);

    const second = await newsroom.publish({ now: later(60) });
    expect(second).toMatchObject({ sequence: 2, held: [], clock: null });
    expect(cidNeedles('bundle', reported(second, 'articles/hush.md')?.cid ?? '')).toMatchObject({
      'bundle (text)': needles['bundle (text)'],
    });
    const document = await newsroom.read(second.edition, `articles/${ID}/article.json`);
    expect(JSON.parse(document)).toMatchObject({ datePublished: moment(60), dateModified: moment(60) });
    const found = new Set(search().map((trace) => trace.split(' in ')[0]));
    expect([...found].sort()).toEqual(Object.keys(needles).sort());
    expect((await newsroom.verify(undefined, later(60))).ok).toBe(true);
  });

  it('is not known from the paper’s other commands', async () => {
    const newsroom = await embargoed();
    await newsroom.publish();
    const told = await newsroom.use(({ repository }) =>
      status({ repository, now: NOW, clock: clockAt(NOW), signal, openMirror: undefined, random: () => 0 }),
    );
    expect(told.report.sources?.held).toMatchObject([{ source: 'articles/hush.md', until: moment(60) }]);
    expect(told.report.edition?.sequence).toBe(1);
  });

  it('that is a revision leaves what is published as it is, pictures too', async () => {
    const newsroom = await Newsroom.open();
    const fields = { ...SECRET, title: 'Old words' };
    const { publishAt: _moment, ...open } = fields;
    newsroom.write('articles/hush.md', source(open));
    newsroom.write('articles/zarquon.png', image('moving.png'));
    const first = await newsroom.publish();
    newsroom.write('articles/hush.md', source(SECRET, BODY));
    newsroom.write('articles/zarquon.png', PICTURE);
    const second = await newsroom.publish();
    expect(second).toMatchObject({ status: 'unchanged', edition: first.edition });
    expect(reported(second, 'articles/hush.md')).toMatchObject({ status: 'held', revision: 1 });
    expect(tracesIn([newsroom.path('.ovn')], newsroom.dir, { body: 'wombat', picture: MIDDLE })).toEqual([]);

    const corrected = await newsroom.use(({ repository, node: { read } }) =>
      correct(
        { what: ID, kind: 'correction', text: 'Five.', date: undefined, withhold: false, dryRun: true },
        { repository, read, now: NOW, clock: clockAt(NOW), lock },
      ),
    );
    expect(corrected.held).toEqual({ reason: `publishAt: ${moment(60)}`, until: moment(60) });

    const third = await newsroom.publish({ now: later(60) });
    const document = JSON.parse(await newsroom.read(third.edition, `articles/${ID}/article.json`));
    expect(document).toMatchObject({ revision: 2, datePublished: '2026-01-05', dateModified: moment(60) });
  });

  it('has its moment still when only its bundle is left', async () => {
    const newsroom = await embargoed();
    await newsroom.publish({ now: later(60) });
    newsroom.remove('articles/hush.md');
    await newsroom.use(({ repository, node: { read } }) =>
      correct(
        { what: ID, kind: 'correction', text: 'Five.', date: moment(70), withhold: false, dryRun: false },
        { repository, read, now: later(70), clock: clockAt(later(70)), lock },
      ),
    );
    const { edition } = await newsroom.publish({ now: later(80) });
    expect(JSON.parse(await newsroom.read(edition, `articles/${ID}/article.json`))).toMatchObject({
      revision: 2,
      datePublished: moment(60),
      dateModified: moment(70),
    });
  });
});

describe('a clock that runs ahead', () => {
  const restarted = (minutes: number) => ({ ...clockAt(later(minutes)), uptime: 0, machine: 'other' });

  it('releases nothing, run after run, until somebody says that it is right', async () => {
    const newsroom = await embargoed(90);
    await newsroom.publish();
    newsroom.write('articles/more.md', source({ title: 'More', slug: 'more' }));
    const clock = restarted(24 * 60);
    const ahead = await newsroom.publish({ clock });
    expect(ahead).toMatchObject({ status: 'published', sequence: 2, held: [{ until: moment(90) }] });
    expect(ahead.clock).toEqual({ last: moment(0), now: moment(24 * 60), sources: ['articles/hush.md'] });
    expect((await newsroom.publish({ clock })).clock).toEqual(ahead.clock);
    const asked: unknown[] = [];
    const confirm = (answer: boolean) => async (doubt: unknown) => {
      asked.push(doubt);
      return answer;
    };
    expect((await newsroom.publish({ clock: { ...clock, confirm: confirm(false) } })).clock).not.toBeNull();
    const released = await newsroom.publish({ clock: { ...clock, confirm: confirm(true) } });
    expect(released).toMatchObject({ clock: null, held: [], sequence: 3 });
    expect(asked).toEqual([ahead.clock, ahead.clock]);
    newsroom.write('articles/again.md', source({ slug: 'again', publishAt: moment(24 * 60 + 5) }));
    expect(await newsroom.publish({ clock: restarted(24 * 60 + 6) })).toMatchObject({
      clock: null,
      held: [],
    });
  });

  it('is not believed for what is embargoed later, where there was nothing to release', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/open.md', source());
    await newsroom.publish();
    await newsroom.publish({ clock: restarted(24 * 60) });
    newsroom.write('articles/hush.md', source({ slug: 'hush', publishAt: moment(90) }));
    expect((await newsroom.publish({ clock: restarted(24 * 60) })).clock).not.toBeNull();
  });

  it('is not believed either where an earlier program noted none', async () => {
    const newsroom = await embargoed(90);
    await newsroom.publish();
    await newsroom.use(({ repository }) => repository.meta.remove('clock'));
    for (const more of ['more', 'still']) {
      newsroom.write(`articles/${more}.md`, source({ slug: more }));
      const report = await newsroom.publish({ now: later(24 * 60), clock: restarted(24 * 60) });
      expect(report).toMatchObject({ status: 'published', clock: { last: moment(0) } });
    }
  });

  it('is one that was set while the machine ran, and none that was waited for', async () => {
    const newsroom = await embargoed(90);
    await newsroom.publish();
    const set = { ...clockAt(later(24 * 60)), uptime: later(10).getTime() };
    expect((await newsroom.publish({ clock: set })).clock).not.toBeNull();
    expect(await newsroom.publish({ now: later(24 * 60) })).toMatchObject({ clock: null, held: [] });
  });

  it('within the hour is taken for right, and one behind releases nothing', async () => {
    const newsroom = await embargoed();
    await newsroom.publish();
    expect(await newsroom.publish({ clock: clockAt(later(-600)), now: later(600) })).toMatchObject({
      clock: null,
      held: [{ until: moment(60) }],
    });
    await newsroom.publish();
    expect((await newsroom.publish({ clock: restarted(60) })).held).toEqual([]);
  });
});
