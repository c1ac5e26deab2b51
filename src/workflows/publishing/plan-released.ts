import type { ClockReading } from '../../repo/last-clock.ts';
import type { Plan, PlanOptions } from './plan.ts';
import { planPublication } from './plan-publication.ts';
import type { PublishEffects } from './publish-effects.ts';
import { believedUntil, type ClockDoubt, clockToNote, doubtOf } from './release-clock.ts';

/** A plan, and how far the clock was believed that it was made by. */
export interface ReleasedPlan {
  plan: Plan;
  /** Set where embargoes that seem to be over wait, because the clock may run ahead. */
  doubt: ClockDoubt | undefined;
  /** What is to be noted of the clock when this is published. */
  note: ClockReading | undefined;
}

/**
 * Plans with the embargoes that are over. Where the clock went further than the time that is known to have passed, and
 * that would release something, somebody is asked first; where nobody is there, or says no, it waits.
 *
 * @throws {OvnError} as {@link planPublication}.
 */
export async function planReleased(
  { repository, clock }: Pick<PublishEffects, 'repository' | 'clock'>,
  options: Omit<PlanOptions, 'releasedUntil'>,
): Promise<ReleasedPlan> {
  const { upTo = clock.wall } = clock;
  const wall = Math.min(clock.wall, upTo);
  const believed = Math.min(wall, believedUntil(repository, clock));
  const plan = await planPublication(repository, { ...options, releasedUntil: believed });
  const doubt = doubtOf(repository, plan, wall);
  if (doubt === undefined || !(await clock.confirm?.(doubt)))
    return { plan, doubt, note: clockToNote(repository, clock, false) };
  const released = await planPublication(repository, { ...options, releasedUntil: wall });
  return { plan: released, doubt: undefined, note: clockToNote(repository, clock, true) };
}
