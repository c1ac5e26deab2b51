import type { Command } from 'commander';
import type { Start } from './options.ts';
import type { CommandName } from './summaries.ts';

/** Each command with all that it needs: loaded when it is called, and no other with it. */
export const COMMANDS: Readonly<Record<CommandName, () => Promise<(start: Start) => Command>>> = {
  init: async () => (await import('./groups/writing.ts')).initCommand,
  new: async () => (await import('./groups/writing.ts')).newCommand,
  ingest: async () => (await import('./groups/ingesting.ts')).ingestCommand,
  publish: async () => (await import('./groups/writing.ts')).publishCommand,
  status: async () => (await import('./groups/reading.ts')).statusCommand,
  correct: async () => (await import('./groups/writing.ts')).correctCommand,
  retract: async () => (await import('./groups/writing.ts')).retractCommand,
  list: async () => (await import('./groups/reading.ts')).listCommand,
  categories: async () => (await import('./groups/reading.ts')).categoriesCommand,
  show: async () => (await import('./groups/reading.ts')).showCommand,
  history: async () => (await import('./groups/reading.ts')).historyCommand,
  diff: async () => (await import('./groups/reading.ts')).diffCommand,
  get: async () => (await import('./groups/reading.ts')).getCommand,
  verify: async () => (await import('./groups/reading.ts')).verifyCommand,
  pin: async () => (await import('./groups/keeping.ts')).pinCommand,
  gc: async () => (await import('./groups/keeping.ts')).gcCommand,
  export: async () => (await import('./groups/keeping.ts')).exportCommand,
  import: async () => (await import('./groups/keeping.ts')).importCommand,
  serve: async () => (await import('./groups/network.ts')).serveCommand,
  follow: async () => (await import('./groups/following.ts')).followCommand,
  sync: async () => (await import('./groups/following.ts')).syncCommand,
  unfollow: async () => (await import('./groups/following.ts')).unfollowCommand,
  name: async () => (await import('./groups/network.ts')).nameCommand,
  push: async () => (await import('./groups/homes.ts')).pushCommand,
  remote: async () => (await import('./groups/homes.ts')).remoteCommand,
  key: async () => (await import('./groups/signing.ts')).keyCommand,
  log: async () => (await import('./groups/reading.ts')).logCommand,
  masthead: async () => (await import('./groups/signing.ts')).mastheadCommand,
  sign: async () => (await import('./groups/signing.ts')).signCommand,
  backup: async () => (await import('./groups/keeping.ts')).backupCommand,
  restore: async () => (await import('./groups/keeping.ts')).restoreCommand,
  check: async () => (await import('./groups/reading.ts')).checkCommand,
};
