/**
 * Keeps what goes wrong with standard output from ending the process in the middle of its work. A reader that went away
 * (`| head`) has what it wanted; anything else, such as a full disk, is thrown by `settled`.
 */
export function guardOutput(): { settled(): Promise<void> } {
  let failure: Error | undefined;
  const note = (error: Error): void => {
    failure ??= error;
  };
  process.stdout.on('error', note);
  process.stderr.on('error', () => undefined); // nobody is left to be told
  return {
    async settled() {
      await new Promise(setImmediate);
      if (failure !== undefined && !isClosedPipe(failure)) throw failure;
    },
  };
}

/** Whether somebody who read what is printed went away. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE';
}
