export { serveCommand } from '../commands/serve.ts';
