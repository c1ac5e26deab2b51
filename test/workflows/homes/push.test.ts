import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { HOMES_TOKEN, Homesteads } from '../../helpers/homes.ts';
import type { PinningDouble } from '../../helpers/pinning-double.ts';

describe('push', () => {
  it('gives every home the head edition, and says who holds it', async () => {
    const paper = await Homesteads.open();
    const doubles = [await paper.service('a'), await paper.service('b')];
    const report = await paper.push();
    const { edition } = report;
    expect(report).toMatchObject({ sequence: 1, done: true });
    expect(report.homes.map(({ home }) => home)).toEqual(['a', 'b']);
    for (const [n, double] of doubles.entries()) {
      const readBack = { at: '2026-01-10T13:00:00Z', blocks: expect.any(Number), via: double.url };
      const held = { cid: edition, subject: 'edition', state: 'pinned', held: true, problem: null, readBack };
      expect(report.homes[n]).toMatchObject({ problem: null, wanted: [held], released: [], left: [] });
      expect(double.findings).toEqual([]);
    }
    expect(await paper.held()).toEqual([`a ${edition}`, `b ${edition}`]);
  });

  it('counts as held only what could be read back', async () => {
    const paper = await Homesteads.open();
    const liar = await paper.service('liar', { read: async () => undefined });
    await paper.service('mute', {}, { readAt: [] });
    const { homes, done } = await paper.push();
    expect(done).toBe(false);
    const [first, second] = homes.map(({ wanted: [each] }) => each);
    expect(first).toMatchObject({ state: 'pinned', held: false, readBack: null });
    expect(first?.problem).toMatch(/could not be read back: .*: it does not have block baf/);
    expect(second).toMatchObject({
      held: false,
      problem: expect.stringMatching(/nothing is known to read it.*--gateway/),
    });
    expect(await paper.held()).toEqual([]);
    // It is asked again what it has, and no pin of it is doubled.
    await paper.push({ homes: ['liar'] });
    expect(liar.pins.size).toBe(1);
  });

  it('finds a block that is not what it should be', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('forger');
    await paper.push();
    for (const key of double.blocks.keys()) double.blocks.set(key, Buffer.from('forged'));
    const { homes } = await paper.status();
    expect(homes[0]?.wanted[0]).toMatchObject({ state: 'pinned', held: false });
    expect(homes[0]?.wanted[0]?.problem).toContain('do not match the CID');
  });

  it('is finished by a rerun, whatever one of them does meanwhile', async () => {
    const paper = await Homesteads.open();
    const good = await paper.service('good');
    const down = await paper.service('down', { states: ['pinning'] });
    await paper.service('gone', {}, { url: 'http://127.0.0.1:1' });
    const first = await paper.push();
    expect(first.homes.map(({ problem, wanted }) => [problem?.code, wanted[0]?.state])).toEqual([
      [undefined, 'pinning'],
      ['io', 'unknown'],
      [undefined, 'pinned'],
    ]);
    expect(first.homes[1]?.problem?.message).toMatch(/^gone: it cannot be reached/);
    expect(first.homes[1]?.problem?.hint).toContain('Run it again then');
    for (const pin of down.pins.values()) pin.states = ['pinning', 'pinned'];
    const again = await paper.push({ homes: ['good', 'down'] });
    expect(again.done).toBe(true);
    for (const double of [good, down])
      expect(double.asked.filter((asked) => asked === 'POST /pins')).toHaveLength(1);
  });

  it('releases an old edition only when the new one is held', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    const { edition: old } = await paper.push();
    const next = await paper.publish('two');
    double.options.states = ['failed'];
    const failed = await paper.push();
    expect(failed.homes[0]?.wanted[0]).toMatchObject({
      state: 'failed',
      detail: 'nobody has it',
      held: false,
    });
    expect([...double.pins.values()].map(({ pin }) => pin.cid)).toContain(old);
    double.options.states = ['pinned'];
    const { homes, done } = await paper.push();
    expect(done).toBe(true);
    expect(homes[0]?.released).toEqual([old]);
    const pinned = [...double.pins.values()].filter(({ states }) => states[0] === 'pinned');
    expect(pinned.map(({ pin }) => pin.cid)).toEqual([next]);
    expect(await paper.held()).toEqual([`a ${next}`]);
  });

  it('keeps the old edition where the new one cannot be read back', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    const { edition: old } = await paper.push();
    double.options.read = async () => undefined;
    await paper.publish('two');
    expect(await paper.push()).toMatchObject({ done: false, homes: [{ released: [] }] });
    expect([...double.pins.values()].map(({ pin }) => pin.cid)).toContain(old);
  });

  it('goes on releasing what it could not', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    const { edition: old } = await paper.push();
    await paper.publish('two');
    double.options.misbehave = ({ method }, response) =>
      method === 'DELETE' && Boolean(response.writeHead(500).end());
    expect(await paper.push()).toMatchObject({ done: false, homes: [{ left: [{ cid: old }] }] });
    delete double.options.misbehave;
    expect(await paper.push()).toMatchObject({ done: true, homes: [{ released: [old], left: [] }] });
    expect(double.pins.size).toBe(1);
  });

  it('counts what was there before us, and never releases it', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    const { edition } = await paper.push({ dryRun: true });
    // Without a name: what is not known to be ours is not.
    const theirs = double.have(edition ?? '');
    expect(await paper.push()).toMatchObject({ done: true });
    expect(double.asked).not.toContain('POST /pins');
    await paper.publish('two');
    expect(await paper.push()).toMatchObject({ done: true, homes: [{ released: [edition] }] });
    expect(double.pins.has(theirs.requestid)).toBe(true);
  });

  it('gives a home the categories that it is for, and those that are named', async () => {
    const paper = await Homesteads.open();
    await paper.publish('two', { categories: '[Culture]' });
    await paper.service('a', {}, { categories: ['science', 'sports'] });
    const { categories } = await paper.newsroom.publish();
    const { homes, done } = await paper.push();
    expect(done).toBe(true);
    expect(homes[0]).toMatchObject({ missing: ['sports'], wanted: [{ subject: 'category:science' }] });
    await paper.push({ categories: ['culture'] });
    expect(await paper.held()).toEqual([
      `a ${categories['culture']?.cid}`,
      `a ${categories['science']?.cid}`,
    ]);
    await expect(paper.push({ categories: ['sports'] })).rejects.toMatchObject({ code: 'not-found' });
    expect(await paper.push({ prune: true })).toMatchObject({
      homes: [{ released: [categories['culture']?.cid] }],
    });
    expect(await paper.held()).toEqual([`a ${categories['science']?.cid}`]);
  });

  it('gives what is pinned here', async () => {
    const paper = await Homesteads.open();
    await paper.service('a');
    const { categories } = await paper.newsroom.publish();
    const cid = categories['science']?.cid ?? '';
    await paper.newsroom.use(({ repository }) =>
      repository.pins.add({ cid, name: 'science', kind: 'category' }),
    );
    expect(await paper.push({ pinned: true })).toMatchObject({
      done: true,
      homes: [{ wanted: [{ cid, subject: 'pin:science', held: true }] }],
    });
  });

  it('keeps two pins of one name', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    const pin = async (): Promise<void> => {
      const { categories } = await paper.newsroom.publish();
      const cid = categories['science']?.cid ?? '';
      await paper.newsroom.use(({ repository }) =>
        repository.pins.add({ cid, name: 'science', kind: 'category' }),
      );
    };
    await pin();
    await paper.publish('two');
    await pin();
    expect(await paper.push({ pinned: true })).toMatchObject({ done: true, homes: [{ released: [] }] });
    expect(double.pins.size).toBe(2);
  });

  it.each<[string, (paper: Homesteads, double: PinningDouble) => unknown]>([
    ['which its home lost and was given again', (_, { pins }) => pins.clear()],
    ['of which a backup knows nothing', (paper) => paper.forget()],
  ])('releases a pin that bears the name of an earlier edition, %s', async (_, lose) => {
    const paper = await Homesteads.open();
    const double = await paper.service('a', {}, { categories: ['science'] });
    await paper.push();
    double.have('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku', 'of somebody else');
    await lose(paper, double);
    await paper.publish('two', { categories: '[Culture]' });
    await paper.push();
    await paper.publish('three');
    const { categories } = await paper.newsroom.publish();
    expect(await paper.push()).toMatchObject({ done: true, homes: [{ left: [] }] });
    const ours = [...double.pins.values()].filter(({ pin }) => pin.name?.startsWith('ovn/'));
    expect(ours.map(({ pin }) => pin.cid)).toEqual([categories['science']?.cid]);
  });

  it('is not done, and releases nothing, where there is nothing of what a home is for', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a', {}, { categories: ['sports'] });
    await paper.push({ categories: ['science'] });
    expect(await paper.push({ prune: true })).toMatchObject({
      done: false,
      homes: [{ missing: ['sports'], wanted: [], released: [] }],
    });
    expect(double.pins.size).toBe(1);
  });

  it('asks nobody in a dry run, nor for a home that is not there', async () => {
    const paper = await Homesteads.open();
    await expect(paper.push()).rejects.toMatchObject({ code: 'usage' });
    const double = await paper.service('a');
    expect(await paper.push({ dryRun: true })).toMatchObject({
      homes: [{ wanted: [{ held: false, problem: 'it was not pushed there yet' }] }],
    });
    await expect(paper.push({ homes: ['b'] })).rejects.toMatchObject({ code: 'not-found' });
    expect(double.asked).toEqual([]);
  });
});

