import { base16 } from 'multiformats/bases/base16';
import { base32, base32upper } from 'multiformats/bases/base32';
import { base36upper } from 'multiformats/bases/base36';
import { base58btc } from 'multiformats/bases/base58';
import { base64url } from 'multiformats/bases/base64';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { formatName, nameOfKey, parseName } from '../../../src/node/names/name.ts';

/** libp2p specification, "Peer IDs", and Kubo's own documentation. */
const KUBO = 'k51qzi5uqu5dkd6z24ac2wzzfccqs8rrtu2t20zesvnyh77c7h755kgc04za7x';
const RSA = 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N';

describe('parseName', () => {
  it('reads a key in every form to one name, shown in base 36', () => {
    const name = parseName(KUBO);
    if (name === undefined) throw new Error('not a name');
    const forms = [base16, base32, base32upper, base36upper, base58btc, base64url].map((base) =>
      name.toString(base),
    );
    const peer = base58btc.encode(name.multihash.bytes).slice(1);
    expect(peer).toMatch(/^12D3Koo/);
    for (const form of [...forms, peer]) {
      const read = parseName(form);
      expect(read === undefined ? form : formatName(read)).toBe(KUBO);
    }
  });

  it('reads the name of an RSA key', () => {
    const name = parseName(RSA);
    if (name === undefined) throw new Error('not a name');
    expect(formatName(name)).toMatch(/^k2k4r8/);
    expect(parseName(formatName(name))?.equals(name)).toBe(true);
  });

  it('is the name of the key that it holds', () => {
    const key = parseName(KUBO)?.multihash.digest.subarray(4) ?? new Uint8Array();
    expect(formatName(nameOfKey(key))).toBe(KUBO);
  });

  it.each([
    ['nothing', ''],
    ['a domain', 'example.org'],
    ['a block', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
    ['a directory under its old CID in base 58', CID.parse(RSA).toV1().toString(base58btc)],
    ['half of a name', KUBO.slice(0, 40)],
    ['a name with an end', `${KUBO}a`],
    ['a path', `/ipns/${KUBO}`],
    ['a name among words', ` ${KUBO}`],
    ['a long text', '1'.repeat(10_000)],
    [
      'an identity hash with more than a key',
      `z${base58btc.encode(Uint8Array.of(1, 0x72, 0, 100, ...new Uint8Array(100))).slice(1)}`,
    ],
  ])('takes %s for no name', (_what, text) => {
    expect(parseName(text)).toBeUndefined();
  });
});
