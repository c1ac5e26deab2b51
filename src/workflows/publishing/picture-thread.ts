import { parentPort } from 'node:worker_threads';
import { makeVariants, type Original } from '../../bundle/pictures/make-variants.ts';
import { failureOf } from '../thread-failure.ts';
import { loadCodec } from './codec-files.ts';
import type { PictureReply } from './picture-threads.ts';

// A thread that decodes pictures and makes their variants: those that it is sent, one after the other.
parentPort?.on('message', async (picture: Original) => {
  try {
    const variants = await makeVariants(picture, loadCodec);
    parentPort?.postMessage({ variants } satisfies PictureReply);
  } catch (error) {
    parentPort?.postMessage({ failure: failureOf(error) } satisfies PictureReply);
  }
});
