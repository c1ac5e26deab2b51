import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { IPNSEntry } from '@helia/ipns';
import { generateKeyPair, publicKeyToProtobuf } from '@libp2p/crypto/keys';
import fc from 'fast-check';
import {
  createIPNSRecord as foreignRecord,
  marshalIPNSRecord,
  multihashToIPNSRoutingKey,
  unmarshalIPNSRecord,
} from 'ipns';
import { ipnsSelector } from 'ipns/selector';
import { ipnsValidator as foreignValidator } from 'ipns/validator';
import { describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import { makeNameRecord, nameOfKeyObject } from '../../../src/node/names/make-record.ts';
import { parseName } from '../../../src/node/names/name.ts';
import { newerRecord, readNameRecord } from '../../../src/node/names/record.ts';
import { hasVectors, vectors } from '../../helpers/vectors.ts';

const KEY = generateKeyPairSync('ed25519').privateKey;
const NAME = nameOfKeyObject(KEY);
const NOW = new Date('2026-01-01T00:00:00Z');
const VALUE = '/ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
const DAY = 86_400_000;
/** As `ipfs name inspect` shows it. */
const KUBO_SAYS = {
  value: '/ipfs/bafybeia5oxfamjypexh3a43ssed3evo4amkl5uffggj3obxu45ayguwpwa',
  sequence: 0n,
  ttl: 300,
};
const BASE = { value: VALUE, sequence: 3n, now: NOW, lifetime: DAY, ttl: 300 };
const later = (ms: number) => new Date(NOW.getTime() + ms);

const load = (folder: string, ending: string) => {
  const file = readdirSync(vectors(folder)).find((name) => name.endsWith(ending)) ?? '';
  const name = parseName(file.replace(/[_.].*/, ''));
  if (name === undefined) throw new Error(`${ending} names no name`);
  return { name, bytes: new Uint8Array(readFileSync(vectors(`${folder}/${file}`))) };
};

describe('readNameRecord', () => {
  it.skipIf(!hasVectors).each([
    ['_v1.ipns-record', 'malformed'],
    ['_v1-v2.ipns-record', undefined],
    ['_v2.ipns-record', undefined],
    ['_v1-v2-broken-v1-value.ipns-record', 'refused'],
    ['_v1-v2-broken-signature-v1.ipns-record', undefined],
    ['_v1-v2-broken-signature-v2.ipns-record', 'refused'],
  ])('says of the vector %s what the specification says', async (ending, code) => {
    const { name, bytes } = load('ipns', ending);
    const read = readNameRecord(name, bytes, { now: NOW });
    if (code !== undefined) return expect(read).rejects.toMatchObject({ code });
    const { value, sequence } = await read;
    expect(value).toMatch(/^\/ipfs\//);
    expect(sequence).toBeGreaterThanOrEqual(0n);
  });

  it.skipIf(!hasVectors)('reads what Kubo wrote', async () => {
    const { name, bytes } = load('kubo', '.ipns-record');
    const { value, sequence, ttl } = await readNameRecord(name, bytes);
    expect({ value, sequence, ttl }).toEqual(KUBO_SAYS);
  });

  it('reads what it wrote, which the code of others takes as well', async () => {
    const record = await makeNameRecord(KEY, { ...BASE, now: new Date() });
    const { bytes } = record;
    expect(await readNameRecord(NAME, bytes)).toEqual(record);
    expect(record).toMatchObject({ value: VALUE, sequence: 3n, ttl: 300 });
    expect(bytes.length).toBeLessThan(300);
    await foreignValidator(multihashToIPNSRoutingKey(NAME.multihash as never), bytes);
    expect(unmarshalIPNSRecord(bytes)).toMatchObject({ value: VALUE, sequence: 3n, ttl: 300_000_000_000n });
  });

  it('holds until its end, and is genuine after it', async () => {
    const { bytes, validUntil } = await makeNameRecord(KEY, BASE);
    expect(validUntil).toEqual(later(DAY));
    expect((await readNameRecord(NAME, bytes, { now: later(DAY) })).sequence).toBe(3n);
    await expect(readNameRecord(NAME, bytes, { now: later(DAY + 1) })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('expired 2026-01-02T00:00:00.000Z'),
    });
    expect((await readNameRecord(NAME, bytes)).sequence).toBe(3n);
  });

  it('refuses a record of another key, and one that is too large before it reads it', async () => {
    const { bytes } = await makeNameRecord(KEY, BASE);
    const other = nameOfKeyObject(generateKeyPairSync('ed25519').privateKey);
    await expect(readNameRecord(other, bytes)).rejects.toMatchObject({ code: 'refused' });
    await expect(readNameRecord(NAME, new Uint8Array(10 * 1024 + 1))).rejects.toMatchObject({
      code: 'limit',
    });
    await expect(readNameRecord(NAME, new Uint8Array(0))).rejects.toMatchObject({ code: 'malformed' });
    const long = { ...BASE, value: `/ipfs/${'a'.repeat(10_240)}` };
    await expect(makeNameRecord(KEY, long)).rejects.toThrow();
  });

  it('refuses a record of which any byte was changed', async () => {
    const { bytes } = await makeNameRecord(KEY, BASE);
    for (const [at, byte] of bytes.entries()) {
      const changed = Uint8Array.from(bytes);
      changed[at] = byte ^ (1 << (at % 8));
      await expect(readNameRecord(NAME, changed), `byte ${at}`).rejects.toBeInstanceOf(OvnError);
    }
  });

  it('throws nothing but what it means to, whatever it is given', async () => {
    const { bytes } = await makeNameRecord(KEY, BASE);
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, put]) => {
        const changed = Uint8Array.from(bytes);
        changed.set(put.slice(0, bytes.length - at), at);
        return changed;
      }),
    );
    await fc.assert(
      fc.asyncProperty(noise, async (given) => {
        const error: unknown = await readNameRecord(NAME, given).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error === undefined ? Buffer.compare(given, bytes) === 0 : error instanceof OvnError).toBe(
          true,
        );
      }),
    );
  });
});

