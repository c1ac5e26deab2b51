import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { OvnError } from '../../src/errors.ts';
import { checkpointKeys } from '../../src/trust/checkpoint-keys.ts';
import { countersign } from '../../src/trust/countersign.ts';
import { stateOfKey } from '../../src/trust/key-state.ts';
import { type Masthead, ROLES } from '../../src/trust/masthead.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import { type MastheadChange, nextMasthead } from '../../src/trust/next-masthead.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { chooseSigners } from '../../src/trust/select-key.ts';
import { mastheadSigners, shortfallsOf } from '../../src/trust/shortfall.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { KEYS, mastheadBytes, mastheads } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const [ANN, BEN] = ['Ann', 'Ben'].map(testSigner) as [Signer, Signer];
const FIRST = mastheadBytes();
const ONE = readMastheads([FIRST]).newest.masthead;

const make = (...changes: MastheadChange[]): Masthead => nextMasthead(ONE, changes);
const add = (role: 'desk' | 'log' | 'masthead', { did }: Signer): MastheadChange => ({
  kind: 'add-key',
  role,
  key: { id: did },
});
const remove = (role: 'desk' | 'log' | 'masthead', { did }: Signer): MastheadChange => ({
  kind: 'remove-key',
  role,
  id: did,
});
const chainWith = (next: Masthead, ...signers: Signer[]) =>
  readMastheads([FIRST, canonicalBytes(countersign(next, signers))]);
const ids = (masthead: Masthead, role: 'desk' | 'log' | 'masthead') =>
  masthead.roles[role].keys.map(({ id }) => id);

