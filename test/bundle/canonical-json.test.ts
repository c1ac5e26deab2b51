import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import serialize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CanonicalDraft,
  canonicalBytes,
  canonicalize,
  parseCanonical,
} from '../../src/bundle/canonical-json.ts';
import { OvnError } from '../../src/errors.ts';
import { bitsOf, es6Numbers } from '../helpers/es6-numbers.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';

const LIMITS = { limit: 1_000_000, maxDepth: 20 };
const NUMBERS = 100_000;
/** Of the first 100,000 lines, worked out by a program in another language (Python's shortest decimals). */
const NUMBERS_SHA256 = 'f02763105e10b750290cf3e7ead74ab2c66c60da10e71a120ef586e78068bf0e';

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const bytesOf = (text: string) => new TextEncoder().encode(text);
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error instanceof OvnError ? error.code : error;
  }
  return 'nothing thrown';
};

/** What the gate admits. */
const admitted = fc.object({
  key: fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
  values: [fc.boolean(), fc.maxSafeInteger(), fc.string({ unit: 'binary' }), fc.constant(null)],
  maxDepth: 5,
});

describe('RFC 8785', () => {
  it.skipIf(!hasVectors)('writes the published vectors, six of six', () => {
    const names = readdirSync(vectors('jcs/input'));
    expect(names).toHaveLength(6);
    for (const name of names) {
      const input: unknown = JSON.parse(readFileSync(vectors(`jcs/input/${name}`), 'utf8'));
      expect(serialize(input), name).toBe(readFileSync(vectors(`jcs/output/${name}`), 'utf8'));
      const hex = readFileSync(vectors(`jcs/outhex/${name.replace('.json', '.txt')}`), 'utf8');
      expect(Buffer.from(serialize(input) ?? '').toString('hex'), name).toBe(hex.replace(/\s/g, ''));
    }
  });

  it.skipIf(!hasVectors)(
    'writes them through the gate, but for those with numbers of no format of ours',
    () => {
      const written = ['arrays', 'french', 'structures', 'unicode', 'weird', 'values'].map((name) => {
        const input: unknown = JSON.parse(readFileSync(vectors(`jcs/input/${name}.json`), 'utf8'));
        const output = readFileSync(vectors(`jcs/output/${name}.json`), 'utf8');
        return codeOf(() => expect(canonicalize(input)).toBe(output));
      });
      expect(written).toEqual([...Array(5).fill('nothing thrown'), 'malformed']);
    },
  );

  it('writes members in their order, in whatever order they are met', () => {
    const key = fc.oneof(fc.nat(200).map(String), fc.string({ unit: 'binary', maxLength: 3 }));
    const object = fc.dictionary(
      key.filter((name) => name !== '__proto__'),
      fc.nat(),
    );
    fc.assert(
      fc.property(object, fc.boolean(), (members, isSorted) => {
        const entries = Object.entries(members);
        if (isSorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
        const value = [{ a: Object.fromEntries(entries) }];
        expect(canonicalize(value)).toBe(serialize(value));
      }),
    );
  });

  it('writes 100,000 numbers as everybody else does', () => {
    const lines = createHash('sha256');
    for (const number of es6Numbers(NUMBERS)) lines.update(`${bitsOf(number)},${serialize(number)}\n`);
    expect(lines.digest('hex')).toBe(NUMBERS_SHA256);
  });

  it('admits the safe integers among those numbers, and no other', () => {
    for (const number of es6Numbers(5000)) {
      const code = codeOf(() => canonicalize(number));
      expect(code, `${number}`).toBe(Number.isSafeInteger(number) ? 'nothing thrown' : 'malformed');
    }
  });
});

describe('what has no place in canonical JSON', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const named = Object.assign([1], { name: 'x' });
  const hooked = Object.assign([1], { toJSON: () => 'else' });

  it.each([
    ['an undefined member', { a: undefined }, '"a" a value of type undefined'],
    ['undefined', undefined, 'a value of type undefined'],
    ['an undefined element', { a: [1, undefined] }, '"a" [1] a value of type undefined'],
    ['a hole', new Array(3), 'an array with holes'],
    ['a function', { f: () => 1 }, '"f" a value of type function'],
    ['a symbol', { s: Symbol('x') }, '"s" a value of type symbol'],
    ['a bigint', { n: 1n }, '"n" a value of type bigint'],
    ['a fraction', { n: 0.5 }, '"n" the number 0.5'],
    ['NaN', [Number.NaN], '[0] the number NaN'],
    ['infinity', [Number.POSITIVE_INFINITY], '[0] the number Infinity'],
    ['an integer that is not safe', [2 ** 53], '[0] the number 9007199254740992'],
    ['half of a surrogate pair', { a: { b: '\ud83d' } }, '"a" "b" a text with half'],
    ['half of one in a name', { '\udc00': 1 }, 'a member whose name'],
    ['a date', { d: new Date(0) }, '"d" an object that is not a plain one'],
    ['a map', new Map(), 'an object that is not a plain one'],
    ['bytes', new Uint8Array(2), 'an object that is not a plain one'],
    ['a boxed text', Object('x'), 'an object that is not a plain one'],
    ['an array with members', named, 'an array with holes or members'],
    ['an array with toJSON', hooked, 'an array with holes or members'],
    ['an object with toJSON', { toJSON: () => 1 }, '"toJSON" a value of type function'],
    ['a member __proto__', JSON.parse('{"a":{"__proto__":{}}}'), '"a" a member named "__proto__"'],
    ['a cycle', cycle, 'nesting that is too deep'],
  ])('refuses %s', (_what, value, message) => {
    expect(() => canonicalize(value)).toThrow(message);
    expect(codeOf(() => canonicalBytes(value))).toBe('malformed');
  });

  it('admits the names of inherited members, and objects without a prototype', () => {
    const value = Object.assign(Object.create(null), { constructor: 1, toString: 2, hasOwnProperty: 3 });
    expect(canonicalize(value)).toBe('{"constructor":1,"hasOwnProperty":3,"toString":2}');
  });
});

