import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NameRecord } from '../../../src/node/names/record.ts';
import { loadKey } from '../../../src/repo/keyring.ts';
import type { Offer } from '../../../src/workflows/finding/offers.ts';
import { offering, TestMirrorRepository, TestPlace, takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { TestName } from '../../helpers/naming.ts';
import { Newsroom, source } from '../../helpers/newsroom.ts';

let id: string;
let edition: string;
let own: TestName;
let place: TestPlace;
let mirror: TestMirrorRepository;

beforeEach(async () => {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/one.md', source());
  const published = await newsroom.publish();
  id = published.publication;
  edition = published.edition ?? '';
  own = new TestName((await loadKey(join(newsroom.dir, '.ovn/keys'), 'name')).privateKey);
  const held = new MemoryBlocks();
  await newsroom.use(({ repository }) => takeBlocks(held, edition, repository));
  place = new TestPlace(held);
  mirror = await TestMirrorRepository.open();
});

function led(record: NameRecord): Offer {
  return offering(edition, place, { record: record.bytes, led: record });
}

const kept = () => mirror.repository().names.get(own.name)?.sequence;

describe('the record of a name that is followed', () => {
  it('is kept when it is renewed, and leads to what is held already', async () => {
    await mirror.follow(id, [offering(edition, place)]);
    expect(kept()).toBeUndefined();
    const value = `/ipfs/${edition}`;
    await mirror.sync(id, [led(await own.record(3, value))], { dryRun: true });
    expect(kept()).toBeUndefined();
    expect(await mirror.sync(id, [led(await own.record(3, value))])).toMatchObject({ outcome: 'same' });
    expect(kept()).toBe(3n);
    await mirror.sync(id, [led(await own.record(2, value))]);
    expect(kept()).toBe(3n);
    const newer = await own.record(4, value);
    await mirror.sync(id, [led(newer)]);
    expect(mirror.repository().names.get(own.name)?.bytes).toEqual(newer.bytes);
  });

  it('is not hidden by one of another name that leads to the same edition', async () => {
    const value = `/ipfs/${edition}`;
    const others = new TestName();
    const offers = [led(await others.record(1_000_000, value)), led(await own.record(1, value))];
    expect(await mirror.follow(id, offers)).toMatchObject({ outcome: 'moved', problem: null });
    expect(kept()).toBe(1n);
    await mirror.sync(id, [led(await others.record(1_000_001, value))]);
    expect(mirror.repository().names.get(others.name)).toBeUndefined();
  });
});
