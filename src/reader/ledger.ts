import { OvnError } from '../errors.ts';
import type { Check } from '../trust/check.ts';

/** What a rule that held found out, in a sentence for people. */
export interface Finding<T> {
  value: T;
  detail: string;
  /** Given where the rule could not be applied, or holds without confirming what is newest. */
  result?: 'not-checked';
}

/**
 * The checks of one judgement, in a fixed order. The first rule that fails ends it: what comes after would rest on
 * what was refused.
 */
export class Ledger<Name extends string> {
  readonly checks: Check[] = [];
  readonly #names: readonly Name[];

  constructor(names: readonly Name[]) {
    this.#names = names;
  }

  /**
   * Applies the next rule and records what it says.
   *
   * @throws {OvnError} what the rule threw, once it is recorded.
   */
  async apply<T>(name: Name, rule: () => Finding<T> | Promise<Finding<T>>): Promise<T> {
    try {
      const { value, detail, result = 'pass' } = await rule();
      this.checks.push({ name, result, detail });
      return value;
    } catch (error) {
      if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
      this.checks.push({ name, result: 'fail', detail: error.message });
      throw error;
    }
  }

  /** Records the rules that were not reached. */
  close(reason: string): readonly Check[] {
    for (const name of this.#names.slice(this.checks.length)) {
      this.checks.push({ name, result: 'not-checked', detail: reason });
    }
    return this.checks;
  }
}
