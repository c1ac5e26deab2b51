import type { Transferable, Worker } from 'node:worker_threads';

/** A second thread that answers every question once, in their order, as it is seen from the first. */
export class HelperThread<Message, Reply> implements AsyncDisposable {
  readonly #worker: Worker;
  #replies: Reply[] = [];
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  #asked = 0;

  /** @param onReply called when an answer is there, before anybody takes it. */
  constructor(worker: Worker, onReply?: () => void) {
    this.#worker = worker;
    worker.on('message', (reply: Reply) => {
      this.#replies.push(reply);
      this.#asked -= 1;
      onReply?.();
      this.#wake?.();
    });
    worker.on('error', (error: Error) => this.#end(error));
    worker.on('exit', () => this.#end(new Error('the second thread has ended')));
  }

  /** Questions that it has not answered yet. */
  get asked(): number {
    return this.#asked;
  }

  /** Sends what has no answer. */
  tell(message: Message): void {
    this.#worker.postMessage(message);
  }

  ask(question: Message, transfer: readonly Transferable[] = []): void {
    this.#asked += 1;
    this.#worker.postMessage(question, transfer);
  }

  /** Resolves when there is an answer or an error. */
  async wait(): Promise<void> {
    if (this.#replies.length > 0 || this.#error !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The answers that came since. @throws what ended the thread */
  take(): Reply[] {
    if (this.#error !== undefined) throw this.#error;
    const replies = this.#replies;
    this.#replies = [];
    return replies;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.#error ??= error;
    this.#wake?.();
  }
}
