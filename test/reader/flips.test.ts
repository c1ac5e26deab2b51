import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReaderMemory } from '../../src/reader/memory.ts';
import type { Offered } from '../../src/reader/offered.ts';
import { flipped } from '../helpers/flipped.ts';
import { type LoggedPaper, offer } from '../helpers/logged-paper.ts';
import { newPaper, ONE, read } from './support.ts';

const paper = await makePaper();
const { memory } = await read(undefined, offer(paper.editions[0]!));

/** Of two editions and three mastheads; the checkpoint bears the signature of the former log key as well. */
async function makePaper(): Promise<LoggedPaper> {
  const made = await newPaper();
  const [former] = made.keys.log;
  const log = made.addKey('log');
  made.addKey('desk');
  made.revise(ONE, 'correction');
  await made.issue({ logSigners: [log, former!] });
  return made;
}

/** Every single byte of a document, changed by one bit, must be refused with a memory and without. */
async function expectEachFlipRefused(bytes: Uint8Array, over: (changed: Uint8Array) => Partial<Offered>) {
  const byte = fc.nat(bytes.length - 1);
  await fc.assert(
    fc.asyncProperty(byte, fc.nat(7), fc.boolean(), async (at, bit, first) => {
      const known: ReaderMemory | undefined = first ? undefined : memory;
      const judged = await read(known, offer(paper.newest, over(flipped(bytes, at, bit))));
      expect(judged.verdict).toBe('refused');
    }),
    { numRuns: 150, endOnFailure: true },
  );
}

describe('one changed bit', () => {
  it('is refused in the manifest', async () => {
    await expectEachFlipRefused(paper.newest.manifest, (manifest) => ({ manifest }));
  });

  it('is refused in every masthead', async () => {
    for (const [at, bytes] of paper.newest.mastheads.entries()) {
      await expectEachFlipRefused(bytes, (changed) => ({
        mastheads: paper.newest.mastheads.with(at, changed),
      }));
    }
  });

  it('is refused in every tile and every bundle of entries', async () => {
    for (const [path, bytes] of paper.newest.files) {
      await expectEachFlipRefused(bytes, (changed) => ({
        readTile: async (asked) =>
          asked.join('/') === path ? changed : paper.newest.files.get(asked.join('/')),
      }));
    }
  });

  it('is refused in the text of the checkpoint, and in the line of the log’s key', async () => {
    const bytes = Buffer.from(paper.newest.checkpoint!);
    const formerLine = bytes.lastIndexOf('\n', -2) + 1;
    await expectEachFlipRefused(bytes.subarray(0, formerLine), (checkpoint) => ({ checkpoint }));
    await expectEachFlipRefused(bytes.subarray(0, formerLine), (changed) => ({
      checkpoint: Buffer.concat([changed, bytes.subarray(formerLine)]),
    }));
  });

  it('of the line of another key only loses that signature', async () => {
    const bytes = Buffer.from(paper.newest.checkpoint!);
    const name = bytes.lastIndexOf('\n', -2) + '— '.length + 3;
    const judged = await read(memory, offer(paper.newest, { checkpoint: flipped(bytes, name, 0) }));
    expect(judged.verdict).toBe('current');
  });

  it('is refused in every article.json', async () => {
    const { root, bundles } = paper.newest;
    for (const [at, bundle] of bundles.entries()) {
      await expectEachFlipRefused(bundle.document, (document) => ({
        looked: { kind: 'edition', root, bundles: bundles.with(at, { ...bundle, document }) },
      }));
    }
  });
});
