import type { MastheadStep } from '../workflows/keys/change-masthead.ts';
import type { PublishStep, StepMoment } from '../workflows/publish.ts';

/**
 * `OVN_FAILPOINT=<step>:<before|within|after>[:<n>]` kills the process there (the n-th time that it comes by), as a power cut
 * would: for tests of what a crash leaves behind.
 */
export function failpoint(): (step: PublishStep | MastheadStep, moment: StepMoment) => void {
  const [step, moment, count = '1'] = (process.env['OVN_FAILPOINT'] ?? '').split(':');
  let left = Number(count);
  return (at, when) => {
    if (at === step && when === moment && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
