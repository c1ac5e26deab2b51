import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/node/gateway/gateway.ts';
import { formatName } from '../../../src/node/names/name.ts';
import { openNode } from '../../../src/node/node.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import type { Repository } from '../../../src/repo/repository.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { correct } from '../../../src/workflows/correct.ts';
import { renderKept } from '../../../src/workflows/mirroring/front-page.ts';
import { heldNames } from '../../../src/workflows/mirroring/held-names.ts';
import { rootsToProvide } from '../../../src/workflows/mirroring/roots-to-provide.ts';
import { NO_DENIALS } from '../../../src/workflows/serving/denials.ts';
import { gatewayEffects } from '../../../src/workflows/serving/gateway-effects.ts';
import { ServedView, type ViewOptions } from '../../../src/workflows/serving/served-view.ts';
import { holdHead, makeMirror } from '../../helpers/held-paper.ts';
import { SOME_ID } from '../../helpers/mirror-server.ts';
import { TestName } from '../../helpers/naming.ts';
import { clockAt, Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const { signal } = new AbortController();

async function paper(...titles: string[]): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/science.md', source({ title: 'Of science' }));
  newsroom.write('articles/sport.md', source({ title: 'Of sport', categories: '[Sport]' }));
  for (const title of titles) newsroom.write(`articles/${title}.md`, source({ title }));
  await newsroom.publish();
  return newsroom;
}

function open(repository: Repository, options: Partial<ViewOptions> = {}): Promise<ServedView> {
  const onDefect = (error: unknown): void => {
    throw error;
  };
  return ServedView.open(repository, { any: false, denials: NO_DENIALS, graceMs: 0, onDefect, ...options });
}

/** All that is in a store and allowed. */
function allowed(view: ServedView, repository: Repository): Set<string> {
  const all = [...repository.blockstore.allMultihashes()];
  const cids = all.map((multihash) => CID.decode(Buffer.concat([Buffer.of(1, 0x70), multihash])));
  return new Set(cids.filter((cid) => view.allows(cid)).map(keyOf));
}

const keyOf = (cid: CID): string => Buffer.from(cid.multihash.bytes).toString('hex');

async function below(roots: readonly string[], repository: Repository): Promise<Set<string>> {
  const found = new Set<string>();
  for (const root of roots) {
    const read = async (cid: CID) => repository.blockstore.getBytes(cid);
    for await (const { cid, bytes } of walkDag(CID.parse(root), read)) {
      if (bytes !== undefined) found.add(keyOf(cid));
    }
  }
  return found;
}

