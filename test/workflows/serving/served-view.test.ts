import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../../src/repo/open-repository.ts';
import type { Repository } from '../../../src/repo/repository.ts';
import { resolvePath } from '../../../src/unixfs/directory.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { correct } from '../../../src/workflows/correct.ts';
import { addPin, removePin } from '../../../src/workflows/pin.ts';
import { NO_DENIALS } from '../../../src/workflows/serving/denials.ts';
import { ServedView, type ViewOptions } from '../../../src/workflows/serving/served-view.ts';
import { WithheldBlocks } from '../../../src/workflows/serving/withheld-blocks.ts';
import { withoutWithheld } from '../../../src/workflows/withheld.ts';
import { image } from '../../helpers/images.ts';
import { clockAt, Newsroom, NOW, source } from '../../helpers/newsroom.ts';

function open(repository: Repository, options: Partial<ViewOptions> = {}): Promise<ServedView> {
  const onDefect = (error: unknown): void => {
    throw error;
  };
  return ServedView.open(repository, { any: false, denials: NO_DENIALS, graceMs: 0, onDefect, ...options });
}

/** What a view should allow, found in the plainest way: what the roots reach, without withheld bundles, their texts and their pages. */
async function reachable(repository: Repository): Promise<Set<string>> {
  const head = repository.head();
  const roots = head === undefined ? [] : [head.edition, ...repository.formerEditions(head.sequence)];
  for (const { cid } of repository.pins.list()) roots.push(cid);
  const withheld = new Set(repository.articles.withheld().map(({ cid }) => cid));
  const found = new Set<string>();
  const read = async (cid: CID) => repository.blockstore.getBytes(cid);
  for (const { id, cid } of repository.articles.withheld()) {
    for (const root of roots) {
      const at = (path: string) => resolvePath(CID.parse(root), path.split('/'), read);
      if (`${(await at(`articles/${id}`))?.cid}` === cid)
        withheld.add(`${(await at(`articles/${id}.html`))?.cid}`);
    }
  }
  for (const root of roots) {
    const skip = (cid: CID): boolean => withheld.has(cid.toString());
    for await (const { cid } of walkDag(CID.parse(root), read, { skip })) found.add(hex(cid));
  }
  return found;
}

function hex(cid: CID): string {
  return Buffer.from(cid.multihash.bytes).toString('hex');
}

function allowed(view: ServedView, repository: Repository): Set<string> {
  const found = new Set<string>();
  for (const multihash of repository.blockstore.allMultihashes()) {
    const cid = CID.decode(Buffer.concat([Buffer.of(1, 0x70), multihash]));
    if (view.allows(cid)) found.add(hex(cid));
  }
  return found;
}

const NAMES = ['a', 'b', 'c'] as const;
type Name = (typeof NAMES)[number];
const PICTURES = { a: 'moving.png', b: 'photo.jpg', c: 'photo.webp' };

/** What other processes do: each with a connection of its own. */
class Others {
  readonly newsroom: Newsroom;
  readonly #edits = new Map<string, number>();
  readonly #retracted = new Set<string>();

  constructor(newsroom: Newsroom) {
    this.newsroom = newsroom;
  }

  async publish(name: Name): Promise<void> {
    if (this.#retracted.has(name)) return;
    const edit = (this.#edits.get(name) ?? 0) + 1;
    this.#edits.set(name, edit);
    const body = `Text ${edit} of ${name}.\n\n![Shared](shared.png)\n\n![Own](${PICTURES[name]})\n`;
    this.newsroom.write(`articles/${name}.md`, source({}, body));
    await this.newsroom.publish();
  }

  async withhold(name: Name): Promise<void> {
    if (this.#retracted.has(name) || !this.#edits.has(name)) return;
    this.#retracted.add(name);
    const what = `2026/01/05/${name}`;
    const options = {
      what,
      kind: 'retraction',
      text: 'No.',
      withhold: true,
      date: undefined,
      dryRun: false,
    } as const;
    await this.newsroom.use(({ repository, node }) =>
      correct(options, { repository, read: node.read, now: NOW, clock: clockAt(NOW), lock }),
    );
    await this.newsroom.publish();
  }

  async pin(what: string): Promise<void> {
    await this.#pins((effects) => addPin(what, effects));
  }

  async unpin(): Promise<void> {
    await this.#pins(async (effects) => {
      const [first] = effects.repository.pins.list();
      if (first !== undefined) await removePin(first.cid, effects);
    });
  }

  async pinEdition(): Promise<void> {
    const edition = await this.newsroom.use(({ repository }) => repository.head()?.edition);
    if (edition !== undefined) await this.pin(edition);
  }

  async #pins(work: (effects: Parameters<typeof addPin>[1]) => Promise<unknown>): Promise<void> {
    const { signal } = new AbortController();
    await this.newsroom.use(({ repository, node }) =>
      work({ repository, read: node.read, lock, dryRun: false, signal }),
    );
  }
}

