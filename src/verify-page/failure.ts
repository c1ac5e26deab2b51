/** Proof of falsehood: a rule does not hold. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
}

/** Signed by a key that was revoked afterwards: the publication itself does not stand by it any more. */
export class Disowned extends Refused {}

/** What a rule needs could not be had, or is more than this page looks at. It proves nothing. */
export class NotChecked extends Error {
  override readonly name = 'NotChecked';
}

/** What went wrong, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
