/** How often strangers can have one publication looked for, in ms. */
export const LOOK_EVERY_MS = 60_000;

export interface LookEffects {
  /** Whether it is one that is followed. */
  isFollowed(publication: string): boolean;
  /** Looks now, where a look is due; whether it does. */
  look(publication: string): boolean;
  /** Milliseconds. */
  clock(): number;
}

/** Whoever asks, and however often: a publication that is followed is looked for at most once a minute. */
export function limitLooks({ isFollowed, look, clock }: LookEffects): (publication: string) => boolean {
  const last = new Map<string, number>();
  return (publication) => {
    const now = clock();
    if (!isFollowed(publication) || now < (last.get(publication) ?? Number.NEGATIVE_INFINITY) + LOOK_EVERY_MS)
      return false;
    for (const [other, at] of last) if (at + LOOK_EVERY_MS <= now) last.delete(other);
    last.set(publication, now);
    return look(publication);
  };
}
