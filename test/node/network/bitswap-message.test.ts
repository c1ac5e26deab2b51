import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import { decodeMessage, encodeAnswers, encodeWants } from '../../../src/node/network/bitswap-message.ts';
import { FrameReader } from '../../../src/node/network/frame-reader.ts';
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
