/**
 * Works through things that lead to further things, the last found first, so many at once. What fails ends it, once what was begun
 * has ended.
 */
export function workThrough<T>(
  first: readonly T[],
  atOnce: number,
  work: (thing: T) => Promise<readonly T[]>,
): Promise<void> {
  const pending = first.toReversed();
  const failures: unknown[] = [];
  let running = 0;
  return new Promise((resolve, reject) => {
    const pump = (): void => {
      while (failures.length === 0 && running < atOnce && pending.length > 0) begin(pending.pop() as T);
      if (running > 0) return;
      if (failures.length > 0) reject(failures[0]);
      else resolve();
    };
    const end = (): void => {
      running -= 1;
      pump();
    };
    const begin = (thing: T): void => {
      running += 1;
      work(thing)
        .then(
          (found) => void pending.push(...found.toReversed()),
          (error: unknown) => void failures.push(error),
        )
        .then(end);
    };
    pump();
  });
}
