/** Things that are named one by one. */
const MOST_NAMED = 5;

/** Names the first of many things, and says how many more there are. */
export function tellSome(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
