/** What a codec returns, or nothing: it throws numbers, objects and errors over what it cannot read. */
export function attempt<T>(work: () => T | null | undefined): T | undefined {
  try {
    return work() ?? undefined;
  } catch {
    return undefined;
  }
}
