import { parentPort } from 'node:worker_threads';
import { CID } from 'multiformats/cid';
import type { Look } from '../../article/look.ts';
import type { Theme } from '../../theme/theme.ts';
import { failureOf } from '../thread-failure.ts';
import type { BundleContext, MadeRevision } from './bundles.ts';
import { addSitePages, makeChunk, type RevisionTask } from './make-revisions.ts';
import type { HelperContext, HelperMessage, HelperReply, PagesTask } from './make-with-helper.ts';
import { packChunk } from './packed-chunk.ts';

// The second thread of a large publication: makes the chunks that it is sent, and sends back blocks.
let context: Promise<BundleContext> | undefined;

/** Chunks whose pages are still to be made, by their positions. */
const waiting = new Map<number, Promise<MadeRevision[]>>();

parentPort?.on('message', async (message: HelperMessage) => {
  if ('context' in message) context = contextOf(message.context);
  else if (context !== undefined) await answer(message, context);
});

async function answer(task: RevisionTask | PagesTask, given: Promise<BundleContext>): Promise<void> {
  try {
    reply(await ('due' in task ? makeOrWait(task, given) : finish(task, await given)));
  } catch (error) {
    reply({ failure: failureOf(error) });
  }
}

/** A chunk of which it is not known what its pages lead on to stays here until it is. */
async function makeOrWait(task: RevisionTask, given: Promise<BundleContext>): Promise<HelperReply> {
  const making = given.then((known) => makeChunk(task, known));
  if (task.related === undefined) waiting.set(task.at, making);
  const made = await making;
  return task.related === undefined ? { at: task.at } : { at: task.at, chunk: packChunk(made) };
}

async function finish({ at, related }: PagesTask, given: BundleContext): Promise<HelperReply> {
  const made = await waiting.get(at);
  if (made === undefined) throw new Error('pages of a chunk that was never made');
  waiting.delete(at);
  return { at, chunk: packChunk(await addSitePages(made, related, given)) };
}

function reply(message: HelperReply): void {
  parentPort?.postMessage(message, 'chunk' in message ? [message.chunk.bytes] : []);
}

async function contextOf({ style, masthead, ...rest }: HelperContext): Promise<BundleContext> {
  const { theme } = rest;
  return {
    ...rest,
    ...(theme === undefined ? {} : { look: await lookOf(theme) }),
    style: { size: style.size, link: { cid: CID.parse(style.cid), size: style.tsize } },
    masthead: { cid: CID.parse(masthead.cid), size: masthead.tsize },
  };
}

async function lookOf(theme: Theme): Promise<Look> {
  const { openLook } = await import('../../theme/open-look.ts');
  return openLook(theme);
}
