import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatNote, parseNote, withSignatures } from '../../../src/log/note.ts';
import type { NoteSigner } from '../../../src/log/note-signature.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { offering, TestMirrorRepository, TestPlace } from '../../helpers/following.ts';
import { Forger, openNewsroom } from '../../helpers/forger.ts';
import { source } from '../../helpers/newsroom.ts';
import { cosign, noteSigner } from '../../log/support.ts';

const TIME = 1_760_000_000;
const [ONE, TWO, STRANGER] = ['one', 'two', 'stranger'].map((name) => noteSigner(name, 'cosignature')) as [
  NoteSigner,
  NoteSigner,
  NoteSigner,
];
const policy = { threshold: 0, witnesses: [ONE.verifier, TWO.verifier] };
const FALSE = { ...ONE, privateKey: STRANGER.privateKey };

let forger: Forger;
let mirror: TestMirrorRepository;
let id: string;
/** As it was published: nobody has cosigned it. */
let plain: string;

beforeEach(async () => {
  const newsroom = await openNewsroom('Bay Post', join(temporaryFolder(), 'paper'));
  newsroom.write('articles/one.md', source());
  const { edition, publication } = await newsroom.publish();
  plain = edition ?? '';
  id = publication;
  forger = await Forger.take('Bay Post', newsroom, plain);
  mirror = await TestMirrorRepository.open();
});

/** The same edition, with more lines on its checkpoint: another root of one manifest. */
async function cosignedBy(...witnesses: NoteSigner[]): Promise<string> {
  const note = parseNote(await forger.bytes('log/checkpoint'));
  const lines = witnesses.map((witness) => cosign(note.text, witness, TIME));
  const file = await forger.file(formatNote(withSignatures(note, lines)));
  return forger.forge((tree) => tree.set(['log', 'checkpoint'], file));
}

const offer = (edition: string) => offering(edition, new TestPlace(forger.held));
const heldNow = () => mirror.repository().followed.get(id)?.edition;

describe('another root of the edition that is held', () => {
  it('is taken where more of the witnesses that are known have cosigned it, and never back', async () => {
    const [one, two, both] = [await cosignedBy(ONE), await cosignedBy(TWO), await cosignedBy(ONE, TWO)];
    await mirror.follow(id, [offer(plain)], { policy });
    for (const [edition, outcome, expected] of [
      [one, 'moved', one],
      [two, 'same', one],
      [plain, 'same', one],
      [both, 'moved', both],
      [one, 'same', both],
    ] as const) {
      const report = await mirror.sync(id, [offer(edition)], { policy });
      expect(report).toMatchObject({ outcome, problem: null, failures: [] });
      expect(heldNow()).toBe(expected);
    }
    expect(await mirror.failures()).toEqual([]);
  });

  it('is not taken for lines of strangers, false ones, or where no witness is known, whatever is said of it', async () => {
    const lies = [await cosignedBy(STRANGER), await cosignedBy(FALSE), await cosignedBy(FALSE, STRANGER)];
    const true1 = await cosignedBy(ONE);
    await mirror.follow(id, [offer(plain)], { policy });
    const checkpoint = Buffer.from(await forger.bytes('log/checkpoint')).toString('utf8');
    for (const lie of lies) {
      const offers = [{ ...offer(lie), checkpoint: `${checkpoint}— one AAAA\n— two AAAA\n` }];
      expect(await mirror.sync(id, offers, { policy })).toMatchObject({ outcome: 'same' });
    }
    expect(await mirror.sync(id, [offer(true1)])).toMatchObject({ outcome: 'same', problem: null });
    expect(heldNow()).toBe(plain);
  });

  it('is not taken for what a witness has signed of another checkpoint', async () => {
    const note = parseNote(await forger.bytes('log/checkpoint'));
    const other = { ...note, text: note.text.replace(/\n\d+\n/, '\n1\n') };
    const file = await forger.file(formatNote(withSignatures(other, [cosign(other.text, ONE, TIME)])));
    const root = await forger.forge((tree) => tree.set(['log', 'checkpoint'], file));
    await mirror.follow(id, [offer(plain)], { policy });
    const report = await mirror.sync(id, [offer(root)], { policy });
    expect([report.outcome, report.problem, heldNow()]).toEqual(['same', null, plain]);
  });

  it('serves for another choice where no fewer have cosigned it', async () => {
    const one = await cosignedBy(ONE);
    await mirror.follow(id, [offer(one)], { policy });
    await mirror.follow(id, [offer(plain)], { policy, keep: 2 });
    expect(heldNow()).toBe(one);
    await mirror.follow(id, [offer(await cosignedBy(TWO))], { policy, keep: 2 });
    expect(heldNow()).not.toBe(one);
    expect(mirror.repository().followed.get(id)?.heldBy?.keep).toBe(2);
  });
});
