import { describe, expect, it, onTestFinished } from 'vitest';
import type { NameRouter } from '../../../src/node/names/name-router.ts';
import type { Repository } from '../../../src/repo/repository.ts';
import { followedRecords } from '../../../src/workflows/mirroring/give-followed.ts';
import { keepNamed, NAME_TIMES } from '../../../src/workflows/serving/keep-named.ts';
import { Troubles } from '../../../src/workflows/serving/troubles.ts';
import { makeMirror } from '../../helpers/held-paper.ts';
import { brokenRouter, RECORD_TIME, SOME_CID, TestName, TestRouter } from '../../helpers/naming.ts';

const HOUR = 3_600_000;
const ID = SOME_CID;

/** A mirror that follows one name, and keeps its record known to routers while a test moves the clock. */
async function start(routers: NameRouter[], { lifetime = 365 * 24 * HOUR } = {}) {
  const repository = await makeMirror();
  const holder = new TestName();
  const record = await holder.record(1, undefined, { lifetime });
  follow(repository, holder.text);
  repository.names.put(record);
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const told: string[] = [];
  const counted: string[] = [];
  const troubles = new Troubles({
    onTrouble: (part, message) => told.push(`${part}: ${message}`),
    countFailure: (part) => counted.push(part),
  });
  const time = { hours: 0 };
  const now = () => new Date(RECORD_TIME.getTime() + time.hours * HOUR);
  const denied = new Set<string>();
  const refuses = (path: string) => denied.has(path);
  const publish = followedRecords({ repository, routers, now, refuses, troubles });
  const effects = { publish, troubles, signal: ending.signal, clock: () => time.hours * HOUR };
  const naming = keepNamed({ ...effects, part: 'followed-name' });
  /** Lets hours pass, of which each is looked at. */
  const pass = async (hours: number): Promise<void> => {
    for (const end = time.hours + hours; time.hours < end; ) {
      time.hours += 1;
      naming.look();
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await pass(0);
  return { repository, holder, record, told, counted, time, pass, naming, denied };
}

function follow(repository: Repository, name: string): void {
  const choice = { categories: null, maxBytes: null, since: null, keep: 1 };
  repository.followed.add({ publication: ID, target: name, name, places: [], choice, added: 'x' });
}

/** Notes the hour of each put. */
class DatedRouter extends TestRouter {
  readonly puts: { hours: number; bytes: Uint8Array }[] = [];
  readonly time = { hours: 0 };

  override async put(...[name, bytes]: Parameters<TestRouter['put']>): Promise<void> {
    this.puts.push({ hours: this.time.hours, bytes });
    await super.put(name, bytes);
  }
}

describe('the record of a publication that is followed', () => {
  it('is put at the start and long before 48 hours are over, byte for byte, without a key', async () => {
    const router = new DatedRouter();
    const { record, told, pass } = await start([router]);
    for (let day = 0; day < 8; day++) {
      for (let hour = 0; hour < 12; hour++) {
        router.time.hours++;
        await pass(1);
      }
    }
    const hours = router.puts.map((put) => put.hours);
    const gaps = hours.slice(1).map((hour, at) => hour - (hours[at] ?? 0));
    expect(hours[0]).toBeLessThanOrEqual(1);
    expect(gaps.length).toBeGreaterThanOrEqual(96 / 24);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(24);
    expect(router.puts.every(({ bytes }) => Buffer.compare(bytes, record.bytes) === 0)).toBe(true);
    expect(told).toEqual([]);
    expect(NAME_TIMES.again).toBeLessThan(48 * HOUR);
  });

  it('is put at once when it is another one, and what others have that is newer is kept and put', async () => {
    const router = new TestRouter();
    const { repository, holder, pass } = await start([router]);
    await pass(1);
    const second = await holder.record(2, undefined, { lifetime: 365 * 24 * HOUR });
    repository.names.put(second);
    await pass(1);
    expect(router.held.get(holder.text)).toEqual(second.bytes);
    const third = await holder.record(3, undefined, { lifetime: 365 * 24 * HOUR });
    const proud: NameRouter = {
      id: 'one that knows more',
      get: async () => third.bytes,
      put: async () => {
        throw new Error('it answers with status 409');
      },
    };
    const other = new TestRouter('another');
    const more = await start([proud, other]);
    more.repository.names.put(await holder.record(2));
    more.repository.followed.remove(ID);
    follow(more.repository, holder.text);
    await more.pass(2);
    expect(more.repository.names.get(third.name)?.sequence).toBe(3n);
    expect(other.held.get(holder.text)).toEqual(third.bytes);
  });

  it('is kept when its time is over, put no more, and told of once', async () => {
    const router = new TestRouter();
    const { repository, holder, record, told, counted, naming, pass } = await start([router], {
      lifetime: 30 * HOUR,
    });
    await pass(30);
    const puts = router.told;
    expect(puts).toBeGreaterThan(1);
    await pass(40);
    expect(router.told).toBe(puts);
    expect(told).toEqual([
      expect.stringContaining(`record ${holder.text}: the record of ${holder.text} ended`),
    ]);
    expect(told[0]).toContain('found by its id');
    expect(counted).toHaveLength(1);
    expect(repository.names.get(record.name)?.bytes).toEqual(record.bytes);
    expect(naming.ends()).toEqual(record.validUntil);
    const renewed = await holder.record(2, undefined, { lifetime: 365 * 24 * HOUR });
    repository.names.put(renewed);
    await pass(1);
    expect(router.held.get(holder.text)).toEqual(renewed.bytes);
  });

  it('is given to nobody while its name is denied', async () => {
    const router = new TestRouter();
    const { holder, denied, pass } = await start([router]);
    await pass(1);
    const before = router.told;
    denied.add(`/ipns/${holder.text}`);
    await pass(30);
    expect(router.told).toBe(before);
  });

  it('goes to the others where one router fails, which is told', async () => {
    const router = new TestRouter();
    const { holder, told, pass } = await start([brokenRouter(), router]);
    await pass(1);
    expect([...router.held.keys()]).toEqual([holder.text]);
    expect(told).toEqual(['followed-name: a broken router: out of order']);
  });
});
