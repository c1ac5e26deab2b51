import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyConsistency } from '../../src/log/merkle.ts';
import type { TreeHead } from '../../src/log/tree-head.ts';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import { rememberedManifest } from '../../src/reader/memory.ts';
import { acquirePublishLock } from '../../src/repo/publish-lock.ts';
import { ReaderMemories } from '../../src/repo/reader-memory.ts';
import { ROLES } from '../../src/trust/masthead.ts';
import { audit } from '../../src/workflows/audit.ts';
import { backUp } from '../../src/workflows/backup.ts';
import { collectGarbage } from '../../src/workflows/collect-garbage.ts';
import { correct } from '../../src/workflows/correct.ts';
import { rotateKey } from '../../src/workflows/keys/change-keys.ts';
import { requireHeadLog } from '../../src/workflows/logs/head-log.ts';
import { addPin } from '../../src/workflows/pin.ts';
import { restore } from '../../src/workflows/restore.ts';
import { verify } from '../../src/workflows/verify.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { clockAt, Newsroom, NOW, source } from '../helpers/newsroom.ts';

const KINDS = ['write', 'edit', 'correct', 'retract', 'rotate', 'collect', 'pin', 'restore'] as const;
const HOUR = 3_600_000;
const { signal } = new AbortController();

type Kind = (typeof KINDS)[number];
interface Step {
  kind: Kind;
  at: number;
  /** Whether an edition is made after it. */
  publishes: boolean;
}

/** Anything that a newsroom does, in any order. */
const STEP: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Kind>('write', ...KINDS),
  at: fc.nat(1000),
  publishes: fc.boolean(),
});

/** A repository on disk through its history, with two readers: one reads every edition, one every third. */
class History {
  room: Newsroom;
  now = NOW;
  readonly checkpoints: TreeHead[] = [];
  readonly sequences: number[] = [];
  readonly #readers = [1, 3].map((stride) => ({ stride, memories: new ReaderMemories(temporaryFolder()) }));
  /** Published, and not retracted. */
  #open: string[] = [];
  #written: string[] = [];
  #count = 0;

  constructor(room: Newsroom) {
    this.room = room;
  }

  async take({ kind, at, publishes }: Step): Promise<void> {
    this.now = new Date(this.now.getTime() + HOUR);
    await this.#do(kind, at);
    if (publishes) await this.publish();
  }

  async publish(): Promise<void> {
    const { sequence } = await this.room.publish({ now: this.now });
    this.#open.push(...this.#written.splice(0));
    if (sequence === this.sequences.at(-1)) return;
    this.sequences.push(sequence);
    for (const { stride, memories } of this.#readers) {
      if (this.sequences.length % stride === 0) await this.#read(memories, sequence);
    }
    this.checkpoints.push(await this.headLog(async ({ tree }) => tree.head));
  }

  headLog<T>(work: (log: Awaited<ReturnType<typeof requireHeadLog>>) => Promise<T>): Promise<T> {
    return this.room.use(async ({ repository, node }) =>
      work(await requireHeadLog({ repository, read: node.read, now: this.now, signal })),
    );
  }

