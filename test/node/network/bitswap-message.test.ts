import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import { decodeMessage, encodeAnswers, encodeWants } from '../../../src/node/network/bitswap-message.ts';
import { FrameReader } from '../../../src/node/network/frame-reader.ts';
import { bytesField, numberField } from '../../../src/node/network/protobuf.ts';
import { rawBlock } from '../../helpers/blocks.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

/** What comes out when the bytes come in pieces of such lengths. */
function framesOf(all: Uint8Array, lengths: readonly number[]): Buffer[] {
  const reader = new FrameReader(1 << 20);
  const frames: Buffer[] = [];
  let at = 0;
  for (const length of [...lengths, all.length]) {
    for (const frame of reader.push(all.subarray(at, at + length))) frames.push(Buffer.from(frame));
    at += length;
  }
  return frames;
}

describe('bitswap messages', () => {
  it('come out as they went in, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1 }), fc.array(fc.nat(400)), (contents, cuts) => {
        const blocks = contents.map((content) => rawBlock(content));
        const wants = blocks.map(({ cid }, index) => ({ cid, cancel: index % 2 === 1 }));
        const presences = blocks.map(({ cid }, index) => ({ cid, isHere: index % 3 === 0 }));
        const sent = Buffer.concat([encodeWants(wants), encodeAnswers({ blocks, presences })]);
        const [asking, answering] = framesOf(sent, cuts).map((frame) => decodeMessage(frame));
        expect(asking!.asked.map(({ cid, cancel }) => `${cid} ${cancel}`)).toEqual(
          wants.map(({ cid, cancel }) => `${cid} ${cancel}`),
        );
        expect(answering!.blocks.map((block) => Buffer.from(block.bytes))).toEqual(
          contents.map((one) => Buffer.from(one)),
        );
        expect(answering!.absent.map(String)).toEqual(
          presences.filter(({ isHere }) => !isHere).map(({ cid }) => `${cid}`),
        );
      }),
    );
  });

  it('are heard up to a limit, and to their end', () => {
    const none = Buffer.from([0x0a, 6, 0x0a, 4, 1, 0x55, 0, 0]);
    const full = numberField(2, 1);
    const long = rawBlock('').cid.bytes;
    const longest = bytesField(
      1,
      bytesField(1, Buffer.concat([long.subarray(0, 2), Buffer.from([0, 0xff, 1]), Buffer.alloc(255)])),
    );
    const wants = Buffer.concat([longest, ...Array.from({ length: 5000 }, () => none), full]);
    const message = decodeMessage(Buffer.concat([bytesField(1, wants), bytesField(1, none)]));
    expect(message).toMatchObject({ full: true, blocks: [], absent: [] });
    expect(message.asked.length).toBe(4096);
    expect(message.asked.every(({ cid }) => cid.bytes.length === 4)).toBe(true);
    const nothing = bytesField(3, bytesField(1, Buffer.from([1, 0x55, 0x12, 32])));
    const absent = bytesField(4, Buffer.concat([bytesField(1, none.subarray(4)), numberField(2, 1)]));
    const answers = decodeMessage(
      Buffer.concat(Array.from({ length: 5000 }, () => [nothing, absent]).flat()),
    );
    expect([answers.blocks.length, answers.absent.length]).toEqual([4096, 4096]);
  });

  it('are refused in words where they are none', () => {
    fc.assert(
      fc.property(bytes, (any) => {
        try {
          decodeMessage(any);
          framesOf(any, [1, 1, 1]);
        } catch (error) {
          expect(error).toBeInstanceOf(OvnError);
        }
      }),
    );
  });
});
