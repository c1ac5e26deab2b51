import { describe, expect, it } from 'vitest';
import { inTime } from '../../../src/node/gateway/in-time.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });

describe('inTime', () => {
  it('gives what the work gives', async () => {
    expect(await inTime(new AbortController().signal, { resolve: 1000 }, async () => 'done')).toBe('done');
  });

  it('ends it when the time is over', async () => {
    const ended = inTime(new AbortController().signal, { resolve: 10 }, untilAborted);
    await expect(ended).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('ends it when nobody waits any more, or never did', async () => {
    const client = new AbortController();
    const ended = inTime(client.signal, { resolve: 60_000 }, untilAborted);
    client.abort(new Error('gone'));
    await expect(ended).rejects.toThrow('gone');
    await expect(inTime(client.signal, { resolve: 60_000 }, untilAborted)).rejects.toThrow('gone');
  });
});
