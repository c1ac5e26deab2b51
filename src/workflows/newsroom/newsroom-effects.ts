import type { ClockReading } from '../../repo/last-clock.ts';
import type { Repository } from '../../repo/repository.ts';

/** What changes of the newsroom need. */
export interface NewsroomEffects {
  repository: Repository;
  /** Nobody publishes while sources are written. */
  lock(): Promise<AsyncDisposable>;
  now: Date;
  /** What embargoes end by. */
  clock: ClockReading;
}
