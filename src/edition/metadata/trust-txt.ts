import type { Publication } from '../publication.ts';

/** What a trust.txt may say, in the order in which it is written; all but the last take addresses, perhaps several. */
export const TRUST_RELATIONS = [
  'member',
  'belongto',
  'control',
  'controlledby',
  'social',
  'vendor',
  'customer',
  'disclosure',
  'contact',
] as const;

/** Whom an outlet belongs to, owns, and answers as (draft-org-trust-relationship-protocol): the member `trust` of ovn.json. */
export type TrustStatement = Partial<Record<(typeof TRUST_RELATIONS)[number], readonly string[]>> & {
  /** Whether its articles may be used to train models. */
  datatrainingallowed?: 'yes' | 'no';
};

export const TRUST_TXT = 'trust.txt';

/** trust.txt of the outlet; nothing where ovn.json says nothing of it. */
export function writeTrustTxt({
  publication,
  trust,
}: {
  publication: Publication;
  trust?: TrustStatement;
}): string | undefined {
  if (trust === undefined) return undefined;
  const relations = TRUST_RELATIONS.flatMap((name) => (trust[name] ?? []).map((value) => `${name}=${value}`));
  const training =
    trust.datatrainingallowed === undefined ? [] : [`datatrainingallowed=${trust.datatrainingallowed}`];
  const lines = [`# Publication ${publication.id}`, ...relations, ...training];
  return `${lines.join('\n')}\n`;
}
