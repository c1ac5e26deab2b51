import { parentPort } from 'node:worker_threads';
import { CID } from 'multiformats/cid';
import { cidKey } from '../../unixfs/hash.ts';
import { unpackBlocks } from '../../unixfs/packed-blocks.ts';
import { findOut, type JudgedFound } from './found-bundle.ts';
import { Evidence } from './judging.ts';
import type { JudgingMessage, JudgingReply, JudgingTask } from './judging-helper.ts';

// The second thread of whoever judges many bundles: judges those that it is sent, one task after the other.
let evidence: Evidence | undefined;
let blocks = new Map<string, Uint8Array>();
let last = Promise.resolve();

/** A block that was not sent. Whether it is held is not known here: nothing may be concluded from that. */
class NotSent extends Error {}

parentPort?.on('message', (message: JudgingMessage) => {
  if ('now' in message) evidence = evidenceAt(message.now);
  else last = last.then(() => answer(message));
});

function evidenceAt(now: Date): Evidence {
  const read = async (cid: CID): Promise<Uint8Array> => {
    const bytes = blocks.get(cidKey(cid));
    if (bytes === undefined) throw new NotSent();
    return bytes;
  };
  return new Evidence(read, { now, signal: new AbortController().signal });
}

async function answer({ roots, ...packed }: JudgingTask): Promise<void> {
  blocks = new Map(unpackBlocks(packed).map(({ cid, bytes }) => [cidKey(cid), bytes]));
  const reply: JudgingReply = [];
  for (const root of roots) reply.push(await judge(CID.parse(root)));
  blocks.clear();
  parentPort?.postMessage(reply);
}

async function judge(root: CID): Promise<JudgedFound | undefined> {
  if (evidence === undefined) return undefined;
  try {
    return await findOut(root, evidence);
  } catch (error) {
    if (error instanceof NotSent) return undefined;
    throw error;
  }
}
