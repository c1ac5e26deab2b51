import { parentPort } from 'node:worker_threads';
import { CID } from 'multiformats/cid';
import type { Look } from '../../article/look.ts';
import type { Theme } from '../../theme/theme.ts';
import { failureOf } from '../thread-failure.ts';
import type { BundleContext } from './bundles.ts';
import { makeChunk } from './make-revisions.ts';
import type { HelperContext, HelperMessage, HelperReply, HelperTask } from './make-with-helper.ts';
import { packChunk } from './packed-chunk.ts';

// The second thread of a large publication: makes the chunks that it is sent, and sends back blocks.
let context: Promise<BundleContext> | undefined;

parentPort?.on('message', async (message: HelperMessage) => {
  if ('context' in message) context = contextOf(message.context);
  else if (context !== undefined) await answer(message, context);
});

async function answer({ at, due }: HelperTask, given: Promise<BundleContext>): Promise<void> {
  try {
    const chunk = packChunk(await makeChunk(due, await given));
    parentPort?.postMessage({ at, chunk } satisfies HelperReply, [chunk.bytes]);
  } catch (error) {
    parentPort?.postMessage({ at, failure: failureOf(error) } satisfies HelperReply);
  }
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
