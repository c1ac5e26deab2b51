import { describe, expect, it } from 'vitest';
import { OvnError } from '../../src/errors.ts';
import { type Check, firstFailed, requirePassed, runCheck, skipChecks } from '../../src/trust/check.ts';

const fail = (): never => {
  throw new OvnError('malformed', 'it is broken');
};

describe('checks', () => {
  it('record what a rule found, what it refused, and what was not looked at', () => {
    const checks: Check[] = [];
    expect(
      runCheck(
        checks,
        'a',
        () => 7,
        (found) => `found ${found}`,
      ),
    ).toBe(7);
    expect(runCheck(checks, 'b', fail, () => 'never')).toBeUndefined();
    skipChecks(checks, ['c', 'd'], 'after b');
    expect(checks).toEqual([
      { name: 'a', result: 'pass', detail: 'found 7' },
      { name: 'b', result: 'fail', detail: 'it is broken' },
      { name: 'c', result: 'not-checked', detail: 'after b' },
      { name: 'd', result: 'not-checked', detail: 'after b' },
    ]);
    expect(firstFailed(checks)?.name).toBe('b');
  });

  it('let defects through', () => {
    const defect = () => {
      throw new TypeError('a defect');
    };
    expect(() => runCheck([], 'a', defect, () => '')).toThrow(TypeError);
  });

  it('refuse only what failed', () => {
    const checks: Check[] = [];
    skipChecks(checks, ['a'], 'why');
    expect(() => requirePassed(checks, 'manifest')).not.toThrow();
    runCheck(checks, 'b', fail, () => '');
    expect(() => requirePassed(checks, 'manifest')).toThrow(
      expect.objectContaining({ code: 'refused', message: 'manifest: b: it is broken' }),
    );
  });
});