describe('reading', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(admitted, (value) => {
        const bytes = canonicalBytes(value);
        expect(parseCanonical(bytes, LIMITS)).toEqual(value);
        expect(new TextDecoder().decode(bytes)).toBe(canonicalize(value));
      }),
    );
  });

  it('never takes other bytes for the same value', () => {
    fc.assert(
      fc.property(admitted, fc.nat(), fc.nat({ max: 7 }), (value, at, bit) => {
        const bytes = canonicalBytes(value);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        const read = codeOf(() => expect(parseCanonical(bytes, LIMITS)).not.toEqual(value));
        expect(['nothing thrown', 'malformed', 'limit']).toContain(read);
      }),
    );
  });

  it.each([
    ['white space', '{"a": 1}'],
    ['a newline at the end', '{"a":1}\n'],
    ['members in another order', '{"b":1,"a":2}'],
    ['a member twice', '{"a":1,"a":2}'],
    ['the same member twice', '{"a":1,"a":1}'],
    ['an escape that is not needed', '{"a":"\\u0061"}'],
    ['an escaped slash', '{"a":"\\/"}'],
    ['upper case in an escape', '{"a":"\\u001F"}'],
    ['a fraction of nothing', '{"a":1.0}'],
    ['an exponent', '{"a":1e3}'],
    ['minus zero', '{"a":-0}'],
    ['a large integer', '{"a":9007199254740993}'],
    ['a number without end', '{"a":1e999}'],
    ['half of a surrogate pair, escaped', '{"a":"\\ud83d"}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a comment', '{"a":1}//'],
    ['two documents', '{}{}'],
    ['nothing', ''],
    ['an end that is missing', '{"a":[1'],
    ['a member __proto__', '{"__proto__":{"a":1}}'],
  ])('refuses %s', (_what, text) => {
    expect(codeOf(() => parseCanonical(bytesOf(text), LIMITS))).toBe('malformed');
  });

  it('refuses what is not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(() => parseCanonical(Uint8Array.from(bytes), LIMITS)).toThrow('not UTF-8');
    }
  });

  it('says where bytes depart from the canonical form', () => {
    expect(() => parseCanonical(bytesOf('{"a": 1}'), LIMITS)).toThrow('differs from character 5 on');
  });

  it('leaves no prototype changed by hostile input', () => {
    codeOf(() => parseCanonical(bytesOf('{"__proto__":{"polluted":1}}'), LIMITS));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('limits', () => {
  it('refuses a byte more than allowed before it parses', () => {
    const text = `"${'x'.repeat(98)}"`;
    expect(parseCanonical(bytesOf(text), { limit: 100, maxDepth: 1 })).toHaveLength(98);
    expect(codeOf(() => parseCanonical(bytesOf(`${text} `), { limit: 100, maxDepth: 1 }))).toBe('limit');
  });

  it('refuses a level more than allowed, and a million levels', () => {
    const nested = (levels: number) => bytesOf('['.repeat(levels) + ']'.repeat(levels));
    expect(parseCanonical(nested(20), LIMITS)).toHaveLength(1);
    expect(codeOf(() => parseCanonical(nested(21), LIMITS))).toBe('limit');
    expect(codeOf(() => parseCanonical(nested(1_000_000), { ...LIMITS, limit: 3_000_000 }))).toBe('limit');
    expect(codeOf(() => parseCanonical(bytesOf('{"a":'.repeat(100_000)), LIMITS))).toBe('limit');
  });

  it('counts no brackets inside texts', () => {
    const value = { a: '[[[[[[\\"{{{{{{"[[[[' };
    expect(parseCanonical(canonicalBytes(value), { limit: 100, maxDepth: 1 })).toEqual(value);
  });
});

describe('a document with a member to come', () => {
  const members = fc.dictionary(
    fc.string({ maxLength: 4 }).filter((name) => name !== '__proto__' && name !== 'proof'),
    fc.oneof(fc.string(), fc.integer(), fc.array(fc.boolean())),
  );

  it('has the bytes of the whole, without and with the member', () => {
    fc.assert(
      fc.property(members, fc.array(fc.integer()), (document, proof) => {
        const draft = new CanonicalDraft(document, 'proof');
        expect(textOf(draft.bytes)).toBe(canonicalize(document));
        expect(textOf(draft.complete(proof))).toBe(canonicalize({ ...document, proof }));
      }),
    );
  });

  it('refuses what canonical JSON refuses', () => {
    expect(() => new CanonicalDraft({ a: 0.5 }, 'proof')).toThrow(/"a" the number 0.5/);
    expect(() => new CanonicalDraft({}, 'proof').complete(undefined)).toThrow(/undefined/);
  });
});
