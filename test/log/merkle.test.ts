import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExtension, verifyConsistency, verifyInclusion } from '../../src/log/merkle.ts';
import { emptyRoot, leafHash, nodeHash, rootOfHashes } from '../../src/log/tree-hash.ts';
import { emptyHead, headOf, stateOf, type TreeHead } from '../../src/log/tree-head.ts';
import { flipped } from '../helpers/flipped.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';
import { entriesOf, hexOf, naive } from './support.ts';

interface InclusionCase {
  file: string;
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
}

interface ConsistencyCase {
  file: string;
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
}

const casesOf = <T>(name: string): T[] => JSON.parse(readFileSync(vectors(`merkle/${name}.json`), 'utf8'));
const decode = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

const LEAVES = entriesOf(40).map(naive.leaf);
const headAt = (size: number): TreeHead => ({ size, root: naive.root(LEAVES.slice(0, size)) });
const ZERO = new Uint8Array(32);

describe('hashing', () => {
  it('is that of RFC 6962', () => {
    expect(hexOf(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hexOf(leafHash(new Uint8Array(0)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('of hashes side by side gives the root of the tree over them', () => {
    for (let size = 1; size <= LEAVES.length; size++) {
      expect(hexOf(rootOfHashes(Buffer.concat(LEAVES.slice(0, size))))).toBe(hexOf(headAt(size).root));
    }
  });
});

describe('the vectors of transparency-dev/merkle', () => {
  it.skipIf(!hasVectors)('agree on 98 inclusions', () => {
    const cases = casesOf<InclusionCase>('inclusion');
    const wrong = cases.filter(({ leafIdx, treeSize, root, leafHash: leaf, proof, wantErr }) => {
      const head = { size: treeSize, root: decode(root) };
      return verifyInclusion(decode(leaf), leafIdx, head, (proof ?? []).map(decode)) === wantErr;
    });
    expect(wrong.map(({ file }) => file)).toEqual([]);
    expect([cases.length, cases.filter(({ wantErr }) => !wantErr).length]).toEqual([98, 6]);
  });

  it.skipIf(!hasVectors)('agree on 98 consistencies', () => {
    const cases = casesOf<ConsistencyCase>('consistency');
    const wrong = cases.filter(({ size1, root1, size2, root2, proof, wantErr }) => {
      const [older, newer] = [
        { size: size1, root: decode(root1) },
        { size: size2, root: decode(root2) },
      ];
      return verifyConsistency(older, newer, (proof ?? []).map(decode)) === wantErr;
    });
    expect(wrong.map(({ file }) => file)).toEqual([]);
    expect([cases.length, cases.filter(({ wantErr }) => !wantErr).length]).toEqual([98, 6]);
  });
});

describe('inclusion', () => {
  it('holds for every entry of every small tree, and for no other place, tree or entry', () => {
    for (let size = 1; size <= 20; size++) {
      for (let index = 0; index < size; index++) {
        const proof = naive.path(index, LEAVES.slice(0, size));
        const holdsAt = (at: number, of: number) => verifyInclusion(LEAVES[index]!, at, headAt(of), proof);
        expect(holdsAt(index, size)).toBe(true);
        expect([holdsAt(index + 1, size), holdsAt(index - 1, size), holdsAt(index, size + 1)]).not.toContain(
          true,
        );
        expect(verifyInclusion(LEAVES[30]!, index, headAt(size), proof)).toBe(false);
      }
    }
  });

  it.each([
    ['a negative index', -1, 5],
    ['an index that is no integer', 0.5, 5],
    ['an index beyond safe integers', 2 ** 64, 5],
    ['a size that is no number', 0, Number.NaN],
    ['a size beyond safe integers', 0, 2 ** 64],
  ])('is refused for %s', (_, index, size) => {
    expect(verifyInclusion(LEAVES[0]!, index, { size, root: headAt(5).root }, [])).toBe(false);
  });

  it('is refused for an empty leaf or root, also where both are the same', () => {
    const nothing = new Uint8Array(0);
    expect(verifyInclusion(nothing, 0, { size: 1, root: nothing }, [])).toBe(false);
    expect(verifyInclusion(nothing, 0, { size: 0, root: emptyRoot() }, [])).toBe(false);
    expect(verifyInclusion(LEAVES[0]!, 0, { size: 1, root: nothing }, [])).toBe(false);
    expect(verifyInclusion(LEAVES[0]!, 0, { size: 1, root: LEAVES[0]! }, [])).toBe(true);
  });
});

describe('consistency', () => {
  it('holds between all small trees', () => {
    for (let newer = 1; newer <= 24; newer++) {
      for (let older = 1; older <= newer; older++) {
        const proof = naive.proof(older, LEAVES.slice(0, newer));
        expect(verifyConsistency(headAt(older), headAt(newer), proof), `${older} ${newer}`).toBe(true);
      }
    }
  });

  it('does not hold with a changed, missing or added hash, another size or another root', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 39 }), fc.integer({ min: 2, max: 40 }));
    fc.assert(
      fc.property(
        sizes.filter(([older, newer]) => older < newer),
        fc.nat(),
        fc.nat(255),
        ([older, newer], at, bit) => {
          const proof = naive.proof(older, LEAVES.slice(0, newer));
          const place = at % proof.length;
          const changed = proof.map((hash, index) =>
            index === place ? flipped(hash, bit >> 3, bit & 7) : hash,
          );
          const [from, to] = [headAt(older), headAt(newer)];
          const broken = [
            changed,
            proof.toSpliced(place, 1),
            proof.toSpliced(place, 0, ZERO),
            [...proof, ZERO],
          ];
          for (const each of broken) expect(verifyConsistency(from, to, each)).toBe(false);
          const other = flipped(from.root, bit >> 3, bit & 7);
          expect(verifyConsistency({ ...from, root: other }, to, proof)).toBe(false);
          expect(verifyConsistency(from, { ...to, root: other }, proof)).toBe(false);
          expect(verifyConsistency({ ...from, size: older + 1 }, to, proof)).toBe(false);
        },
      ),
    );
  });

  it('is not said by hashes that are cut short, even where others of their kind went before', () => {
    const [older, newer] = [headAt(4), headAt(6)];
    const proof = naive.proof(4, LEAVES.slice(0, 6));
    expect(verifyConsistency(older, newer, proof)).toBe(true);
    expect(verifyConsistency(older, newer, [proof[0]!.subarray(0, 31)])).toBe(false);
    expect(verifyConsistency({ ...older, root: older.root.subarray(0, 31) }, newer, proof)).toBe(false);
    expect(verifyInclusion(LEAVES[0]!, 0, headAt(2), [LEAVES[1]!.subarray(0, 31)])).toBe(false);
    expect(() => nodeHash(ZERO, ZERO.subarray(1))).toThrow(RangeError);
  });

  it('is not said of a tree that shrank, or of another of the same size', () => {
    expect(verifyConsistency(headAt(6), headAt(5), [])).toBe(false);
    expect(verifyConsistency(headAt(6), { size: 6, root: ZERO }, [])).toBe(false);
    expect(verifyConsistency(headAt(6), headAt(6), [ZERO])).toBe(false);
    expect(verifyConsistency(headAt(6), headAt(6), [])).toBe(true);
  });

  it('from size 0 is nothing that can be proved, and is asked for by name', () => {
    const empty = emptyHead();
    for (const newer of [empty, headAt(5)]) {
      expect(verifyConsistency(empty, newer, [])).toBe(false);
      expect(isExtension(empty, newer, [])).toBe(true);
      expect(isExtension(empty, newer, [ZERO])).toBe(false);
      expect(isExtension({ size: 0, root: ZERO }, newer, [])).toBe(false);
    }
    expect(isExtension(empty, { size: 0, root: ZERO }, [])).toBe(false);
  });

  it('is what an extension is, from any other size', () => {
    const proof = naive.proof(3, LEAVES.slice(0, 7));
    expect(isExtension(headAt(3), headAt(7), proof)).toBe(true);
    expect(isExtension(headAt(3), headAt(8), proof)).toBe(false);
    expect(isExtension(headAt(3), emptyHead(), [])).toBe(false);
  });
});

describe('a tree head', () => {
  it('is the state of a log as a manifest names it', () => {
    const state = stateOf('log.example', headAt(5));
    expect(headOf(state)).toEqual({ size: 5, root: Buffer.from(headAt(5).root) });
    expect(stateOf('log.example', headOf(state))).toEqual(state);
  });

  it.each(['', 'AAAA', `${'A'.repeat(42)}B=`, `${'A'.repeat(43)}=\n`])(
    'is not made of the root %j',
    (root) => {
      expect(() => headOf({ size: 1, root })).toThrow('is no tree hash');
    },
  );
});
