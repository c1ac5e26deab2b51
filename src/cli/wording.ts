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