describe('remote status', () => {
  it('asks anew, and forgets nothing when it is not answered', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    const { edition } = await paper.push();
    expect(await paper.status()).toMatchObject({ done: true });
    double.options.misbehave = (_, response) => Boolean(response.writeHead(500).end());
    const down = await paper.status();
    expect(down).toMatchObject({
      done: false,
      homes: [{ problem: { code: 'io' }, wanted: [{ held: true }] }],
    });
    delete double.options.misbehave;
    double.pins.clear();
    double.have((await paper.newsroom.publish()).manifest, 'of somebody else');
    const lost = await paper.status();
    expect(lost.homes[0]?.wanted[0]).toMatchObject({ state: 'absent', held: false });
    expect(lost.homes[0]?.wanted[0]?.confirmed).not.toBeNull();
    expect(await paper.push()).toMatchObject({ done: true, edition });
  });

  it('tells of what is here also where something else there is not', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    await paper.push({ categories: ['science'] });
    const old = (await paper.newsroom.publish()).categories['science']?.cid ?? '';
    await paper.publish('two');
    await paper.push();
    await paper.newsroom.use(({ repository: { blockstore } }) =>
      blockstore.deleteAllBut(
        (multihash) => !CID.parse(old).multihash.bytes.every((byte, at) => byte === multihash[at]),
        { dryRun: false },
      ),
    );
    for (const [id, { pin }] of double.pins) if (pin.cid !== old) double.pins.delete(id);
    const { homes } = await paper.status();
    expect(homes[0]).toMatchObject({
      problem: null,
      wanted: [{ state: 'absent', held: false }],
      others: [{ cid: old, held: false, problem: expect.stringContaining(`block ${old}`) }],
    });
  });

  it('asks also a home that was given nothing yet', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a', { token: 'another' });
    expect(await paper.status()).toMatchObject({ done: false, homes: [{ problem: { code: 'key' } }] });
    double.options.token = HOMES_TOKEN;
    const nothing = { problem: null, wanted: [{ problem: 'it was not pushed there yet' }] };
    expect(await paper.status()).toMatchObject({ done: false, homes: [nothing] });
    expect(await paper.confirmations()).toEqual([]);
  });

  it('tells offline what was known', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    await paper.push();
    const next = await paper.publish('two');
    const asked = double.asked.length;
    const { homes } = await paper.status([], true);
    expect(homes[0]).toMatchObject({ wanted: [{ cid: next, held: false }], others: [{ held: true }] });
    expect(double.asked).toHaveLength(asked);
  });
});

describe('remote rm --release', () => {
  it('forgets a home when it has let go of all of ours', async () => {
    const paper = await Homesteads.open();
    const double = await paper.service('a');
    const { edition } = await paper.push();
    double.options.misbehave = ({ method }, response) =>
      method === 'DELETE' && Boolean(response.writeHead(500).end());
    expect(await paper.leave('a')).toMatchObject({ done: false, left: [{ cid: edition }] });
    delete double.options.misbehave;
    expect(await paper.leave('a')).toMatchObject({ done: true, released: [edition], problem: null });
    expect(double.pins.size).toBe(0);
    await expect(paper.leave('a')).rejects.toMatchObject({ code: 'not-found' });
  });
});
