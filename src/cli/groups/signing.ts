export { keyCommand } from '../commands/key.ts';
export { mastheadCommand } from '../commands/masthead.ts';
export { signCommand } from '../commands/sign.ts';
