import { describe, expect, it, onTestFinished } from 'vitest';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { Bell } from '../../../src/workflows/serving/bell.ts';
import { type KeptName, keepNamed, NAME_TIMES } from '../../../src/workflows/serving/keep-named.ts';
import { keepProvided, PROVIDE_TIMES } from '../../../src/workflows/serving/keep-provided.ts';
import { Troubles } from '../../../src/workflows/serving/troubles.ts';

const [a, b] = [rawCid(Buffer.from('a')), rawCid(Buffer.from('b'))];
const HOUR = 3_600_000;

/** What every part of the upkeep has, with a clock that a test moves. */
function common() {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const told: string[] = [];
  const counted: string[] = [];
  const troubles = new Troubles({
    onTrouble: (part, message) => told.push(`${part}: ${message}`),
    countFailure: (part) => counted.push(part),
  });
  const time = { now: 0 };
  const effects = { bell: new Bell(), troubles, signal: ending.signal, clock: () => time.now };
  return { effects, ending, told, counted, time };
}

/** Lets everything that waits for nothing have its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function untilTrue(holds: () => boolean): Promise<void> {
  for (let left = 2000; !holds(); left--) {
    if (left === 0) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe('keepProvided', () => {
  it('provides at once, what is new when it rings, and all again before it is forgotten', async () => {
    const { effects, time, ending } = common();
    const given: string[] = [];
    let roots = [a];
    const provide = async (cid: typeof a) => void given.push(`${cid}`);
    const providing = keepProvided({ ...effects, roots: () => roots, provide });
    await turn();
    expect(given).toEqual([`${a}`]);
    expect(providing.age()).toBe(0);

    roots = [a, b];
    expect(providing.age()).toBeUndefined();
    time.now += HOUR;
    effects.bell.ring();
    await untilTrue(() => given.length === 2);
    expect(given).toEqual([`${a}`, `${b}`]);
    expect(providing.age()).toBe(3600);

    time.now = PROVIDE_TIMES.again + 1;
    effects.bell.ring();
    await untilTrue(() => given.length === 3);
    expect(given.at(-1)).toBe(`${a}`);
    expect(PROVIDE_TIMES.again).toBeLessThan(48 * HOUR);
    ending.abort();
    await providing.ended;
  });

  it('forgets what it is to hold no more', async () => {
    const { effects } = common();
    const given: string[] = [];
    let roots = [a];
    keepProvided({ ...effects, roots: () => roots, provide: async (cid) => void given.push(`${cid}`) });
    await turn();
    for (const next of [[], [a]]) {
      roots = next;
      effects.bell.ring();
      await turn();
      await turn();
    }
    await untilTrue(() => given.length === 2);
  });

  it('goes on after a failure, tells it once, counts it each time, and tries again', async () => {
    const { effects, told, counted } = common();
    let fails = 3;
    const given: string[] = [];
    const provide = async (cid: typeof a): Promise<void> => {
      if (cid === a && fails-- > 0) throw new Error('no peers');
      given.push(`${cid}`);
    };
    const times = { ...PROVIDE_TIMES, retry: 1 };
    keepProvided({ ...effects, roots: () => [a, b], provide }, times);
    await untilTrue(() => given.includes(`${a}`));
    expect(given[0]).toBe(`${b}`);
    expect(told).toEqual(['provide: no peers']);
    expect(counted).toEqual(['provide', 'provide', 'provide']);
    await turn();
    expect([...effects.troubles.standing]).toEqual([]);
  });

  it('ends while a provide is under way', async () => {
    const { effects, ending, told } = common();
    const provide = (_: typeof a, { signal }: { signal: AbortSignal }) =>
      new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const providing = keepProvided({ ...effects, roots: () => [a], provide });
    await turn();
    ending.abort();
    await providing.ended;
    expect(told).toEqual([]);
  });
});

describe('keepNamed', () => {
  const kept = (day: number, ...problems: string[]): KeptName => ({
    validUntil: new Date(Date.UTC(2030, 0, day)),
    problems,
  });

  it('publishes at once and when it rings, and everywhere from time to time', async () => {
    const { effects, time } = common();
    const asked: boolean[] = [];
    const publish = async ({ everywhere }: { everywhere: boolean }) => {
      asked.push(everywhere);
      return [kept(9), kept(5)];
    };
    const naming = keepNamed({ ...effects, publish });
    await turn();
    expect(asked).toEqual([true]);
    expect(naming.ends()).toEqual(kept(5).validUntil);
    effects.bell.ring();
    await untilTrue(() => asked.length === 2);
    time.now = NAME_TIMES.again;
    effects.bell.ring();
    await untilTrue(() => asked.length === 3);
    expect(asked).toEqual([true, false, true]);
  });

  it('tells what goes wrong once, and tries again; what it knows of the records stays', async () => {
    const { effects, told, counted } = common();
    const answers = [[kept(3, 'router: down')], new Error('locked'), [kept(4, 'router: down')], [kept(4)]];
    let at = 0;
    const publish = async () => {
      const answer = answers[at++] ?? [kept(4)];
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const naming = keepNamed({ ...effects, publish }, { ...NAME_TIMES, retry: 1 });
    await untilTrue(() => at === 4);
    await turn();
    expect(told).toEqual(['name: router: down', 'name: locked', 'name: router: down']);
    expect(counted).toHaveLength(3);
    expect(naming.ends()).toEqual(kept(4).validUntil);
    expect([...effects.troubles.standing]).toEqual([]);
  });
});

describe('Bell', () => {
  it('is heard by who comes late', async () => {
    const bell = new Bell();
    bell.ring();
    await bell.heard(60_000, new AbortController().signal);
  });

  it('lets go when the signal comes, or the time is over', async () => {
    const bell = new Bell();
    await bell.heard(60_000, AbortSignal.abort());
    await bell.heard(1, new AbortController().signal);
  });
});
