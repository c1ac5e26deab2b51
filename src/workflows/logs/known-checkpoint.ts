import { OvnError } from '../../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../../log/checkpoint.ts';
import { formatNote, parseNote } from '../../log/note.ts';
import { encodeBase64 } from '../../log/text.ts';
import { formatInstant } from '../../trust/instant.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import { readMastheads, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { LogEffects } from './head-log.ts';

/** A checkpoint of this publication's log that came from outside. */
export interface KnownCheckpoint {
  checkpoint: VerifiedCheckpoint;
  /** Of the masthead whose log keys signed it. */
  version: number;
}

/**
 * Opens a checkpoint by the keys of the newest masthead under which its signature holds.
 *
 * @throws {OvnError} `malformed` or `limit`; `refused` for one of another log, or that no known masthead's log key signed.
 */
export function openKnown(note: Uint8Array, { repository }: LogEffects): KnownCheckpoint {
  parseNote(note);
  const chain = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
  const refusals: string[] = [];
  for (const newest of chain.versions.toReversed()) {
    const opened = openUnder(note, { ...chain, newest });
    if (typeof opened !== 'string') return { checkpoint: opened, version: newest.masthead.version };
    refusals.push(opened);
  }
  throw new OvnError('refused', refusals[0] ?? 'checkpoint: there is no masthead', {
    hint: 'It was held against the log keys of every masthead that is known here.',
  });
}

function openUnder(note: Uint8Array, mastheads: VerifiedMastheads): VerifiedCheckpoint | string {
  try {
    return openCheckpoint(note, logIdentity(mastheads.newest.masthead));
  } catch (error) {
    if (error instanceof OvnError && error.code === 'refused') return error.message;
    throw error;
  }
}

/**
 * Remembers a longer log: publish refuses to make a second history beside it. A key that no newer masthead names any more
 * may be in other hands, and must not be able to bring publishing to an end.
 */
export function noteLonger(
  source: string,
  { checkpoint, version }: KnownCheckpoint,
  { repository, now }: LogEffects,
): void {
  if (version !== repository.mastheads().length) return;
  const { origin, size, root } = checkpoint;
  const note = Buffer.from(formatNote(checkpoint.note)).toString('utf8');
  const seen = { origin, size, root: encodeBase64(root), note, source };
  repository.transaction(() => repository.seenCheckpoints.note({ ...seen, seen: formatInstant(now) }));
}
