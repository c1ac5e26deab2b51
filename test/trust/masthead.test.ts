import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { buildMasthead } from '../../src/trust/build-masthead.ts';
import { publicationId } from '../../src/trust/masthead.ts';
import { MASTHEAD_LIMIT, parseMasthead } from '../../src/trust/parse-masthead.ts';
import { foreignVerify } from '../helpers/foreign-verifier.ts';
import { KEYS, mastheadBytes, mastheadParts, ORIGIN } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const DESK = { id: KEYS.desk.did };
const keysWith = (over: object) => ({ keys: { ...mastheadParts().keys, ...over } });

/** Masthead 1 with a change that no builder would make. */
const changed = (change: object) => canonicalBytes({ ...buildMasthead(mastheadParts()), ...change });

describe('masthead 1', () => {
  it('is the document of the design, signed, and the same bytes each time', () => {
    const bytes = mastheadBytes();
    expect(parseMasthead(bytes)).toEqual({
      format: 'ovn-masthead/1',
      version: 1,
      expires: '2030-01-01T00:00:00Z',
      origin: ORIGIN,
      roles: {
        masthead: { keys: [{ id: KEYS.masthead.did }], threshold: 1 },
        edition: { keys: [{ id: KEYS.edition.did }], threshold: 1 },
        desk: { keys: [DESK], threshold: 1 },
        log: { keys: [{ id: KEYS.log.did }], threshold: 1 },
        name: { keys: [{ id: KEYS.name.did }], threshold: 1 },
      },
      proof: [expect.objectContaining({ cryptosuite: 'eddsa-jcs-2022' })],
    });
    expect(mastheadBytes()).toEqual(bytes);
  });

  it('names the publication by the CID of its bytes', async () => {
    const bytes = mastheadBytes();
    const id = CID.createV1(0x55, await sha256.digest(bytes)).toString();
    expect(publicationId(bytes)).toBe(id);
    expect(id).toMatch(/^bafkrei/);
  });

  it('is taken by a foreign verifier', async () => {
    const masthead = parseMasthead(mastheadBytes());
    expect(await foreignVerify(masthead)).toBe(true);
    expect(await foreignVerify({ ...masthead, version: 2 })).toBe(false);
  });
});

describe('building', () => {
  it('takes limits, thresholds and revocations', () => {
    const ben = testSigner('Ben').did;
    const masthead = buildMasthead(
      mastheadParts({
        version: 3,
        ...keysWith({ desk: [DESK, { id: ben, categories: ['sports', 'science'] }] }),
        thresholds: { desk: 2 },
        revoked: [{ id: testSigner('Eve').did, fromEntry: 12 }],
      }),
    );
    expect(masthead.roles.desk).toEqual({
      keys: [DESK, { id: ben, categories: ['sports', 'science'] }],
      threshold: 2,
    });
    expect(masthead.revoked).toEqual([{ id: testSigner('Eve').did, fromEntry: 12 }]);
  });

  it.each([
    ['a key twice', keysWith({ desk: [DESK, DESK] }), 'twice'],
    ['no key', keysWith({ edition: [] }), 'roles.edition.keys'],
    ['a key that is none', keysWith({ log: [{ id: 'did:web:example.org' }] }), 'roles.log.keys.0.id'],
    [
      'a limit on a key that signs no articles',
      keysWith({ edition: [{ ...DESK, categories: ['science'] }] }),
      'categories',
    ],
    ['limits to nothing', keysWith({ desk: [{ ...DESK, categories: [] }] }), 'roles.desk.keys.0.categories'],
    ['a limit that is no slug', keysWith({ desk: [{ ...DESK, categories: ['Science'] }] }), 'categories.0'],
    [
      'a limit twice',
      keysWith({ desk: [{ ...DESK, categories: ['science', 'science'] }] }),
      'category twice',
    ],
    ['a threshold above the number of keys', { thresholds: { masthead: 2 } }, 'above the number of keys'],
    ['a threshold of nothing', { thresholds: { edition: 0 } }, 'roles.edition.threshold'],
    ['version 0', { version: 0 }, 'version'],
    ['an origin with a space', { origin: 'news example' }, 'origin'],
    ['an empty origin', { origin: '' }, 'origin'],
    ['a revoked key in a role', { revoked: [{ id: KEYS.desk.did, fromEntry: 0 }] }, 'still holds a role'],
    [
      'a key revoked twice',
      { revoked: [1, 2].map((fromEntry) => ({ id: testSigner('Eve').did, fromEntry })) },
      'revoked',
    ],
  ])('refuses %s', (_what, over, message) => {
    expect(() => buildMasthead(mastheadParts(over))).toThrow(message);
  });
});

describe('parsing', () => {
  it.each([
    ['an unknown format', { format: 'ovn-masthead/2' }, 'format'],
    ['an unknown member', { colour: 'red' }, 'colour'],
    ['an unknown member named as an inherited one', { constructor: 1 }, 'constructor'],
    ['an unknown role', { roles: { ...buildMasthead(mastheadParts()).roles, cleaner: [] } }, 'roles.cleaner'],
    ['an expiry without zone', { expires: '2030-01-01T00:00:00' }, 'expires'],
    ['a version as text', { version: '1' }, 'version'],
    ['no roles', { roles: {} }, 'roles.masthead'],
    ['roles as a list', { roles: [] }, 'roles'],
    ['an empty list of revocations', { revoked: [] }, 'revoked'],
  ])('refuses %s', (_what, change, message) => {
    const parsing = () => parseMasthead(changed(change));
    expect(parsing).toThrow(`masthead: "${message}`);
    expect(parsing).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('refuses what is no document, larger than allowed, or nested without end', () => {
    for (const value of [null, [], 1, 'x', {}])
      expect(() => parseMasthead(canonicalBytes(value))).toThrow('masthead:');
    expect(() => parseMasthead(new Uint8Array(MASTHEAD_LIMIT + 1))).toThrow('at most');
    expect(() => parseMasthead(new Uint8Array(10_000).fill(0x5b))).toThrow('levels deep');
  });
});
