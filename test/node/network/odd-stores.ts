import { BaseBlockstore } from 'blockstore-core/base';

/** A store that answers nothing it is asked. */
export class HangingStore extends BaseBlockstore {
  readonly #asked = Promise.withResolvers<void>();

  /** When it was first asked. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  override has(): Promise<boolean> {
    this.#asked.resolve();
    return new Promise(() => undefined);
  }
}

/** A store that has every block, and always the same wrong bytes. */
export class LyingStore extends BaseBlockstore {
  readonly #bytes: Uint8Array;

  constructor(length: number) {
    super();
    this.#bytes = new Uint8Array(length).fill(0x78);
  }

  override has(): boolean {
    return true;
  }

  override *get(): Generator<Uint8Array> {
    yield this.#bytes;
  }
}
