/** The closed set of reasons for which `ovn` stops. One place, {@link exitCodeOf}, maps them to exit codes. */
export type ErrorCode =
  | 'usage' // the command was called wrongly
  | 'source' // an article's source has errors
  | 'not-found' // what was asked for is not here
  | 'not-held' // it is of a publication of which this mirror holds a part, and not of that part
  | 'exists' // would overwrite something
  | 'limit' // larger, deeper or longer than is accepted
  | 'malformed' // bytes from outside that are not what they should be
  | 'damaged' // the repository itself is not whole
  | 'incomplete' // stored, but not all of it is here or confirmed
  | 'refused' // verification found proof of falsehood
  | 'withheld' // a text that a retraction withholds
  | 'denied' // what a list of this server denies
  | 'key' // a private key is missing, locked or not authorised
  | 'busy' // another process has what is needed
  | 'io' // the file system or the network failed
  | 'interrupted';

/** One thing that is wrong in one source file. `line` is 1-based. */
export interface Finding {
  severity: 'error' | 'warning';
  file: string;
  line: number;
  message: string;
}

/**
 * Every error that a user is meant to read: what was wrong, where, and what to do next (`hint`).
 * Anything else that is thrown is a defect of the program.
 */
export class OvnError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly findings: readonly Finding[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; findings?: readonly Finding[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OvnError';
    this.code = code;
    this.hint = options.hint;
    this.findings = options.findings ?? [];
  }
}

/** Exit codes that scripts rely on: see `docs/format.md` and `ovn --help`. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  refused: 4,
  interrupted: 130,
} as const;

const EXIT_BY_CODE: Record<ErrorCode, number> = {
  usage: EXIT.usage,
  source: EXIT.failed,
  'not-found': EXIT.failed,
  'not-held': EXIT.incomplete,
  exists: EXIT.failed,
  limit: EXIT.failed,
  malformed: EXIT.failed,
  damaged: EXIT.failed,
  incomplete: EXIT.incomplete,
  refused: EXIT.refused,
  withheld: EXIT.failed,
  denied: EXIT.failed,
  key: EXIT.failed,
  busy: EXIT.failed,
  io: EXIT.failed,
  interrupted: EXIT.interrupted,
};

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  return error instanceof OvnError ? EXIT_BY_CODE[error.code] : EXIT.failed;
}

/** The code of any error, for logs: its own, that of the system (`ENOSPC`), or `unexpected`; of words alone `incomplete`. */
export function codeOf(error: unknown): string {
  if (error instanceof OvnError) return error.code;
  if (typeof error === 'string') return 'incomplete';
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Za-z][A-Za-z0-9_-]{1,60}$/.test(code) ? code : 'unexpected';
}
