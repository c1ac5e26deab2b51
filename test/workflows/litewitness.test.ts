import { describe, expect, it } from 'vitest';
import { openNode } from '../../src/node/node.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import type { ConfiguredWitness } from '../../src/repo/witness-settings.ts';
import { audit } from '../../src/workflows/audit.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';
import { noPeers, startWitness, verifyNote, type Witness } from '../helpers/peers.ts';
import { askWitnesses, knownLog } from '../helpers/witnessing.ts';

const PUBLICATIONS = 200;
/** Publications while one witness is down. */
const DOWN = { from: 60, to: 120 };

const configured = ({ url, vkey }: Witness): ConfiguredWitness => ({ url, key: vkey });

async function openNewsroom(threshold: number, witnesses: readonly Witness[]): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.configure({ witnesses: { threshold, list: witnesses.map(configured) } });
  const log = knownLog(newsroom.dir);
  for (const witness of witnesses) witness.addLog(log);
  return newsroom;
}

/** Publishes the n-th article, and gives the size of the log. */
async function publishNext(newsroom: Newsroom, n: number): Promise<void> {
  newsroom.write(`articles/${n}.md`, source({ title: `Article ${n}`, slug: `article-${n}` }));
  const { sequence } = await newsroom.publish({
    paths: [`articles/${n}.md`],
    now: new Date(NOW.getTime() + n * 1000),
  });
  expect(sequence).toBe(n);
}

describe.skipIf(noPeers)('litewitness', () => {
  it(`cosigns ${PUBLICATIONS} publications in a row, and another one catches up after it was down`, async () => {
    await using steady = await startWitness({ logs: [] });
    await using shaky = await startWitness({ logs: [] });
    const newsroom = await openNewsroom(1, [steady, shaky]);
    const { origin, vkey } = knownLog(newsroom.dir);
    let size = 0;
    for (let n = 1; n <= PUBLICATIONS; n++) {
      if (n === DOWN.from) await shaky.stop();
      if (n === DOWN.to) await shaky.start();
      await publishNext(newsroom, n);
      const { report, witnessed, edition } = await askWitnesses(newsroom);
      expect(witnessed).toBe(true);
      const isDown = n >= DOWN.from && n < DOWN.to;
      const names = [steady, ...(isDown ? [] : [shaky])].map(({ name }) => name);
      expect(report.cosigned.map(({ name }) => name)).toEqual(names);
      if (isDown) expect(report.missing[0]?.problem).toContain('ECONNREFUSED');
      // Masthead and first article; then each article behind the edition before it.
      size = 2 * n;
      expect(steady.sizeOf(origin)).toBe(size);
      expect(shaky.sizeOf(origin)).toBe(isDown ? 2 * (DOWN.from - 1) : size);
      if (n % 50 !== 0) continue;
      const checkpoint = await newsroom.read(edition, 'log/checkpoint');
      const vkeys = [vkey, steady.vkey, ...(isDown ? [] : [shaky.vkey])];
      expect(await verifyNote({ checkpoint, vkeys })).toMatchObject({ ok: true });
    }
    using repository = openRepository(newsroom.dir);
    await using node = await openNode(repository);
    const signal = new AbortController().signal;
    const { checks } = await audit({ repository, read: node.read, now: NOW, signal });
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
  }, 240_000);

  it('is enough as two of three while one hangs, and the third comes in later', async () => {
    await using one = await startWitness({ logs: [] });
    await using two = await startWitness({ logs: [] });
    await using three = await startWitness({ logs: [] });
    const newsroom = await openNewsroom(2, [one, two, three]);
    await publishNext(newsroom, 1);
    three.pause();
    const asked = await askWitnesses(newsroom);
    expect(asked.witnessed).toBe(true);
    expect(asked.report.missing).toEqual([
      { name: three.name, problem: 'no answer: enough others have cosigned' },
    ]);
    three.resume();
    await two.stop();
    await publishNext(newsroom, 2);
    const next = await askWitnesses(newsroom);
    expect(next.report.cosigned.map(({ name }) => name)).toEqual([one.name, three.name]);
    expect(next.witnessed).toBe(true);
    await three.stop();
    await publishNext(newsroom, 3);
    const few = await askWitnesses(newsroom);
    expect(few.witnessed).toBe(false);
    await two.start();
    expect((await askWitnesses(newsroom)).report.cosigned.map(({ name }) => name)).toEqual([
      one.name,
      two.name,
    ]);
  });

  it('answers 409 when it moved on without signing, and cosigns at the second try', async () => {
    await using witness = await startWitness({ logs: [] });
    const newsroom = await openNewsroom(1, [witness]);
    const { origin } = knownLog(newsroom.dir);
    await publishNext(newsroom, 1);
    await askWitnesses(newsroom);
    await publishNext(newsroom, 2);
    await witness.loseKey();
    const { report } = await askWitnesses(newsroom);
    expect(report.missing).toEqual([{ name: witness.name, problem: 'the witness answered with status 500' }]);
    expect(witness.sizeOf(origin)).toBe(4);
    await witness.stop();
    await witness.start();
    expect((await askWitnesses(newsroom)).witnessed).toBe(true);
  });

  it('does not cosign a log that it does not know', async () => {
    await using witness = await startWitness({ logs: [] });
    const newsroom = await Newsroom.open();
    newsroom.configure({ witnesses: { threshold: 1, list: [configured(witness)] } });
    await publishNext(newsroom, 1);
    const { report } = await askWitnesses(newsroom);
    expect(report.missing).toEqual([{ name: witness.name, problem: 'the witness does not know the log' }]);
  });

  it('keeps a copy that fell behind from publishing another history', async () => {
    await using witness = await startWitness({ logs: [] });
    const newsroom = await openNewsroom(1, [witness]);
    await publishNext(newsroom, 1);
    await askWitnesses(newsroom);
    const copy = newsroom.copy();
    for (const n of [2, 3]) await publishNext(newsroom, n);
    await askWitnesses(newsroom);

    copy.write('articles/other.md', source({ title: 'Another history' }));
    await copy.publish();
    const { report } = await askWitnesses(copy);
    expect(report.missing).toEqual([
      { name: witness.name, problem: 'it has seen 6 entries of the log, more than there are here' },
    ]);
    await expect(copy.publish({ now: new Date(NOW.getTime() + 20 * 86_400_000) })).rejects.toMatchObject({
      code: 'damaged',
    });

    const fork = newsroom.copy();
    fork.configure({ witnesses: { threshold: 1, list: [{ ...configured(witness), name: 'Wit' }] } });
    await publishNext(newsroom, 4);
    await askWitnesses(newsroom);
    fork.write('articles/fork.md', source({ title: 'A fork' }));
    await fork.publish();
    expect((await askWitnesses(fork)).report.missing).toEqual([
      { name: 'Wit', problem: 'the witness finds the log inconsistent with what it cosigned before' },
    ]);
  });
});
