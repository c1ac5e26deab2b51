import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { OvnError } from '../../errors.ts';
import { HelperThread } from '../helper-thread.ts';
import { errorOf, type ThreadFailure } from '../thread-failure.ts';
import type { BundleContext } from './bundles.ts';
import {
  CHUNK,
  type MadeChunk,
  makeChunk,
  makeHere,
  type RevisionMaker,
  type RevisionTask,
  relatedFrom,
} from './make-revisions.ts';
import { type PackedChunk, unpackChunk } from './packed-chunk.ts';
import type { DueArticle } from './plan.ts';
import type { RelatedArticles } from './related-articles.ts';

/** From so many due articles on a second thread is worth its start. */
const WORTH_A_HELPER = 16 * CHUNK;
/** Chunks that the helper has at a time, so that it never waits, and never has much that is not stored. */
const AHEAD = 4;

/** {@link BundleContext} as plain data and keys, which is what can be sent to another thread. */
export interface HelperContext extends Omit<BundleContext, 'style' | 'masthead' | 'look'> {
  style: { cid: string; tsize: number; size: number };
  masthead: { cid: string; tsize: number };
}

/** Asks for the pages of a chunk that was made before it was known what they lead on to. */
export interface PagesTask {
  at: number;
  related: Required<RevisionTask>['related'];
}

/** A chunk, or that it waits for its {@link PagesTask}. */
export type HelperReply = { at: number; chunk: PackedChunk } | { at: number } | { failure: ThreadFailure };

/** What is sent to the helper: first the context, then tasks. */
export type HelperMessage = { context: HelperContext } | RevisionTask | PagesTask;

/**
 * Makes revisions on this thread and on a second one, where there are many. Which thread made a revision cannot be
 * told from it: its bytes are a function of its source.
 *
 * @param startThread starts revision-helper.ts. It is called while sources are still being read.
 */
export function makeWithHelper(startThread: () => Worker): RevisionMaker {
  let helper: Helper | undefined;
  return {
    expect(due, expected, prepare) {
      if (expected < WORTH_A_HELPER || due.length < CHUNK || helper !== undefined) return;
      const started = new Helper(startThread(), due);
      helper = started;
      // What goes wrong here goes wrong again, and is said, when the revisions are made.
      prepare()
        .then((context) => started.begin(context))
        .catch(ignore);
    },
    make(due, context, related) {
      return helper?.due === due
        ? share(due, context, related, helper)
        : makeHere.make(due, context, related);
    },
    async [Symbol.asyncDispose]() {
      await helper?.[Symbol.asyncDispose]();
    },
  };
}

function ignore(): void {}

async function* share(
  due: readonly DueArticle[],
  context: BundleContext,
  related: RelatedArticles,
  helper: Helper,
): AsyncGenerator<MadeChunk> {
  helper.begin(context);
  helper.complete(related);
  for (let own = helper.take(); own !== undefined; own = helper.take()) {
    yield { at: own.at, made: await makeChunk(own, context) };
    await setImmediate(); // lets the helper's answers in
    yield* helper.received();
  }
  while (helper.given < due.length) {
    await helper.wait();
    yield* helper.received();
  }
}

/** The second thread, and the queue that both take their chunks from. */
class Helper implements AsyncDisposable {
  readonly #thread: HelperThread<HelperMessage, HelperReply>;
  /** Grows while sources are read. */
  readonly due: readonly DueArticle[];
  #next = 0;
  /** By which style and theme it makes; nothing before the context was sent. */
  #look: string | undefined;
  /** Chunks that the helper makes without knowing what their pages lead on to. */
  readonly #waiting: { at: number; count: number }[] = [];
  /** Known when no article will be added to those that are due. */
  #related: RelatedArticles | undefined;
  /** Articles whose revisions were given out, by whichever thread. */
  given = 0;

  constructor(worker: Worker, due: readonly DueArticle[]) {
    this.#thread = new HelperThread(worker, () => this.#feed());
    this.due = due;
  }

  /**
   * Sends the context, and the first tasks.
   *
   * @throws {OvnError} `source` where it was begun by another style: what it has made is of a theme that is not stored.
   */
  begin(context: BundleContext): void {
    const look = `${context.style.link.cid} ${context.theme?.cid}`;
    if (this.#look === look) return;
    if (this.#look !== undefined)
      throw new OvnError('source', 'the theme changed while articles were read; nothing was published', {
        hint: 'Run it again.',
      });
    this.#look = look;
    this.#thread.tell({ context: helperContext(context) });
    this.#feed();
  }

  /** No article will be added to those that are due: the last chunk may be a short one, and what pages lead on to is known. */
  complete(related: RelatedArticles): void {
    this.#related = related;
    for (const { at, count } of this.#waiting)
      this.#thread.ask({ at, related: relatedFrom(at, count, related) });
    this.#feed();
  }

  /** The next chunk that nobody has taken, for this thread. */
  take(): RevisionTask | undefined {
    const task = this.#takeChunk();
    this.given += task?.due.length ?? 0;
    return task;
  }

  /** Resolves when there is an answer or an error. */
  wait(): Promise<void> {
    return this.#thread.wait();
  }

  *received(): Generator<MadeChunk> {
    for (const reply of this.#thread.take()) {
      if ('failure' in reply) throw errorOf(reply.failure);
      if (!('chunk' in reply)) continue;
      const made = unpackChunk(reply.chunk);
      this.given += made.length;
      yield { at: reply.at, made };
      // Left to be collected it would count until the whole heap is marked, and is what V8 marks it for.
      reply.chunk.bytes.transfer(0);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }

  #feed(): void {
    while (this.#look !== undefined && this.#thread.asked < AHEAD) {
      const task = this.#takeChunk();
      if (task === undefined) return;
      this.#thread.ask(task);
    }
  }

  #takeChunk(): RevisionTask | undefined {
    const at = this.#next;
    const due = this.due.slice(at, at + CHUNK);
    if (due.length === 0 || (due.length < CHUNK && this.#related === undefined)) return undefined;
    if (due.some(({ media }) => media.some(({ variants }) => variants === undefined))) return undefined;
    this.#next += due.length;
    if (this.#related !== undefined) return { at, due, related: relatedFrom(at, due.length, this.#related) };
    this.#waiting.push({ at, count: due.length });
    return { at, due };
  }
}

/** A look is made of functions, and made anew of the theme there. */
function helperContext({ style, masthead, look: _look, ...rest }: BundleContext): HelperContext {
  return {
    ...rest,
    style: { cid: style.link.cid.toString(), tsize: style.link.size, size: style.size },
    masthead: { cid: masthead.cid.toString(), tsize: masthead.size },
  };
}
