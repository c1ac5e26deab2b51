import { describe, expect, it } from 'vitest';
import type { NameRouter } from '../../../src/node/names/name-router.ts';
import { acquirePublishLock } from '../../../src/repo/publish-lock.ts';
import { publishOurNames } from '../../../src/workflows/serving/publish-our-names.ts';
import { brokenRouter, TestRouter } from '../../helpers/naming.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const { signal } = new AbortController();
const DAY = 86_400_000;

async function startNewsroom(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/a.md', source());
  return newsroom;
}

function keep(newsroom: Newsroom, router: NameRouter, { everywhere = false, now = NOW } = {}) {
  return newsroom.use(({ repository, node: { read } }) =>
    publishOurNames(
      { everywhere, signal },
      {
        repository,
        read,
        routers: [router],
        lock: () => acquirePublishLock(repository.stateDir),
        passphrase: async () => undefined,
        now: () => now,
      },
    ),
  );
}

const valueIn = (newsroom: Newsroom) => newsroom.use(({ repository }) => repository.names.own()[0]?.value);

describe('publishOurNames', () => {
  it('does nothing where nothing is published', async () => {
    const newsroom = await startNewsroom();
    expect(await keep(newsroom, new TestRouter())).toEqual([]);
  });

  it('lets the name follow the editions, and renews it when half of its time is over', async () => {
    const newsroom = await startNewsroom();
    const router = new TestRouter();
    const first = await newsroom.publish();
    const [made] = await keep(newsroom, router);
    expect(await valueIn(newsroom)).toBe(`/ipfs/${first.edition}`);
    newsroom.write('articles/a.md', source({}, 'Other text.\n'));
    const second = await newsroom.publish();
    await keep(newsroom, router);
    expect(await valueIn(newsroom)).toBe(`/ipfs/${second.edition}`);
    const later = new Date(NOW.getTime() + 200 * DAY);
    const [renewed] = await keep(newsroom, router, { now: later });
    expect(renewed?.validUntil?.getTime()).toBeGreaterThan(made?.validUntil?.getTime() ?? 0);
  });

  it('gives the same bytes out again where the key is elsewhere', async () => {
    const newsroom = await startNewsroom();
    await newsroom.publish();
    await keep(newsroom, new TestRouter());
    await newsroom.takeKey('name');
    const [name] = await newsroom.use(({ repository }) => repository.names.own());
    const router = new TestRouter();
    const kept = await keep(newsroom, router, { everywhere: true });
    expect(kept.flatMap(({ problems }) => problems)).toEqual([]);
    expect([...router.held.values()].map((bytes) => Buffer.from(bytes))).toEqual([
      Buffer.from(name?.bytes ?? []),
    ]);
  });

  it('tells what a router did not take', async () => {
    const newsroom = await startNewsroom();
    await newsroom.publish();
    const kept = await keep(newsroom, brokenRouter(), { everywhere: true });
    expect(kept.flatMap(({ problems }) => problems).length).toBeGreaterThan(0);
    expect(kept[0]?.validUntil).toBeInstanceOf(Date);
  });
});
