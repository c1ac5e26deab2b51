export { printPush, pushAll, pushCommand } from '../commands/push.ts';
export { remoteCommand } from '../commands/remote.ts';
