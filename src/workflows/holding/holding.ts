import type { LeftOut } from './choose.ts';
import type { HeldParts } from './held-folder.ts';

/** What is held of an edition. */
export interface Holding extends HeldParts {
  /** Of all that is held, each block counted once: never above `maxBytes` of the choice, divided by the editions that are kept. */
  bytes: number;
  /** Every block of the edition is held. */
  whole: boolean;
  left: Left;
}

/** What is not held, by choice. */
export interface Left {
  articles: number;
  /** As the directories state them: what articles share counts again with each. */
  bytes: number;
  /** The reasons; none where nothing is left. */
  why: LeftOut[];
}

export interface HoldProgress {
  articles: number;
  /** Held so far. */
  bytes: number;
}
