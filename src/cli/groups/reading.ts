export { checkCommand } from '../commands/check.ts';
export { diffCommand } from '../commands/diff.ts';
export { getCommand } from '../commands/get.ts';
export { historyCommand } from '../commands/history.ts';
export { categoriesCommand, listCommand } from '../commands/list.ts';
export { logCommand } from '../commands/log.ts';
export { showCommand } from '../commands/show.ts';
export { statusCommand } from '../commands/status.ts';
export { verifyCommand } from '../commands/verify.ts';
