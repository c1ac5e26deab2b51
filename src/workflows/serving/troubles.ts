import { codeOf } from '../../errors.ts';

/** Who is told of what goes wrong in the background. */
export interface TroubleEffects {
  /** A line for whoever runs it. */
  onTrouble(part: string, message: string, code: string): void;
  /** What was told is well again. */
  onSettled?: ((part: string) => void) | undefined;
  /** Counted, also where the line was said before. */
  countFailure(part: string): void;
}

/**
 * What goes wrong in the background: it is counted each time, and told once until it is another thing or all was well in between. It
 * never ends anything else.
 */
export class Troubles {
  readonly #effects: TroubleEffects;
  readonly #told = new Map<string, string>();

  constructor(effects: TroubleEffects) {
    this.#effects = effects;
  }

  /** Parts that failed when they were last tried, and why. */
  get standing(): ReadonlyMap<string, string> {
    return this.#told;
  }

  report(part: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#effects.countFailure(part);
    if (this.#told.get(part) === message) return;
    this.#told.set(part, message);
    this.#effects.onTrouble(part, message, codeOf(error));
  }

  settle(part: string): void {
    if (this.#told.delete(part)) this.#effects.onSettled?.(part);
  }
}
