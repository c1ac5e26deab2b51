import type { Repository } from '../repo/repository.ts';

/**
 * Waits until nobody else publishes or changes sources, and keeps others waiting until it is disposed of. Who was waited for may
 * have written ovn.json together with sources: from here on the repository has what it says by now.
 *
 * @throws {OvnError} `not-found`, `malformed` as reading ovn.json does.
 */
export async function lockPaper({
  repository,
  lock,
}: {
  repository: Repository;
  lock(): Promise<AsyncDisposable>;
}): Promise<AsyncDisposable> {
  const held = await lock();
  try {
    repository.renewSettings();
    return held;
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}