  async #do(kind: Kind, at: number): Promise<void> {
    const name = this.#open[at % Math.max(this.#open.length, 1)];
    if (kind === 'write') this.#write(`a${this.#count}`);
    else if (kind === 'rotate') await this.#rotate(at);
    else if (kind === 'collect') await this.#collect();
    else if (kind === 'restore') await this.#restore();
    else if (name === undefined) return;
    else if (kind === 'edit') appendFileSync(this.room.path(`articles/${name}.md`), `Edit ${at}.\n`);
    else if (kind === 'pin') await this.#pin(name);
    else await this.#correct(name, kind, at);
  }

  #write(name: string): void {
    this.#count += 1;
    this.#written.push(name);
    this.room.write(`articles/${name}.md`, source({ title: name }));
  }

  async #rotate(at: number): Promise<void> {
    const role = ROLES[at % ROLES.length] ?? 'desk';
    await this.room.masthead((effects) => rotateKey(role, effects, { dryRun: false }), new Map(), this.now);
  }

  async #collect(): Promise<void> {
    await this.room.use(({ repository, node }) =>
      collectGarbage({ repository, read: node.read, lock: lockOf(repository), dryRun: false, signal }),
    );
  }

  async #pin(name: string): Promise<void> {
    await this.room.use(({ repository, node }) =>
      addPin(idOf(name), { repository, read: node.read, lock: lockOf(repository), dryRun: false, signal }),
    );
  }

  /** Once retracted, an article says nothing more. */
  async #correct(name: string, kind: 'correct' | 'retract', at: number): Promise<void> {
    const retracts = kind === 'retract';
    if (retracts) this.#open = this.#open.filter((other) => other !== name);
    const options = {
      what: idOf(name),
      kind: retracts ? 'retraction' : 'correction',
      text: `It was ${at}.`,
      date: undefined,
      withhold: retracts && at % 2 === 0,
      dryRun: false,
    } as const;
    await this.room.use(({ repository, node }) =>
      correct(options, {
        repository,
        read: node.read,
        lock: lockOf(repository),
        now: this.now,
        clock: clockAt(this.now),
      }),
    );
  }

  /** Goes on in another folder, from a backup and the sources. */
  async #restore(): Promise<void> {
    const folder = temporaryFolder();
    const [file, dir] = [join(folder, 'paper.ovn'), join(folder, 'paper')];
    const { now, room } = this;
    await room.use(({ repository }) =>
      backUp({ file, keys: true, force: false, dryRun: false }, { repository, now, signal }),
    );
    await restore({ file, dir, dryRun: false }, { now, signal });
    cpSync(room.path('articles'), join(dir, 'articles'), { recursive: true });
    this.room = new Newsroom(dir);
  }

  async #read(memories: ReaderMemories, sequence: number): Promise<void> {
    const { report, publication } = await this.room.use(async ({ repository, node }) => {
      const local = { repository, read: node.read };
      const options = { what: undefined, publication: undefined, requireCurrent: true };
      const effects = { local, memories, policy: NO_WITNESSES, now: this.now, signal };
      return { ...(await verify(options, effects)), publication: repository.publicationId };
    });
    expect(report.checks.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(report.verdict).toBe('current');
    const memory = memories.read(publication);
    expect(memory && rememberedManifest(memory).manifest.sequence).toBe(sequence);
  }
}

const idOf = (name: string): string => `2026/01/05/${name}`;
const lockOf =
  ({ stateDir }: { stateDir: string }) =>
  () =>
    acquirePublishLock(stateDir, { signal });

async function expectConsistency(history: History): Promise<void> {
  const heads = history.checkpoints;
  await history.headLog(async ({ tree }) => {
    for (const [at, older] of heads.entries()) {
      for (const newer of heads.slice(at)) {
        const proof = await tree.consistencyProof(older.size, newer.size);
        expect(verifyConsistency(older, newer, proof)).toBe(true);
      }
    }
  });
}

async function expectSound({ room, now }: History): Promise<void> {
  const { checks } = await room.use(({ repository, node }) =>
    audit({ repository, read: node.read, now, signal }),
  );
  expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
}

describe('any history of 40 steps, on disk', () => {
  it('is read edition by edition; its checkpoints are consistent, and it is sound at the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 40, maxLength: 40 }), async (steps) => {
        const history = new History(await Newsroom.open());
        await history.publish();
        for (const step of steps) await history.take(step);
        await history.publish();
        expect(history.sequences).toEqual(history.sequences.map((_, at) => at + 1));
        await expectConsistency(history);
        await expectSound(history);
      }),
      // Shrinking would take minutes, and the seed plays the steps again.
      { numRuns: 3, endOnFailure: true },
    );
  }, 60_000);
});
