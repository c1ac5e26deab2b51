import type { Repository } from '../../repo/repository.ts';
import type { Troubles } from './troubles.ts';

/** What a part of the server does when it is told to read anew what it was told at the start. */
export type Reload = () => Promise<void> | void;

/**
 * What is to be read anew on a reload: ovn.json's network first, then every part that was added, in that order. What fails is told, and
 * that part stays as it was; no connection is dropped.
 */
export class Reloads {
  readonly #parts: { part: string; reload: Reload }[] = [];
  readonly #repository: Pick<Repository, 'renewNetwork'>;
  readonly #troubles: Troubles;
  #last: Promise<readonly string[]> = Promise.resolve([]);

  constructor(repository: Pick<Repository, 'renewNetwork'>, troubles: Troubles) {
    this.#repository = repository;
    this.#troubles = troubles;
  }

  add(part: string, reload: Reload): void {
    this.#parts.push({ part, reload });
  }

  /** Reloads one after the other, and says which parts failed; never throws. */
  run(): Promise<readonly string[]> {
    this.#last = this.#last.then(() => this.#runAll());
    return this.#last;
  }

  async #runAll(): Promise<string[]> {
    const failed: string[] = [];
    const settings = { part: 'settings', reload: () => this.#repository.renewNetwork() };
    for (const { part, reload } of [settings, ...this.#parts]) {
      try {
        await reload();
        this.#troubles.settle(`reload ${part}`);
      } catch (error) {
        failed.push(part);
        this.#troubles.report(`reload ${part}`, error);
      }
    }
    return failed;
  }
}
