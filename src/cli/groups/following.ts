export { followCommand } from '../commands/follow.ts';
export { syncCommand } from '../commands/sync.ts';
export { unfollowCommand } from '../commands/unfollow.ts';
