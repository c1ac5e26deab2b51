import { messageOf, NotChecked } from './failure.ts';

/** One line of what verification says (docs/format.md, "Verdicts"). Only `fail` refuses. */
export interface Check {
  name: string;
  result: 'pass' | 'fail' | 'not-checked';
  /** A sentence for people. */
  detail: string;
  /** Whether it is not checked because something did not come, and not because this page never looks at it. */
  isMissing: boolean;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The checks so far, in their order. */
export class Report {
  readonly checks: Check[] = [];
  readonly #onCheck: (check: Check) => void;

  constructor(onCheck: (check: Check) => void = () => undefined) {
    this.#onCheck = onCheck;
  }

  pass(name: string, detail: string): void {
    this.#add({ name, result: 'pass', detail, isMissing: false });
  }

  fail(name: string, detail: string): void {
    this.#add({ name, result: 'fail', detail, isMissing: false });
  }

  /** What this page does not look at here, whatever it is given. */
  skip(name: string, detail: string): void {
    this.#add({ name, result: 'not-checked', detail, isMissing: false });
  }

  /** What would have been looked at, had it come. */
  miss(name: string, detail: string): void {
    this.#add({ name, result: 'not-checked', detail, isMissing: true });
  }

  /**
   * Applies a rule and records it. Whatever it throws but {@link NotChecked} refuses: bytes of strangers that
   * trip this program are not what was signed.
   *
   * @returns the rule's value; `undefined` where it does not hold.
   */
  async check<T>(
    name: string,
    rule: () => Promise<T> | T,
    tell: (value: T) => string,
  ): Promise<T | undefined> {
    try {
      const value = await rule();
      this.pass(name, tell(value));
      return value;
    } catch (error) {
      if (error instanceof NotChecked) this.miss(name, messageOf(error));
      else this.fail(name, messageOf(error));
      return undefined;
    }
  }

  /** The first rule that does not hold. */
  get failed(): Check | undefined {
    return this.checks.find(({ result }) => result === 'fail');
  }

  /** The first rule for which something did not come. */
  get missed(): Check | undefined {
    return this.checks.find(({ isMissing }) => isMissing);
  }

  #add(check: Check): void {
    this.checks.push(check);
    this.#onCheck(check);
  }
}