describe('the next masthead', () => {
  it('is one that readers take, once the keys of both sign', () => {
    const next = make(add('desk', ANN), remove('desk', KEYS.desk));
    expect(next).toMatchObject({ version: 2, origin: ONE.origin, expires: ONE.expires });
    expect(ids(next, 'desk')).toEqual([ANN.did]);
    expect(chainWith(next, KEYS.masthead).newest.masthead.version).toBe(2);
    expect(() => chainWith(next, ANN)).toThrow('does not hold the role');
  });

  it('needs the old masthead key and the new one, when that is rotated', () => {
    const next = make(add('masthead', ANN), remove('masthead', KEYS.masthead));
    expect(chainWith(next, KEYS.masthead, ANN).newest.masthead.version).toBe(2);
    expect(() => chainWith(next, KEYS.masthead)).toThrow('0 of the 1 signatures');
    expect(() => chainWith(next, ANN)).toThrow('0 of the 1 signatures');
  });

  it('takes limits, thresholds, a later expiry and a revocation', () => {
    const expires = new Date('2031-01-01T00:00:00Z');
    const next = make(
      add('desk', ANN),
      add('desk', BEN),
      { kind: 'limit-key', id: ANN.did, categories: ['sports'] },
      { kind: 'set-threshold', role: 'desk', threshold: 2 },
      { kind: 'extend', expires },
      remove('desk', KEYS.desk),
      { kind: 'revoke-key', id: KEYS.desk.did, fromEntry: 7 },
    );
    expect(next.roles.desk).toEqual({
      keys: [{ id: ANN.did, categories: ['sports'] }, { id: BEN.did }],
      threshold: 2,
    });
    expect(next.expires).toBe('2031-01-01T00:00:00Z');
    expect(next.revoked).toEqual([{ id: KEYS.desk.did, fromEntry: 7 }]);
    const third = nextMasthead(next, [{ kind: 'limit-key', id: ANN.did }]);
    expect(third.roles.desk.keys[0]).toEqual({ id: ANN.did });
    expect(third.revoked).toEqual(next.revoked);
  });

  it('leaves the one before as it is', () => {
    const before = JSON.stringify(ONE);
    make(add('desk', ANN), { kind: 'revoke-key', id: BEN.did, fromEntry: 1 });
    expect(JSON.stringify(ONE)).toBe(before);
  });

  it.each<[string, MastheadChange[], string, string]>([
    ['a key that is there', [add('desk', KEYS.desk)], 'exists', 'as desk key already'],
    ['a key that is not there', [remove('desk', ANN)], 'not-found', 'does not name'],
    ['the last key gone', [remove('desk', KEYS.desk)], 'usage', 'the last desk key cannot go'],
    [
      'a threshold above the keys',
      [{ kind: 'set-threshold', role: 'edition', threshold: 2 }],
      'usage',
      '2 of 1 edition keys',
    ],
    ['a threshold of none', [{ kind: 'set-threshold', role: 'log', threshold: 0 }], 'usage', '0 of 1 log'],
    [
      'an earlier expiry',
      [{ kind: 'extend', expires: new Date('2029-01-01T00:00:00Z') }],
      'usage',
      'is no later',
    ],
    [
      'a limit on an edition key',
      [{ kind: 'add-key', role: 'edition', key: { id: ANN.did, categories: ['sports'] } }],
      'usage',
      'only a desk key',
    ],
    ['a limit on nobody', [{ kind: 'limit-key', id: ANN.did }], 'not-found', 'does not name'],
    [
      'a revoked key that stays',
      [{ kind: 'revoke-key', id: KEYS.desk.did, fromEntry: 0 }],
      'malformed',
      'a revoked key still holds a role',
    ],
    [
      'no key at all',
      [{ kind: 'add-key', role: 'desk', key: { id: 'did:key:z6Mk' } }],
      'malformed',
      'did:key',
    ],
  ])('refuses %s', (_what, changes, code, message) => {
    expect(() => make(...changes)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('never changes what a revocation says', () => {
    const next = make({ kind: 'revoke-key', id: ANN.did, fromEntry: 3 });
    expect(() => nextMasthead(next, [{ kind: 'revoke-key', id: ANN.did, fromEntry: 9 }])).toThrow(
      'revoked already, from entry 3',
    );
  });
});

describe('any changes, one after the other', () => {
  const cast = [KEYS.masthead, KEYS.desk, KEYS.log, ANN, BEN];
  const did = fc.constantFrom(...cast).map((signer) => signer.did);
  const role = fc.constantFrom(...ROLES);
  const change: fc.Arbitrary<MastheadChange> = fc.oneof(
    fc.record({ kind: fc.constant('add-key' as const), role, key: fc.record({ id: did }) }),
    fc.record({ kind: fc.constant('remove-key' as const), role, id: did }),
    fc.record({ kind: fc.constant('revoke-key' as const), id: did, fromEntry: fc.nat(20) }),
    fc.record({ kind: fc.constant('set-threshold' as const), role, threshold: fc.nat(3) }),
    fc.record({
      kind: fc.constant('limit-key' as const),
      id: did,
      categories: fc.constant<string[]>(['sports']),
    }),
  );

  it('give a chain that readers take, or are refused with a word', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), (steps) => {
        const files = [FIRST];
        let newest = ONE;
        for (const changes of steps) {
          try {
            const next = nextMasthead(newest, changes);
            const named = [newest, next].flatMap((each) => each.roles.masthead.keys.map(({ id }) => id));
            newest = countersign(
              next,
              cast.filter((signer) => named.includes(signer.did)),
            );
            files.push(canonicalBytes(newest));
          } catch (error) {
            expect(error).toBeInstanceOf(OvnError);
          }
        }
        expect(readMastheads(files).newest.masthead).toEqual(newest);
      }),
      { numRuns: 60 },
    );
  });
});

describe('countersigning', () => {
  const next = make(add('masthead', ANN), add('masthead', BEN));

  it('gives the same bytes, whoever signs first', () => {
    const orders = [
      [[KEYS.masthead], [ANN], [BEN]],
      [[BEN], [ANN, KEYS.masthead]],
      [[ANN, BEN, KEYS.masthead], [ANN]],
    ];
    const texts = orders.map((order) => {
      const signed = order.reduce((document, signers) => countersign(document, signers), next);
      return Buffer.from(canonicalBytes(signed)).toString();
    });
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toBe(
      Buffer.from(canonicalBytes(signDocument(next, [ANN, BEN, KEYS.masthead]))).toString(),
    );
  });

  it('says who is missing', () => {
    const two = nextMasthead(ONE, [
      add('masthead', ANN),
      { kind: 'set-threshold', role: 'masthead', threshold: 2 },
    ]);
    const required = mastheadSigners(ONE, two);
    expect(shortfallsOf(required, new Set())).toEqual([
      { of: 'masthead keys of masthead 1', threshold: 1, signed: 0, waiting: [KEYS.masthead.did] },
      { of: 'masthead keys of masthead 2', threshold: 2, signed: 0, waiting: [KEYS.masthead.did, ANN.did] },
    ]);
    expect(shortfallsOf(required, new Set([KEYS.masthead.did]))).toEqual([
      { of: 'masthead keys of masthead 2', threshold: 2, signed: 1, waiting: [ANN.did] },
    ]);
    expect(shortfallsOf(required, new Set([KEYS.masthead.did, ANN.did]))).toEqual([]);
  });
});

