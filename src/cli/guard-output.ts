/** Standard output, as far as it can fail. */
export interface Output {
  /** Waits until what was printed is written; throws what went wrong with it, such as a full disk. */
  settled(): Promise<void>;
}

/**
 * Keeps what goes wrong with standard output from ending the process in the middle of its work. A reader that went away
 * (`| head`) has what it wanted, so that is no error.
 */
export function guardOutput(): Output {
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