const lock = async () => ({ [Symbol.asyncDispose]: async () => undefined });

async function startNewsroom(): Promise<Others> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/shared.png', image('graphic.png'));
  for (const name of NAMES) newsroom.write(`articles/${PICTURES[name]}`, image(PICTURES[name]));
  return new Others(newsroom);
}

describe('what is served', () => {
  it('is exactly what is reachable, after whatever other processes have done', async () => {
    const name = fc.constantFrom(...NAMES);
    const step = fc.oneof(
      { weight: 3, arbitrary: name.map((each) => (others: Others) => others.publish(each)) },
      name.map((each) => (others: Others) => others.withhold(each)),
      fc.constant((others: Others) => others.pinEdition()),
      fc.constant((others: Others) => others.unpin()),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const others = await startNewsroom();
        using repository = openRepository(others.newsroom.dir);
        await using view = await open(repository);
        for (const each of steps) {
          await each(others);
          await view.settled();
          expect(allowed(view, repository)).toEqual(await reachable(repository));
          expect(view.edition()).toBe(repository.head()?.edition);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe('a view', () => {
  it('gives everything that is held with any, but what is withheld or denied, and what lies below that', async () => {
    const others = await startNewsroom();
    for (const name of NAMES) await others.publish(name);
    using repository = openRepository(others.newsroom.dir);
    const first = CID.parse(repository.head()?.edition ?? '');
    const bundle = CID.parse(repository.articles.get('2026/01/05/a')?.cid ?? '');
    const page = (await others.newsroom.link(bundle.toString(), 'index.html')).cid;
    const style = (await others.newsroom.link(bundle.toString(), 'style.css')).cid;
    const denials = {
      ...NO_DENIALS,
      deniesBlock: (cid: CID) => cid.equals(bundle),
      deniedRoots: () => [bundle],
    };
    await using view = await open(repository, { any: true, denials });
    await others.publish('c');
    await others.withhold('b');
    await view.settled();
    expect(view.allows(first)).toBe(true);
    expect([bundle, page].map((cid) => [view.allows(cid), view.refusal(cid)])).toEqual([
      [false, 'denied'],
      [false, 'denied'],
    ]);
    expect(view.allows(style)).toBe(true);
    const withheld = repository.articles.withheld().map(({ cid }) => CID.parse(cid));
    expect(withheld.map((cid) => [view.allows(cid), view.refusal(cid)])).toEqual([[false, 'withheld']]);
    expect(view.refusesPath(`/ipfs/${bundle}/index.html`)).toBe('denied');
    expect(view.refusesPath(`/ipfs/${withheld[0]}/index.html`)).toBe('withheld');
    expect(view.refusesPath(`/ipfs/${first}/index.html`)).toBeUndefined();
  });

  it('keeps an edition that was replaced for a while', async () => {
    const others = await startNewsroom();
    await others.publish('a');
    using repository = openRepository(others.newsroom.dir);
    await using view = await open(repository, { graceMs: 150 });
    const first = CID.parse(view.edition() ?? '');
    await others.publish('a');
    expect(view.edition()).not.toBe(first.toString());
    expect(view.allows(first)).toBe(true);
    while (view.allows(first)) await new Promise((resolve) => setTimeout(resolve, 20));
    await view.settled();
    expect(allowed(view, repository)).toEqual(await reachable(repository));
  });

  it('withholds at once, also pictures that no other article has', async () => {
    const others = await startNewsroom();
    for (const name of NAMES) await others.publish(name);
    using repository = openRepository(others.newsroom.dir);
    await using view = await open(repository);
    const bundle = repository.articles.get('2026/01/05/a')?.cid ?? '';
    const { files } = JSON.parse(await others.newsroom.read(bundle, 'article.json'));
    const cidOf = (start: string) =>
      CID.parse(files.find(({ path }: { path: string }) => path.startsWith(`media/${start}`)).cid);
    const [own, shared] = [cidOf('moving'), cidOf('shared')];
    expect([own, shared].map((cid) => view.allows(cid))).toEqual([true, true]);
    // A pin keeps the edition that still has it: that lets nothing of it out.
    await others.pinEdition();
    await others.withhold('a');
    view.look();
    expect([own, CID.parse(bundle)].map((cid) => view.allows(cid))).toEqual([false, false]);
    await view.settled();
    expect([own, shared, CID.parse(bundle)].map((cid) => view.allows(cid))).toEqual([false, true, false]);
  });

  it("withholds the site's pages of former editions, whatever stands below the text", async () => {
    const others = await startNewsroom();
    using repository = openRepository(others.newsroom.dir);
    const pages: CID[] = [];
    for (const name of ['a', 'b', 'c'] as const) {
      others.newsroom.configure({ name: `The Paper of ${name}` });
      await others.publish(name);
      const edition = repository.head()?.edition ?? '';
      pages.push((await others.newsroom.link(edition, 'articles/2026/01/05/a.html')).cid);
      if (name !== 'c') await others.pin(edition);
    }
    expect(new Set(pages.map(String)).size).toBeGreaterThan(1);
    await using view = await open(repository, { any: true });
    expect(pages.map((cid) => view.allows(cid))).toEqual([true, true, true]);
    await others.withhold('a');
    view.look();
    expect(pages.map((cid) => view.refusal(cid))).toEqual(['withheld', 'withheld', 'withheld']);
    const { cid: now } = await others.newsroom.link(repository.head()?.edition ?? '', 'articles/2026/01/05');
    const { cid: notice } = await others.newsroom.link(`${now}`, 'a.html');
    expect([notice, CID.parse(repository.pins.list()[0]?.cid ?? '')].map((cid) => view.allows(cid))).toEqual([
      true,
      true,
    ]);
  });

  it('withholds pages in what is pinned later, be it a folder of an edition that is not known here', async () => {
    const others = await startNewsroom();
    await others.publish('a');
    using repository = openRepository(others.newsroom.dir);
    const edition = repository.head()?.edition ?? '';
    const { cid: month } = await others.newsroom.link(edition, 'articles/2026/01');
    const { cid: page } = await others.newsroom.link(edition, 'articles/2026/01/05/a.html');
    await others.withhold('a');
    repository.db.prepare("UPDATE manifests SET edition = '' WHERE edition = ?").run(edition);
    await using view = await open(repository);
    await others.pin(`${month}`);
    await view.settled();
    expect(view.allows(month)).toBe(true);
    expect([view.allows(page), view.refusal(page)]).toEqual([false, 'withheld']);
    await expect(withoutWithheld(repository, async () => undefined)(page)).rejects.toThrow('withheld');
  });

  it('is in doubt about pictures of a withheld bundle until all is found anew', async () => {
    const others = await startNewsroom();
    await others.publish('a');
    using repository = openRepository(others.newsroom.dir);
    const withheld = new WithheldBlocks(repository, (cid) => repository.blockstore.getBytes(cid));
    expect(withheld.update()).toBe(false);
    const bundle = repository.articles.get('2026/01/05/a')?.cid ?? '';
    const picture = async (start: string) => {
      const { files } = JSON.parse(await others.newsroom.read(bundle, 'article.json'));
      return CID.parse(files.find(({ path }: { path: string }) => path.startsWith(`media/${start}`)).cid);
    };
    const [own, text] = [await picture('moving'), (await others.newsroom.link(bundle, 'index.html')).cid];
    const style = (await others.newsroom.link(bundle, 'style.css')).cid;
    await others.withhold('a');
    expect(withheld.update()).toBe(true);
    const said = () => [own, text, style].map((cid) => [withheld.isDoubtful(cid), withheld.isText(cid)]);
    expect(said()).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
    withheld.settle();
    expect(said()[0]).toEqual([false, false]);
    expect([own, text, style].map((cid) => withheld.has(cid))).toEqual([true, true, true]);
  });

  it('takes blocks in that were missing', async () => {
    const others = await startNewsroom();
    await others.publish('a');
    using repository = openRepository(others.newsroom.dir);
    const edition = repository.head()?.edition ?? '';
    const { cid: folder } = await others.newsroom.link(edition, 'articles');
    const { cid: below } = await others.newsroom.link(edition, 'articles/2026');
    const bytes = repository.blockstore.getBytes(folder) ?? new Uint8Array();
    repository.blockstore.delete(folder);
    await using view = await open(repository);
    expect(view.allows(below)).toBe(false);
    await others.newsroom.use(({ repository: other }) => void other.blockstore.put(folder, bytes));
    await view.settled();
    expect(view.allows(below)).toBe(true);
  });

  it('gives nothing after it has ended', async () => {
    const others = await startNewsroom();
    await others.publish('a');
    using repository = openRepository(others.newsroom.dir);
    const defects: unknown[] = [];
    const view = await open(repository, { onDefect: (error) => defects.push(error) });
    await view[Symbol.asyncDispose]();
    expect(view.allows(CID.parse(repository.head()?.edition ?? ''))).toBe(false);
    expect(defects).toEqual([]);
  });
});