describe('a record with fields of version 1', () => {
  const entryOf = async () => IPNSEntry.decode((await makeNameRecord(KEY, BASE)).bytes);
  const VALIDITY = Buffer.from('2026-01-02T00:00:00.000000000Z');
  const VERSION_1 = { value: Buffer.from(VALUE), validity: VALIDITY, sequence: 3n, ttl: 300_000_000_000n };

  it('must say the same twice', async () => {
    const entry = await entryOf();
    const whole = { ...entry, ...VERSION_1, validityType: IPNSEntry.ValidityType.EOL };
    expect((await readNameRecord(NAME, IPNSEntry.encode(whole))).sequence).toBe(3n);
    const lies = [
      { value: Buffer.from('/ipfs/other') },
      { validity: Buffer.from('2099-01-02T00:00:00Z') },
      { sequence: 4n },
      { ttl: 1n },
    ];
    for (const lie of lies) {
      const bytes = IPNSEntry.encode({ ...whole, ...lie });
      await expect(readNameRecord(NAME, bytes)).rejects.toMatchObject({ code: 'refused' });
      await expect(readNameRecord(NAME, IPNSEntry.encode({ ...entry, ...lie }))).rejects.toThrow(OvnError);
    }
  });
});

describe('a name that is the hash of its key', () => {
  it('reads the key from the record, and no other key', async () => {
    const [key, other] = [await generateKeyPair('RSA', 2048), await generateKeyPair('RSA', 2048)];
    const make = async (by: typeof key, publicKey: Uint8Array) => {
      const record = await foreignRecord(by, VALUE, 1, DAY, { v1Compatible: false });
      return IPNSEntry.encode({
        ...IPNSEntry.decode(marshalIPNSRecord(record)),
        publicKey: Uint8Array.from(publicKey),
      });
    };
    const name = parseName(key.publicKey.toCID().toString());
    if (name === undefined) throw new Error('not a name');
    const { publicKey } = key;
    const own = await make(key, publicKeyToProtobuf(publicKey));
    expect((await readNameRecord(name, own)).value).toBe(VALUE);
    // Signed by whoever sent it, with a key of his own in it.
    const forged = await make(other, publicKeyToProtobuf(other.publicKey));
    await expect(readNameRecord(name, forged)).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('newerRecord', () => {
  it('is the one that the code of others selects', async () => {
    const made = fc.record({ sequence: fc.bigInt(0n, 3n), lifetime: fc.integer({ min: 1, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(made, made, async (a, b) => {
        const records = [
          await makeNameRecord(KEY, { ...BASE, ...a }),
          await makeNameRecord(KEY, { ...BASE, ...b }),
        ];
        const [one, two] = records;
        if (one === undefined || two === undefined) throw new Error('no records');
        const selected = ipnsSelector(
          NAME.bytes,
          records.map(({ bytes }) => bytes),
        );
        expect(newerRecord(one, two)).toBe(records[selected]);
      }),
      { numRuns: 50 },
    );
  });
});
