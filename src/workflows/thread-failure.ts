import { type ErrorCode, OvnError } from '../errors.ts';

/** An error on its way between threads, where it would lose its class. */
export interface ThreadFailure {
  code: ErrorCode | undefined;
  message: string;
  hint: string | undefined;
}

export function failureOf(error: unknown): ThreadFailure {
  if (!(error instanceof OvnError)) return { code: undefined, message: String(error), hint: undefined };
  return { code: error.code, message: error.message, hint: error.hint };
}

export function errorOf({ code, message, hint }: ThreadFailure): Error {
  if (code === undefined) return new Error(message);
  return new OvnError(code, message, hint === undefined ? {} : { hint });
}
