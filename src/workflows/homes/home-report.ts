import { type ErrorCode, OvnError } from '../../errors.ts';
import { type Confirmation, isHeld, type StoredHome } from '../../repo/homes.ts';

/** One DAG at one home, in `push --json`, `remote status --json` and `status --json`. Times are UTC. */
export interface HeldReport {
  cid: string;
  subject: string;
  sequence: number | null;
  state: Confirmation['state'];
  detail: string | null;
  copies: Confirmation['copies'];
  /** Confirmed by the home, and read back. */
  held: boolean;
  confirmed: string | null;
  readBack: Confirmation['readBack'];
  /** Why it is not held, in words. */
  problem: string | null;
}

/** What went wrong at a home as a whole. */
export interface HomeProblem {
  code: string;
  message: string;
  /** What to do next. */
  hint: string | null;
}

/** One home. */
export interface HomeReport {
  home: string;
  kind: StoredHome['kind'];
  url: string;
  /** It could not be asked, or not to the end. */
  problem: HomeProblem | null;
  /** What it is to keep. */
  wanted: HeldReport[];
  /** Slugs that it was added for and that the head edition does not have. */
  missing: string[];
  /** What took its place is held; so it was released. */
  released: string[];
  /** What is to be released and is not yet. */
  left: { cid: string; subject: string; problem: string | null }[];
}

/** Whether all is done that a home was asked for. */
export function isDone({ problem, wanted, missing, left }: HomeReport): boolean {
  const isForNothing = wanted.length === 0 && missing.length > 0;
  return problem === null && left.length === 0 && !isForNothing && wanted.every(({ held }) => held);
}

export function heldReport(confirmation: Confirmation): HeldReport {
  const { cid, subject, sequence, state, detail, copies, confirmed, readBack } = confirmation;
  const held = isHeld(confirmation);
  const said = { cid, subject, sequence, state, detail, copies, held, confirmed, readBack };
  return { ...said, problem: held ? null : problemOf(confirmation) };
}

/** What it is instead of pinned. */
const STANDING: Record<Exclude<Confirmation['state'], 'pinned'>, string> = {
  absent: 'it is not there',
  unknown: 'it is not said to be kept there',
  failed: 'it could not be pinned there',
  queued: 'it is queued there',
  pinning: 'it is being pinned there',
};

/** Why it does not count as held. */
function problemOf({ state, detail, copies, problem, readBack }: Confirmation): string {
  const because = detail === null ? '' : `: ${detail}`;
  if (state !== 'pinned') return `${STANDING[state]}${because}`;
  if (copies !== null && copies.have < copies.want)
    return `there are ${copies.have} of ${copies.want} copies${because}`;
  return problem ?? (readBack === null ? 'it was not read back yet' : 'it is not held');
}

/** What to do next, where the error does not say it. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  io: 'Is it up, and is the address right that ovn remote ls shows? Run it again then: it goes on with what is not done.',
  busy: 'Run it again later: it goes on with what is not done.',
  malformed: 'Is the address right that ovn remote ls shows, and of this kind?',
};

/** What is shown of an error of a home. Anything else than an error for users is a defect, and goes on. */
export function problemOfError(error: unknown): HomeProblem {
  if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
  const { code, message, hint = HINTS[code] ?? null } = error;
  return { code, message, hint };
}
