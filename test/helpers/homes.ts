import type { CID } from 'multiformats/cid';
import { onTestFinished } from 'vitest';
import { HOME_LIMITS, type HomeLimits } from '../../src/node/homes/home.ts';
import { openHome } from '../../src/node/homes/open-home.ts';
import { gatewaySource } from '../../src/node/retrieve/gateway-source.ts';
import { type Confirmation, isHeld, type StoredHome } from '../../src/repo/homes.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import { type EvacuateEffects, type EvacuateReport, evacuate } from '../../src/workflows/homes/evacuate.ts';
import type { HomeEffects } from '../../src/workflows/homes/home-effects.ts';
import { type HomesStatus, homesStatus } from '../../src/workflows/homes/home-status.ts';
import { type LeaveReport, leaveHome } from '../../src/workflows/homes/leave-home.ts';
import { type PushOptions, type PushReport, push } from '../../src/workflows/homes/push.ts';
import { temporaryFolder } from './folder.ts';
import { Newsroom, source } from './newsroom.ts';
import { type PinningDouble, type PinningDoubleOptions, startPinningDouble } from './pinning-double.ts';

export const HOMES_TOKEN = 'the-token-of-the-tests';

/** Patience for tests: what takes seconds with others takes milliseconds here. */
const QUICK = { ...HOME_LIMITS, answer: 2000, pin: 500, poll: 2, maxPoll: 5, pause: 2, tries: 2 };

/** A newsroom with places to push to, in this process. */
export class Homesteads {
  readonly newsroom: Newsroom;
  /** Changed by tests that want others. */
  effects: Partial<HomeEffects> = {};
  limits: HomeLimits = QUICK;

  constructor(newsroom: Newsroom) {
    this.newsroom = newsroom;
  }

  /** One article published. */
  static async open(): Promise<Homesteads> {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/one.md', source({ title: 'One' }));
    await newsroom.publish();
    return new Homesteads(newsroom);
  }

  /** Publishes one more article; gives the root of the edition. */
  async publish(name: string, fields: Record<string, string> = {}): Promise<string> {
    this.newsroom.write(`articles/${name}.md`, source({ title: name, ...fields }));
    return (await this.newsroom.publish()).edition;
  }

  /** A pinning service that fetches from the newsroom what it is asked to pin, and is read back through its own gateway. */
  async service(
    name: string,
    options: PinningDoubleOptions = {},
    changes: Partial<StoredHome> = {},
  ): Promise<PinningDouble> {
    const repository = openRepository(this.newsroom.dir);
    onTestFinished(() => repository.close());
    const read = async (cid: CID) => repository.blockstore.getBytes(cid);
    const double = await startPinningDouble({ token: HOMES_TOKEN, read, ...options });
    onTestFinished(() => double[Symbol.asyncDispose]());
    await this.add({ name, url: double.url, readAt: [double.url], ...changes });
    return double;
  }

  add(home: Partial<StoredHome> & Pick<StoredHome, 'name' | 'url'>): Promise<boolean> {
    const usual = { kind: 'pinning-service', readAt: [], copies: null, categories: null } as const;
    const added = '2026-01-10T12:00:00Z';
    const stored = { ...usual, credentials: { env: 'T' }, plainHttp: false, added, ...home };
    return this.newsroom.use(({ repository }) =>
      repository.homes.add({ ...stored, readAt: [...stored.readAt] }),
    );
  }

  push(options: Partial<PushOptions> = {}): Promise<PushReport> {
    return this.#with((effects) => push({ homes: [], dryRun: false, ...options }, effects));
  }

  status(homes: string[] = [], offline = false): Promise<HomesStatus> {
    return this.#with((effects) => homesStatus({ homes, offline }, effects));
  }

  evacuate(from: string, to: string, dryRun = false): Promise<EvacuateReport> {
    return this.#with((effects) => evacuate({ from, to }, { dryRun }, effects));
  }

  leave(name: string): Promise<LeaveReport> {
    return this.#with((effects) => leaveHome(name, effects));
  }

  /** Nobody remembers any more what was pushed, as after a backup was restored. */
  forget(): Promise<void> {
    return this.newsroom.use(({ repository: { homes } }) => {
      for (const row of homes.confirmations()) homes.released(row);
    });
  }

  /** What is held, as `home cid`. */
  async held(): Promise<string[]> {
    return (await this.confirmations()).filter(isHeld).map(({ home, cid }) => `${home} ${cid}`);
  }

  confirmations(): Promise<Confirmation[]> {
    return this.newsroom.use(({ repository }) => repository.homes.confirmations());
  }

  #with<T>(work: (effects: EvacuateEffects) => Promise<T>): Promise<T> {
    return this.newsroom.use(({ repository, node }) =>
      work({
        repository,
        read: node.read,
        open: ({ name, kind, url, readAt }) =>
          openHome(
            { name, kind, url, readAt },
            kind === 'gateway' ? {} : { token: HOMES_TOKEN },
            this.limits,
          ),
        readers: ({ readAt }) => readAt.map((url) => gatewaySource(url)),
        origins: [],
        now: () => new Date('2026-01-10T13:00:00Z'),
        signal: new AbortController().signal,
        random: (below) => Math.floor(Math.random() * below),
        dir: temporaryFolder(),
        ...this.effects,
      }),
    );
  }
}
