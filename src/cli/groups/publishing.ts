export { publishCommand } from '../commands/publish.ts';
