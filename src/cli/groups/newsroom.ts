export { categoryCommand } from '../commands/category.ts';
export { paperCommand } from '../commands/paper.ts';