describe('what is served of what is followed', () => {
  it('is all that a whole edition reaches, the next one at once, and the one before for the grace', async () => {
    const newsroom = await paper();
    const mirror = await makeMirror();
    await using view = await open(mirror, { graceMs: 300 });
    expect([...view.followed()]).toEqual([]);
    using other = openRepository(mirror.dir); // as another process
    const first = await holdHead(other, newsroom);
    expect([...view.followed()]).toEqual([[first.publication, first.edition]]);
    expect(allowed(view, mirror)).toEqual(await below([first.edition], mirror));
    expect(allowed(view, mirror).size).toBeGreaterThan(40);
    const { generation } = view;
    newsroom.write('articles/science.md', source({ title: 'Of science' }, 'Anew.\n'));
    await newsroom.publish();
    const second = await holdHead(mirror, newsroom);
    expect(view.allows(CID.parse(second.edition))).toBe(true);
    expect(view.allows(CID.parse(first.edition))).toBe(true);
    expect(view.generation).toBeGreaterThan(generation);
    while (view.allows(CID.parse(first.edition))) await new Promise((resolve) => setTimeout(resolve, 20));
    await view.settled();
    expect(allowed(view, mirror)).toEqual(await below([second.edition], mirror));
    mirror.followed.remove(second.publication);
    while (view.allows(CID.parse(second.edition))) await new Promise((resolve) => setTimeout(resolve, 20));
    await view.settled();
    expect(allowed(view, mirror)).toEqual(new Set());
  });

  it('is the spine block by block and a category with all it reaches, where the rest is not held', async () => {
    const newsroom = await paper();
    const mirror = await makeMirror();
    const { edition, parts, spine } = await holdHead(mirror, newsroom, {
      paths: ['categories/sport', 'masthead'],
    });
    await using view = await open(mirror);
    const spineKeys = new Set(spine.map(({ cid }) => keyOf(cid)));
    expect(allowed(view, mirror)).toEqual(spineKeys.union(await below(parts, mirror)));
    const { cid: science } = await newsroom.link(edition, 'categories/science');
    expect([view.allows(science), view.refusal(science)]).toEqual([false, undefined]);
    // It moves on with what more of the same edition comes.
    await holdHead(mirror, newsroom, {
      paths: ['categories/sport', 'categories/science', 'masthead'],
      at: '2026-01-10T13:00:00Z',
    });
    await view.settled();
    expect(view.allows(science)).toBe(true);
  });

  it('is an older edition that is kept, but for what the newest withholds', async () => {
    const newsroom = await paper();
    const mirror = await makeMirror();
    const first = await holdHead(mirror, newsroom, { keep: 2 });
    await using view = await open(mirror);
    const { cid: gone } = await newsroom.link(first.edition, 'articles/2026/01/05/sport');
    const { cid: text } = await newsroom.link(first.edition, 'articles/2026/01/05/sport/article.json');
    const { cid: page } = await newsroom.link(first.edition, 'articles/2026/01/05/sport.html');
    const { cid: beside } = await newsroom.link(first.edition, 'articles/2026/01/05/science.html');
    const { cid: other } = await newsroom.link(first.edition, 'articles/2026/01/05/science');
    const { cid: front } = await newsroom.link(first.edition, 'index.html');
    expect([text, page].map((cid) => view.allows(cid))).toEqual([true, true]);
    const lock = async () => ({ [Symbol.asyncDispose]: async () => undefined });
    const retraction = {
      kind: 'retraction',
      text: 'No.',
      withhold: true,
      date: undefined,
      dryRun: false,
    } as const;
    await newsroom.use(({ repository, node: { read } }) =>
      correct(
        { what: '2026/01/05/sport', ...retraction },
        { repository, read, now: NOW, clock: clockAt(NOW), lock },
      ),
    );
    await newsroom.publish();
    const second = await holdHead(mirror, newsroom, { keep: 2 });
    await view.settled();
    const roots = [first, second].map(({ edition }) => CID.parse(edition));
    const kept = [...roots, other, front, beside];
    expect(kept.map((cid) => view.allows(cid))).toEqual([true, true, true, true, true]);
    while (view.allows(text)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([gone, text, page, beside].map((cid) => view.allows(cid))).toEqual([false, false, false, true]);
  });

  it('is nothing that is denied, nor what lies below that', async () => {
    const newsroom = await paper();
    const mirror = await makeMirror();
    const { edition } = await holdHead(mirror, newsroom);
    const { cid: sport } = await newsroom.link(edition, 'categories/sport');
    const { cid: page } = await newsroom.link(edition, 'categories/sport/index.html');
    const { cid: bundle } = await newsroom.link(edition, 'articles/2026/01/05/sport');
    const denied = [sport];
    const denials = { ...NO_DENIALS, deniesBlock: (cid: CID) => denied.some((each) => each.equals(cid)) };
    await using view = await open(mirror, { denials });
    expect([sport, page, bundle].map((cid) => view.allows(cid))).toEqual([false, false, true]);
    expect(view.refusal(sport)).toBe('denied');
    denied.push(bundle);
    view.renew();
    await view.settled();
    const { cid: text } = await newsroom.link(edition, 'articles/2026/01/05/sport/article.json');
    expect([bundle, text].map((cid) => view.allows(cid))).toEqual([false, false]);
  });
});

describe('what the DHT is told of', () => {
  it('is a whole edition and its categories, and of a partial one no more than whole categories', async () => {
    const [whole, part] = [await paper(), await paper('More')];
    const mirror = await makeMirror();
    const first = await holdHead(mirror, whole);
    const second = await holdHead(mirror, part, { paths: ['categories/sport', 'masthead'] });
    await using view = await open(mirror);
    const told = new Set(rootsToProvide(mirror, view).map(String));
    const roots = (newsroom: Newsroom, edition: string, ...paths: string[]) =>
      Promise.all(paths.map(async (path) => `${(await newsroom.link(edition, path)).cid}`));
    expect(told).toEqual(
      new Set([
        first.edition,
        ...(await roots(whole, first.edition, 'categories/science', 'categories/sport')),
        ...(await roots(part, second.edition, 'categories/sport')),
      ]),
    );
  });
});

/** What a gateway answers on a mirror. */
async function answering(mirror: Repository, view: ServedView) {
  const node = await openNode(mirror);
  const gateway = createGateway(
    gatewayEffects({
      ...{ repository: mirror, read: node.read, served: view, view, gatewayHosts: [], any: false },
      ...{ routers: [], lookUpTxt: undefined, now: () => NOW },
      onDefect: (error) => {
        throw error;
      },
    }),
  );
  return async (target: string) => {
    const headers = { host: '127.0.0.1:1', accept: 'text/html' };
    const { status, headers: said, body } = await gateway({ method: 'GET', target, headers, signal });
    const pieces: Uint8Array[] = [];
    for await (const piece of body instanceof Uint8Array ? [body] : (body ?? [])) pieces.push(piece);
    const policy = said['content-security-policy'] ?? '';
    return {
      status,
      text: Buffer.concat(pieces).toString(),
      policy,
      root: said['x-ipfs-roots']?.split(',')[0],
    };
  };
}

describe('the site of a machine without a paper', () => {
  it('is that of the one publication that it follows, by its name too, and as its own paper would be', async () => {
    const newsroom = await paper();
    const mirror = await makeMirror();
    await using view = await open(mirror);
    const ask = await answering(mirror, view);
    expect(await ask('/')).toMatchObject({
      status: 200,
      text: expect.stringContaining('Nobody is followed'),
    });
    const holder = new TestName();
    const { edition } = await holdHead(mirror, newsroom, { name: holder.text });
    mirror.names.put(await holder.record(1, `/ipfs/${edition}`, { now: NOW }));
    const front = await ask('/');
    expect(front).toMatchObject({ status: 200, root: edition });
    expect(front.text).toContain('Of sport');
    for (const path of [`/ipns/${holder.text}/`, `/ipfs/${edition}/`]) {
      const page = await ask(path);
      expect(page).toMatchObject({ status: 200, root: edition });
      expect(page.policy).not.toContain('sandbox');
      expect(page.policy).toBe(front.policy);
    }
    expect((await ask('/articles/2026/01/05/sport/')).status).toBe(200);
  });

  it('is a list of several, each at its name as long as that holds, in a sandbox', async () => {
    const mirror = await makeMirror();
    const holder = new TestName();
    const first = await holdHead(mirror, await paper(), { name: holder.text });
    const second = await holdHead(mirror, await paper('<b>'), { paths: ['categories/sport'] });
    mirror.names.put(await holder.record(1, `/ipfs/${first.edition}`, { now: NOW, lifetime: 60_000 }));
    mirror.followed.note(second.publication, {
      checked: '2026-01-11T00:00:00Z',
      problem: { code: 'refused', message: 'it forks', hint: null, at: '2026-01-11T00:00:00Z' },
    });
    await using view = await open(mirror);
    const ask = await answering(mirror, view);
    const { status, text, policy } = await ask('/');
    expect(status).toBe(200);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(text.match(/The Paper/g)).toHaveLength(2);
    expect(text).toContain(`href="/ipns/${holder.text}/"`);
    expect(text).toContain(`href="/ipfs/${second.edition}/"`);
    expect(text).toContain('Current, last confirmed 2026-01-10T12:00:00Z');
    expect(text).toContain('Genuine, last confirmed 2026-01-10T12:00:00Z');
    expect((await ask('/articles/')).status).toBe(404);
    const site = await ask(`/ipns/${holder.text}/`);
    expect(site.policy).toContain('sandbox');
    const choice = { categories: null, maxBytes: null, since: null, keep: 1 };
    const target = 'http://10.1.2.3/';
    mirror.followed.add({
      publication: SOME_ID,
      target,
      name: null,
      places: [],
      choice,
      added: '2026-01-12T00:00:00Z',
    });
    mirror.followed.note(SOME_ID, {
      checked: '2026-01-12T00:00:00Z',
      problem: {
        code: 'incomplete',
        message: `nobody has it; ${target}: refused`,
        hint: null,
        at: '2026-01-12T00:00:00Z',
      },
    });
    const later = renderKept({
      ...{ repository: mirror, now: () => new Date(NOW.getTime() + 120_000) },
      served: { allows: (cid) => cid.toString() !== second.edition },
    }).main;
    expect(later).toContain(`href="/ipfs/${first.edition}/"`);
    expect(later).not.toContain('/ipns/');
    expect(later).not.toContain(second.edition);
    expect(later).toContain('not given out');
    expect(later).toContain(`${SOME_ID}<br>\nNothing of it is held yet<`);
    expect(later).not.toContain('10.1.2.3');
  });
});

describe('the name of a publication that is followed', () => {
  it('leads to the edition that is held, whatever its record says, and no further than its record holds', async () => {
    const newsroom = await paper();
    const mirror = await makeMirror();
    const holder = new TestName();
    const { edition } = await holdHead(mirror, newsroom, { name: holder.text });
    await using view = await open(mirror);
    const elsewhere = `/ipfs/${(await newsroom.link(edition, 'articles')).cid}`;
    mirror.names.put(await holder.record(2, elsewhere, { now: NOW, lifetime: 600_000 }));
    const record = mirror.names.get(holder.name);
    let now = NOW;
    const asked: string[] = [];
    const base = async (path: string) => {
      asked.push(path);
      const to = record?.value ?? '';
      return { path: `${to}/a`, ttl: 300, records: [], steps: [], ...(record && { record }) };
    };
    const effects = { repository: mirror, editions: () => view.followed(), now: () => now };
    const resolve = heldNames(base, effects);
    const path = `/ipns/${formatName(holder.name)}/a`;
    expect(await resolve(path, { signal })).toMatchObject({ path: `/ipfs/${edition}/a`, ttl: 60 });
    expect(asked).toEqual([]);
    const byDomain = await resolve('/ipns/news.example/a', { signal });
    expect(byDomain).toMatchObject({ path: `/ipfs/${edition}/a`, ttl: 60 });
    now = new Date(NOW.getTime() + 700_000);
    expect((await resolve(path, { signal })).path).toBe(`${elsewhere}/a`);
    expect(asked).toEqual(['/ipns/news.example/a', path]);
  });
});
