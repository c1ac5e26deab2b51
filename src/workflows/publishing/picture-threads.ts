import type { Worker } from 'node:worker_threads';
import { MEDIA_LIMITS } from '../../bundle/media/limits.ts';
import type { Original, Variant } from '../../bundle/pictures/make-variants.ts';
import { OvnError } from '../../errors.ts';
import { HelperThread } from '../helper-thread.ts';
import { errorOf, type ThreadFailure } from '../thread-failure.ts';
import type { PictureMaker } from './picture-maker.ts';

export type PictureReply = { variants: Variant[] } | { failure: ThreadFailure };

/** One picture takes seconds at most. What takes longer was made to. */
const MOST_MS = 5 * 60_000;
/** What a picture of so many pixels leaves in its thread until the collector comes there is more than a thread costs: most cameras make less. */
const LARGE = 30_000_000;

type PictureThread = HelperThread<Original, PictureReply>;

/**
 * Makes pictures on as many threads, which are started when there is a picture. Together they hold no more pixels at a time than one
 * picture may have.
 *
 * @param start starts picture-thread.ts.
 */
export function makeOnThreads(start: () => Worker, lanes: number): PictureMaker {
  const pool = new Pool(start, lanes);
  return {
    lanes,
    make: (picture, signal) => pool.make(picture, signal),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

class Pool implements AsyncDisposable {
  readonly #start: () => Worker;
  readonly #lanes: number;
  readonly #idle: PictureThread[] = [];
  readonly #busy = new Set<PictureThread>();
  #pixels = 0;
  #waiting: (() => void)[] = [];

  constructor(start: () => Worker, lanes: number) {
    this.#start = start;
    this.#lanes = lanes;
  }

  async make(picture: Original, signal: AbortSignal): Promise<Variant[]> {
    const pixels = picture.width * picture.height;
    while (!this.#hasRoomFor(pixels)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    signal.throwIfAborted();
    const thread = this.#idle.pop() ?? new HelperThread(this.#start());
    this.#busy.add(thread);
    this.#pixels += pixels;
    try {
      return await askThread(thread, picture, signal);
    } finally {
      await this.#takeBack(thread, pixels);
      this.#busy.delete(thread);
      this.#pixels -= pixels;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#idle, ...this.#busy].map((thread) => thread[Symbol.asyncDispose]()));
  }

  #hasRoomFor(pixels: number): boolean {
    if (this.#busy.size === 0) return true;
    return this.#busy.size < this.#lanes && this.#pixels + pixels <= MEDIA_LIMITS.pixels;
  }

  /** One that answered in time can be asked again; another may still be at work. After a large picture its memory is freed with it. */
  async #takeBack(thread: PictureThread, pixels: number): Promise<void> {
    if (thread.asked === 0 && pixels < LARGE) this.#idle.push(thread);
    else await thread[Symbol.asyncDispose]();
  }
}

async function askThread(thread: PictureThread, picture: Original, signal: AbortSignal): Promise<Variant[]> {
  using deadline = patience(picture.name, signal);
  thread.ask(picture);
  await Promise.race([thread.wait(), deadline.passed]);
  const [reply] = thread.take();
  if (reply === undefined) throw new Error('a picture got no answer');
  if ('failure' in reply) throw errorOf(reply.failure);
  return reply.variants;
}

/** Rejects when the signal comes, or it takes too long. */
function patience(name: string, signal: AbortSignal): Disposable & { passed: Promise<never> } {
  const { promise: passed, reject } = Promise.withResolvers<never>();
  passed.catch(() => undefined);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => {
    reject(new OvnError('limit', `${name}: it takes minutes to decode; export it anew, or smaller`));
  }, MOST_MS);
  return {
    passed,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}
