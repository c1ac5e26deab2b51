import { requireGenuine } from '../naming/require-genuine.ts';
import type { AuditRule } from './rule.ts';

/** Every record of a name is signed by the name's key, and says what is recorded of it. Age is no fault. */
export const namesAreGenuine: AuditRule = async ({ repository }) => {
  const records = repository.names.all();
  await requireGenuine(records);
  return `${records.length} name record${records.length === 1 ? '' : 's'}, each signed by the key of its name`;
};
