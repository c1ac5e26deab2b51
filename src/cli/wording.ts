/** What can steer a terminal, end a line or turn the order of what follows; a tab cannot. */
const STEERING = /[[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]--\t]/gv;

/** A text on one line, in which no character does anything but show: those that would are written `\u001b`. */
export function visible(text: string): string {
  return text.replace(STEERING, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `1 block`, `2 blocks`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * How a reader of this output would call the program: through npx only where npm started it, because elsewhere npx
 * would look for a package of that name and run a stranger's program.
 */
export function programName(): string {
  return process.env['npm_command'] === undefined ? 'ovn' : 'npx ovn';
}

/** A source that is held back, why, and until when. `until` is null where that is no moment. */
export function tellHeld({
  source,
  reason,
  until,
}: {
  source: string;
  reason: string;
  until: string | null;
}): string {
  return `${source}: ${reason}${until === null ? '' : ` (until ${until})`}`;
}
