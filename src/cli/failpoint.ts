import type { PublishStep } from '../workflows/publish.ts';

/**
 * `OVN_FAILPOINT=<step>:<before|after>` kills the process there, as a power cut would: for tests of what a crash
 * leaves behind.
 */
export function failpoint(): (step: PublishStep, moment: 'before' | 'after') => void {
  const wanted = process.env['OVN_FAILPOINT'];
  return (step, moment) => {
    if (wanted === `${step}:${moment}`) process.kill(process.pid, 'SIGKILL');
  };
}
