export { nameCommand } from '../commands/name.ts';
export { serveCommand } from '../commands/serve.ts';
