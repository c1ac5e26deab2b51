export { correctCommand, retractCommand } from '../commands/correct.ts';
export { initCommand } from '../commands/init.ts';
export { newCommand } from '../commands/new.ts';
