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
  const known = memory?.name?.sequence ?? 0;
  if (name.sequence < known) {
    throw refusal(`the name record is number ${name.sequence}; number ${known} was seen before`);
  }
  return { value: name, detail: `name record ${name.sequence}, valid until ${name.expires}` };
}
