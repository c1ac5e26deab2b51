/** The eleven rules of a reader in their order. The names are stable: scripts read them. */
export const RULES = [
  'bytes',
  'name-record',
  'mastheads',
  'manifest-signed',
  'rollback',
  'freshness',
  'fork',
  'checkpoint',
  'log-sequence',
  'log-record',
  'witnesses',
] as const;
export type RuleName = (typeof RULES)[number];
