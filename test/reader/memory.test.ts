import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { formatMemory, parseMemory, type ReaderMemory } from '../../src/reader/memory.ts';
import { LoggedPaper, offer } from '../helpers/logged-paper.ts';
import { fileCid } from '../helpers/manifest-parts.ts';
import { memoryOf, newPaper, ONE, read } from './support.ts';

async function full(): Promise<ReaderMemory> {
  const paper = await newPaper();
  paper.addKey('desk');
  paper.revise(ONE);
  const name = { sequence: 3, expires: '2027-01-01T00:00:00Z' };
  return memoryOf([offer(await paper.issue(), { name })]);
}

/** The bytes of a memory with some members another. */
const changed = (memory: ReaderMemory, over: object) =>
  canonicalBytes({ ...JSON.parse(Buffer.from(formatMemory(memory)).toString()), ...over });

describe('a memory', () => {
  it('is canonical JSON that is read as it was written', async () => {
    const memory = await full();
    const bytes = formatMemory(memory);
    const again = parseMemory(bytes);
    expect(Buffer.from(formatMemory(again)).equals(bytes)).toBe(true);
    expect(again.mastheads).toHaveLength(2);
    expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({
      format: 'ovn-memory/1',
      sequence: 2,
      logSince: 2,
      name: { sequence: 3 },
    });
  });

  it('needs no log and no name', async () => {
    const paper = new LoggedPaper();
    const { memory } = await read(undefined, offer(await paper.issue({ withoutLog: true })));
    expect(Object.keys(parseMemory(formatMemory(memory!)))).not.toContain('checkpoint');
  });

  it('is refused where its documents do not fit together', async () => {
    const memory = await full();
    const other = new LoggedPaper('other');
    const refused = (over: object, reason: RegExp) =>
      expect(() => parseMemory(changed(memory, over))).toThrow(reason);
    refused({ publication: other.id }, /its masthead is of/);
    refused({ sequence: 3 }, /its manifest is of sequence 2/);
    refused(
      { manifest: { cid: fileCid('x'), bytes: Buffer.from(memory.manifest).toString('base64') } },
      /not bafk/,
    );
    refused({ logSince: 3 }, /the sequence since which there is a log/);
    refused({ checkpoint: 'a checkpoint' }, /note: no empty line/);
    refused({ mastheads: [] }, /mastheads/);
    refused({ mastheads: ['AB=='] }, /not base64/);
    refused({ seenAt: 'yesterday' }, /seenAt/);
    refused({ more: true }, /more/);
    refused({ format: 'ovn-memory/2' }, /format/);
  });

  it('is refused when it is not canonical, or too large', async () => {
    const bytes = formatMemory(await full());
    expect(() => parseMemory(Buffer.concat([bytes, Buffer.from('\n')]))).toThrow(/not canonical/);
    expect(() => parseMemory(Buffer.alloc(17 * 1024 * 1024, 'a'))).toThrow(/at most/);
  });
});