describe('the keys that sign', () => {
  const role = {
    threshold: 2,
    keys: [{ id: ANN.did, categories: ['sports'] }, { id: BEN.did }, { id: KEYS.desk.did }],
  };

  it('are as many as the threshold needs, in the masthead’s order, and those that may', () => {
    const held = [KEYS.desk, BEN, ANN];
    expect(chooseSigners(role, held, ['sports'])).toEqual([ANN, BEN]);
    expect(chooseSigners(role, held, ['sports', 'world'])).toEqual([BEN, KEYS.desk]);
    expect(chooseSigners(role, [ANN, KEYS.desk], ['world'])).toEqual([KEYS.desk]);
    expect(chooseSigners(role, [KEYS.log], ['world'])).toEqual([]);
  });
});

describe('the state of a key', () => {
  it('is current, retired, revoked or unnamed', () => {
    const second = countersign(make(add('desk', ANN), remove('desk', KEYS.desk)), [KEYS.masthead]);
    const third = countersign(
      nextMasthead(second, [
        add('desk', BEN),
        remove('desk', ANN),
        { kind: 'limit-key', id: BEN.did, categories: ['sports'] },
        { kind: 'revoke-key', id: ANN.did, fromEntry: 5 },
      ]),
      [KEYS.masthead],
    );
    const chain = readMastheads([FIRST, canonicalBytes(second), canonicalBytes(third)]);
    expect(stateOfKey(chain, 'desk', KEYS.desk.did)).toEqual({ state: 'retired' });
    expect(stateOfKey(chain, 'desk', ANN.did)).toEqual({ state: 'revoked', fromEntry: 5 });
    expect(stateOfKey(chain, 'desk', BEN.did)).toEqual({ state: 'current', categories: ['sports'] });
    expect(stateOfKey(chain, 'log', BEN.did)).toEqual({ state: 'unnamed' });
    expect(stateOfKey(chain, 'log', KEYS.log.did)).toEqual({ state: 'current' });
  });
});

describe('the keys of a checkpoint', () => {
  const rotated = make(add('log', ANN), remove('log', KEYS.log));
  const chain = chainWith(rotated, KEYS.masthead);

  it('are those of the log role, while it stays the same', () => {
    expect(checkpointKeys(mastheads(), undefined)).toEqual({ must: [ONE.roles.log], may: [KEYS.log.did] });
    expect(checkpointKeys(mastheads(), 1).may).toEqual([KEYS.log.did]);
    expect(checkpointKeys(chainWith(make(add('desk', ANN)), KEYS.masthead), 1).may).toEqual([KEYS.log.did]);
  });

  it('are both, on the first checkpoint after a rotation, and then the new one', () => {
    expect(checkpointKeys(chain, 1)).toEqual({
      must: [rotated.roles.log, { keys: [{ id: KEYS.log.did }], threshold: 1 }],
      may: [ANN.did, KEYS.log.did],
    });
    expect(checkpointKeys(chain, 2).may).toEqual([ANN.did]);
    expect(checkpointKeys(chain, undefined).may).toEqual([ANN.did]);
  });

  it('are not those that are revoked', () => {
    const revoked = make(add('log', ANN), remove('log', KEYS.log), {
      kind: 'revoke-key',
      id: KEYS.log.did,
      fromEntry: 1,
    });
    expect(checkpointKeys(chainWith(revoked, KEYS.masthead), 1).may).toEqual([ANN.did]);
  });
});
