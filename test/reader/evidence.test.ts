import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Evidence, formatEvidence, parseEvidence } from '../../src/reader/evidence.ts';
import { verifyEvidence } from '../../src/reader/verify-evidence.ts';
import { flipped } from '../helpers/flipped.ts';
import { LoggedPaper, offer } from '../helpers/logged-paper.ts';
import { testSigner } from '../helpers/signers.ts';
import { memoryOf, newPaper, ONE, read, TWO } from './support.ts';

/** One evidence of every kind, each as a reader keeps it. */
async function everyEvidence(): Promise<Evidence[]> {
  const paper = await newPaper();
  const twin = paper.clone();
  const silent = paper.clone();
  const memory = await memoryOf([offer(paper.newest)]);
  paper.revise(ONE);
  const second = await paper.issue();
  for (const id of [TWO, ONE, TWO]) {
    twin.revise(id);
    await twin.issue();
  }
  const seen = await memoryOf([offer(paper.editions[0]!), offer(second)]);
  const [, forked, , fourth] = twin.editions;
  const shown = await silent.clone().issue({ manifest: { mirrors: ['https://other.example'] } });
  await silent.issue();
  for (const id of [ONE, ONE]) {
    silent.revise(id);
    await silent.issue();
  }
  const [one, other] = [paper.clone(), paper.clone()];
  one.addKey('desk');
  other.addKey('edition');
  const rotated = await read(seen, offer(await one.issue()));
  const refused = [
    await read(seen, offer(forked!)),
    await read(seen, offer(paper.editions[0]!)),
    await read(rotated.memory, offer(await other.issue())),
    await read(seen, offer(fourth!)),
    await read((await read(memory, offer(shown))).memory, offer(silent.newest)),
  ];
  return refused.map(({ evidence }) => evidence!);
}

const all = await everyEvidence();
const [equivocation, rollback, , fork, contradiction] = all as [
  Evidence,
  Evidence,
  Evidence,
  Evidence,
  Evidence,
];
const judge = (evidence: Evidence, over: Partial<Evidence> = {}) =>
  verifyEvidence(formatEvidence({ ...evidence, ...over }));
const failedOf = ({ checks }: ReturnType<typeof judge>) =>
  checks.find(({ result }) => result === 'fail')?.name;

describe('evidence', () => {
  it('of every kind proves what it says, to anybody', () => {
    expect(all.map(({ kind }) => kind)).toEqual([
      'equivocation',
      'rollback',
      'masthead-fork',
      'fork',
      'log-contradiction',
    ]);
    expect(all.map((evidence) => judge(evidence).verdict)).toEqual([
      'proven',
      'genuine',
      'proven',
      'proven',
      'proven',
    ]);
  });

  it('is canonical JSON that is read as it was written', () => {
    for (const evidence of all) {
      const bytes = formatEvidence(evidence);
      expect(Buffer.from(formatEvidence(parseEvidence(bytes))).equals(bytes)).toBe(true);
    }
  });

  it('with one changed bit proves nothing', () => {
    for (const evidence of all) {
      const bytes = formatEvidence({ ...evidence, foundAt: '2026-01-10T12:00:00Z' });
      // When it was found is nobody's signature.
      const found = Buffer.from(bytes).indexOf('"foundAt"');
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
          fc.pre(at < found || at > found + 32);
          expect(verifyEvidence(flipped(bytes, at, bit)).verdict).toBe('refused');
        }),
        { numRuns: 60, endOnFailure: true },
      );
    }
  });

  it('is refused where the documents are one and the same, or can both be true', async () => {
    for (const evidence of all) {
      const [one] = evidence.documents;
      expect(judge(evidence, { documents: [one, one] }).verdict).toBe('refused');
    }
    const paper = await newPaper();
    const before = paper.newest;
    paper.revise(ONE);
    const { manifest, checkpoint, mastheads } = await paper.issue();
    const true1 = judge(equivocation, { documents: [before.manifest, manifest], mastheads });
    expect(failedOf(true1)).toBe('contradiction');
    const true2 = judge(fork, { documents: [before.checkpoint!, checkpoint!], mastheads });
    expect(failedOf(true2)).toBe('contradiction');
    const true3 = judge(rollback, { documents: [before.manifest, manifest], mastheads });
    expect(failedOf(true3)).toBe('contradiction');
  });

  it('is refused without its proof, or with another', () => {
    const { proof: _, ...bare } = fork;
    expect(failedOf(judge(bare))).toBe('contradiction');
    expect(failedOf(judge(fork, { proof: { ...fork.proof!, root: Buffer.alloc(32) } }))).toBe(
      'contradiction',
    );
    const other = { ...contradiction.proof!, index: contradiction.proof!.index! + 1 };
    expect(failedOf(judge(contradiction, { proof: other }))).toBe('contradiction');
  });

  it('is refused where a stranger signed a document, or the mastheads are of another publication', async () => {
    const forged = (await newPaper()).clone();
    const { manifest } = await forged.issue({ signers: [testSigner('stranger')] });
    const [known] = equivocation.documents;
    expect(failedOf(judge(equivocation, { documents: [known, manifest] }))).toBe('documents');
    const publication = new LoggedPaper('other').id;
    expect(failedOf(judge(equivocation, { publication }))).toBe('mastheads');
  });
});
