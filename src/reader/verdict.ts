import { EXIT } from '../errors.ts';

/**
 * The most that can be said: `refused` is proof of falsehood; `genuine` is timeless; `listed` is the newest revision in
 * an edition; `current` is that, in an edition that is the newest known and unexpired.
 */
export type Verdict = 'refused' | 'genuine' | 'listed' | 'current';

/** What is named by its CID is never refused for its age; a name that is not confirmed as current is incomplete. */
export function exitCodeOfVerdict(verdict: Verdict, namedBy: 'name' | 'cid'): number {
  if (verdict === 'refused') return EXIT.refused;
  return namedBy === 'cid' || verdict === 'current' ? EXIT.done : EXIT.incomplete;
}
