import { createHash } from 'node:crypto';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { identity } from 'multiformats/hashes/identity';
import { sha256, sha512 } from 'multiformats/hashes/sha2';
import { describe, expect, it } from 'vitest';
import { cidKey, dagPbCid, rawCid, verifyBlock } from '../../src/unixfs/hash.ts';

const BYTES = new TextEncoder().encode('hello world');

describe('CIDs of blocks', () => {
  it('are those of multiformats', async () => {
    const digest = await sha256.digest(BYTES);
    expect(rawCid(BYTES)).toEqual(CID.createV1(0x55, digest));
    expect(dagPbCid(BYTES)).toEqual(CID.createV1(0x70, digest));
    expect(rawCid(BYTES).toString()).toBe('bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e');
    expect(CID.decode(rawCid(BYTES).bytes)).toEqual(rawCid(BYTES));
  });

  it('have keys that differ by version and codec', async () => {
    const cids = [rawCid(BYTES), dagPbCid(BYTES), CID.createV0(await sha256.digest(BYTES))];
    expect(new Set(cids.map(cidKey)).size).toBe(3);
    expect(cidKey(CID.parse(rawCid(BYTES).toString()))).toBe(cidKey(rawCid(BYTES)));
  });
});

describe('verifyBlock', () => {
  it('takes sha2-256, sha2-512 and short identity, and refuses any other byte', async () => {
    for (const digest of [await sha256.digest(BYTES), await sha512.digest(BYTES), identity.digest(BYTES)]) {
      const cid = CID.createV1(0x55, digest);
      expect(verifyBlock(cid, BYTES)).toBe(true);
      for (let at = 0; at < BYTES.length; at++) {
        expect(
          verifyBlock(
            cid,
            BYTES.map((byte, i) => (i === at ? byte ^ 1 : byte)),
          ),
        ).toBe(false);
      }
      expect(verifyBlock(cid, BYTES.subarray(1))).toBe(false);
    }
  });

  it('refuses truncated digests, long identity and other hashes', async () => {
    const { digest } = await sha256.digest(BYTES);
    const truncated = Digest.create(0x12, digest.subarray(0, 20));
    const empty = Digest.create(0x12, new Uint8Array(0));
    const sha1 = Digest.create(0x11, createHash('sha1').update(BYTES).digest());
    for (const each of [truncated, empty, sha1])
      expect(verifyBlock(CID.createV1(0x55, each), BYTES)).toBe(false);
    for (const [length, ok] of [
      [128, true],
      [129, false],
    ] as const) {
      const bytes = new Uint8Array(length);
      expect(verifyBlock(CID.createV1(0x55, identity.digest(bytes)), bytes)).toBe(ok);
    }
  });
});
