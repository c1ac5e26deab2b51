import { argv } from 'node:process';
import { acquirePublishLock } from '../../../src/repo/publish-lock.ts';

/** Takes the publish lock, says so, and keeps it until standard input ends or it is killed. */
const [, , dir = ''] = argv;

await using _lock = await acquirePublishLock(dir, { onWait: () => process.stdout.write('waiting\n') });
process.stdout.write('locked\n');
for await (const _ of process.stdin);
