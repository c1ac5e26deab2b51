import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';

/**
 * Sets the globals of mocha that the ecosystem's interface tests are written for. Call it before the suite is called.
 * Vitest has its own time limit, so `this.timeout()` does nothing.
 */
export function setMochaGlobals(): void {
  Object.assign(globalThis, {
    describe,
    beforeEach,
    afterEach,
    before: beforeAll,
    after: afterAll,
    it: (name: string, run: (this: unknown) => unknown) =>
      it(name, () => run.call({ timeout: () => undefined })),
  });
}
