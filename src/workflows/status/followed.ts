import { parseName } from '../../node/names/name.ts';
import type { Followed } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import type { FollowedStatus } from './report.ts';
import { secondsLeft } from './times.ts';

/** What is followed, as it stands here. */
export function followedStatus(repository: Repository, now: Date): FollowedStatus[] {
  return repository.followed.list().map((followed) => describe(followed, repository, now));
}

function describe(followed: Followed, repository: Repository, now: Date): FollowedStatus {
  const { publication, name, edition, sequence, expires, whole, bytes, choice } = followed;
  const { left, checked, synced, problem } = followed;
  return {
    publication,
    name,
    edition,
    sequence,
    expires,
    timeLeft: expires === null ? null : secondsLeft(expires, now),
    whole,
    bytes,
    categories: choice.categories,
    left,
    checked,
    synced,
    recordUntil: recordUntil(name, repository),
    problem,
  };
}

function recordUntil(text: string | null, { names }: Repository): string | null {
  const name = text === null ? undefined : parseName(text);
  return (name && names.get(name)?.validUntil.toISOString()) ?? null;
}
