import { messageText } from '../article/characters.ts';
import type { Loss, LossKind } from './foreign-post.ts';
import { shorten } from './plain-text.ts';

/** Characters of a message, and messages of one article, at most. */
const LIMITS = { message: 300, messages: 200 } as const;

/** Collects what an article loses: the same thing once, with how often. */
export class Losses {
  readonly #counts = new Map<string, { loss: Loss; times: number }>();
  #more = 0;

  add(kind: LossKind, message: string): void {
    const said = shorten(messageText(message), LIMITS.message);
    const key = `${kind} ${said}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.times++;
    else if (this.#counts.size < LIMITS.messages)
      this.#counts.set(key, { loss: { kind, message: said }, times: 1 });
    else this.#more++;
  }

  addAll(losses: readonly Loss[]): void {
    for (const { kind, message } of losses) this.add(kind, message);
  }

  list(): Loss[] {
    const listed = Array.from(this.#counts.values(), ({ loss, times }) =>
      times === 1 ? loss : { ...loss, message: `${loss.message} (${times} times)` },
    );
    if (this.#more > 0) listed.push({ kind: 'text', message: `${this.#more} more things like these` });
    return listed;
  }
}
