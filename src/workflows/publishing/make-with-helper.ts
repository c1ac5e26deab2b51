import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { type ErrorCode, OvnError } from '../../errors.ts';
import type { BundleContext } from './bundles.ts';
import { CHUNK, type MadeChunk, makeChunk, makeHere, type RevisionMaker } from './make-revisions.ts';
import { type PackedChunk, unpackChunk } from './packed-chunk.ts';
import type { DueArticle } from './plan.ts';

/** From so many due articles on a second thread is worth its start. */
const WORTH_A_HELPER = 16 * CHUNK;
/** Chunks that the helper has at a time, so that it never waits, and never has much that is not stored. */
const AHEAD = 2;

/** {@link BundleContext} as plain data and keys, which is what can be sent to another thread. */
export interface HelperContext extends Omit<BundleContext, 'style' | 'masthead'> {
  style: { cid: string; tsize: number; size: number };
  masthead: { cid: string; tsize: number };
}

export interface HelperTask {
  at: number;
  due: readonly DueArticle[];
}

export type HelperReply =
  | { at: number; chunk: PackedChunk }
  | { at: number; failure: { code: ErrorCode | undefined; message: string; hint: string | undefined } };

/** What is sent to the helper: first the context, then tasks. */
export type HelperMessage = { context: HelperContext } | HelperTask;

/**
 * Makes revisions on this thread and on a second one, where there are many. Which thread made a revision cannot be
 * told from it: its bytes are a function of its source.
 *
 * @param startThread starts revision-helper.ts. It is called while sources are still being read.
 */
export function makeWithHelper(startThread: () => Worker): RevisionMaker {
  let helper: Helper | undefined;
  return {
    expect(count) {
      if (count >= WORTH_A_HELPER) helper ??= new Helper(startThread());
    },
    make(due, context) {
      return helper === undefined ? makeHere.make(due, context) : share(due, context, helper);
    },
    async [Symbol.asyncDispose]() {
      await helper?.end();
    },
  };
}

async function* share(
  due: readonly DueArticle[],
  context: BundleContext,
  helper: Helper,
): AsyncGenerator<MadeChunk> {
  let next = 0;
  const take = (): HelperTask => {
    const at = next;
    next += CHUNK;
    return { at, due: due.slice(at, next) };
  };
  helper.begin(context);
  while (next < due.length || helper.pending > 0) {
    while (helper.pending < AHEAD && next < due.length) helper.send(take());
    if (next < due.length) {
      const { at, due: own } = take();
      yield { at, made: await makeChunk(own, context) };
      await setImmediate(); // lets the helper's answers in
    } else await helper.wait();
    yield* helper.received();
  }
}

/** The second thread as it is seen from the first. */
class Helper {
  readonly #worker: Worker;
  #replies: HelperReply[] = [];
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  #sent = 0;
  #given = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: HelperReply) => {
      this.#replies.push(reply);
      this.#wake?.();
    });
    worker.on('error', (error: Error) => {
      this.#error = error;
      this.#wake?.();
    });
  }

  /** Chunks that were sent and not yet given out. */
  get pending(): number {
    return this.#sent - this.#given;
  }

  begin(context: BundleContext): void {
    this.#worker.postMessage({ context: helperContext(context) } satisfies HelperMessage);
  }

  send(task: HelperTask): void {
    this.#sent += 1;
    this.#worker.postMessage(task satisfies HelperMessage);
  }

  /** Resolves when there is an answer or an error. */
  async wait(): Promise<void> {
    if (this.#replies.length > 0 || this.#error !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  *received(): Generator<MadeChunk> {
    if (this.#error !== undefined) throw this.#error;
    const replies = this.#replies;
    this.#replies = [];
    for (const reply of replies) {
      this.#given += 1;
      if ('failure' in reply) throw failureOf(reply.failure);
      yield { at: reply.at, made: unpackChunk(reply.chunk) };
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function failureOf({ code, message, hint }: Extract<HelperReply, { failure: unknown }>['failure']): Error {
  if (code === undefined) return new Error(message);
  return new OvnError(code, message, hint === undefined ? {} : { hint });
}

function helperContext({ style, masthead, ...rest }: BundleContext): HelperContext {
  return {
    ...rest,
    style: { cid: style.link.cid.toString(), tsize: style.link.size, size: style.size },
    masthead: { cid: masthead.cid.toString(), tsize: masthead.size },
  };
}
