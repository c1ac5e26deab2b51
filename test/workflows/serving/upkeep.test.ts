import { describe, expect, it, onTestFinished } from 'vitest';
import { Bell } from '../../../src/workflows/serving/bell.ts';
import { type KeptName, keepNamed, NAME_TIMES } from '../../../src/workflows/serving/keep-named.ts';
import { Troubles } from '../../../src/workflows/serving/troubles.ts';

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
  const effects = { troubles, signal: ending.signal, clock: () => time.now };
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
    naming.look();
    await untilTrue(() => asked.length === 2);
    time.now = NAME_TIMES.again;
    naming.look();
    await untilTrue(() => asked.length === 3);
    naming.look();
    await untilTrue(() => asked.length === 4);
    naming.tellAgain();
    await untilTrue(() => asked.length === 5);
    expect(asked).toEqual([true, false, true, false, true]);
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

describe('keepNamed', () => {
  it('ends while a publish is under way, and tells nothing of that', async () => {
    const { effects, ending, told } = common();
    const publish = ({ signal }: { signal: AbortSignal }) =>
      new Promise<KeptName[]>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
    const naming = keepNamed({ ...effects, publish });
    await turn();
    ending.abort();
    await naming.ended;
    expect(told).toEqual([]);
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
