export { backupCommand } from '../commands/backup.ts';
export { exportCommand } from '../commands/export.ts';
export { gcCommand } from '../commands/gc.ts';
export { importCommand } from '../commands/import.ts';
export { pinCommand } from '../commands/pin.ts';
export { restoreCommand } from '../commands/restore.ts';
