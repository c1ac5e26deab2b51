import { expect, it } from 'vitest';
import type { Block } from '../../../src/unixfs/block.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { BlockBatch } from '../../../src/workflows/publishing/batch.ts';

const MIB = 1024 * 1024;

it('stores every block once, in their order and with the bytes it came with, however they are spread over batches', async () => {
  const stored: Block[] = [];
  const batches: number[] = [];
  const batch = new BlockBatch(async (blocks) => {
    batches.push(blocks.length);
    stored.push(...blocks.map(copyOf));
  });
  const given = Array.from({ length: 300 }, (_, at) => filled((at * 7919) % (MIB / 8), at));
  for (const block of given) await batch.add(block);
  await batch.flush();
  await batch.flush();
  expect(stored).toEqual(given);
  expect(batches.length).toBeGreaterThan(1);
  expect(batches).not.toContain(0);
});

it('keeps nothing of the bytes that it was given: who made them may go on writing there', async () => {
  const stored: Block[] = [];
  const batch = new BlockBatch(async (blocks) => void stored.push(...blocks.map(copyOf)));
  const block = filled(100, 1);
  const expected = copyOf(block);
  await batch.add(block);
  block.bytes.fill(0);
  await batch.flush();
  expect(stored).toEqual([expected]);
});

it('leaves alone what is being stored when more is added, and when that is stored too', async () => {
  const stored: Block[] = [];
  const waiting: (() => void)[] = [];
  const batch = new BlockBatch(async (blocks) => {
    await new Promise<void>((resolve) => void waiting.push(resolve));
    stored.push(...blocks.map(copyOf));
  });
  const [first, second, third] = [filled(1000, 1), filled(1000, 2), filled(1000, 3)];
  await batch.add(first);
  const flushes = [batch.flush()];
  await batch.add(second);
  flushes.push(batch.flush());
  await batch.add(third);
  for (const go of waiting) go();
  await Promise.all(flushes);
  expect(stored).toEqual([first, second]);
  const last = batch.flush();
  waiting.at(-1)?.();
  await last;
  expect(stored).toEqual([first, second, third]);
});

it('stores a block that no batch has room for', async () => {
  const stored: Block[] = [];
  const batch = new BlockBatch(async (blocks) => void stored.push(...blocks.map(copyOf)));
  const [small, large] = [filled(10, 1), filled(9 * MIB, 2)];
  await batch.add(small);
  await batch.add(large);
  await batch.flush();
  expect(new Set(stored.map(({ bytes }) => bytes.length))).toEqual(new Set([10, 9 * MIB]));
});

function filled(length: number, value: number): Block {
  const bytes = new Uint8Array(length).fill(value);
  return { cid: rawCid(bytes), bytes };
}

function copyOf({ cid, bytes }: Block): Block {
  return { cid, bytes: bytes.slice() };
}
