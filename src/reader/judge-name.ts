import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Finding } from './ledger.ts';
import type { NameRecord, ReaderMemory } from './memory.ts';
import { refusal } from './refusal.ts';

/**
 * Rule 2, the name record: its sequence never falls (IPNS record specification, "Record verification"). A name is a hint
 * for finding: what it leads to is judged by the other rules, so that who steals the name key forges nothing.
 */
export function judgeName(
  memory: ReaderMemory | undefined,
  name: NameRecord | undefined,
): Finding<NameRecord | undefined> {
  if (name === undefined) return { value: memory?.name, detail: 'no name was asked', result: 'not-checked' };
  const known = isOfOneKey(memory?.name, name) ? (memory?.name?.sequence ?? 0) : 0;
  if (name.sequence < known) {
    throw refusal(`the name record is number ${name.sequence}; number ${known} was seen before`);
  }
  return { value: name, detail: `name record ${name.sequence}, valid until ${name.expires}` };
}

/**
 * Which record is remembered of the one that is and one that was accepted: the later one of a key. When they are of two keys,
 * that of a key that the masthead still names: a former name does not make a reader forget the present one.
 */
export function nameToRemember(
  before: NameRecord | undefined,
  accepted: NameRecord | undefined,
  { newest }: VerifiedMastheads,
): NameRecord | undefined {
  if (before === undefined || accepted === undefined || isOfOneKey(before, accepted))
    return accepted ?? before;
  return newest.masthead.roles.name.keys.some(({ id }) => id === accepted.key) ? accepted : before;
}

function isOfOneKey(a: NameRecord | undefined, b: NameRecord): boolean {
  return a?.key === undefined || b.key === undefined || a.key === b.key;
}
