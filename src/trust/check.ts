import { OvnError } from '../errors.ts';

/** One line of what verification says. Only `fail` refuses. */
export interface Check {
  /** Kebab-case, stable: scripts read it. */
  name: string;
  result: 'pass' | 'fail' | 'not-checked';
  /** A sentence for people: what was found, or what is wrong. */
  detail: string;
}

/**
 * Applies a rule and records it: `pass` with what `tell` says of its value, or `fail` with the message of the
 * {@link OvnError} it threw. Any other error is a defect and goes on.
 *
 * @returns the rule's value; `undefined` where it failed.
 */
export function runCheck<T>(
  checks: Check[],
  name: string,
  rule: () => T,
  tell: (value: T) => string,
): T | undefined {
  try {
    const value = rule();
    checks.push({ name, result: 'pass', detail: tell(value) });
    return value;
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    checks.push({ name, result: 'fail', detail: error.message });
    return undefined;
  }
}

/** Records rules that could not be applied, and why. */
export function skipChecks(checks: Check[], names: readonly string[], reason: string): void {
  for (const name of names) checks.push({ name, result: 'not-checked', detail: reason });
}

/** The first check that failed, if one did. */
export function firstFailed(checks: readonly Check[]): Check | undefined {
  return checks.find(({ result }) => result === 'fail');
}

/**
 * Stops at the first check that failed.
 *
 * @param what the thing judged, for the message: `manifest`.
 * @throws {OvnError} `refused`.
 */
export function requirePassed(checks: readonly Check[], what: string): void {
  const failed = firstFailed(checks);
  if (failed !== undefined) throw new OvnError('refused', `${what}: ${failed.name}: ${failed.detail}`);
}
