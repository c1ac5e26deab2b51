import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyConsistency } from '../../src/log/merkle.ts';
import type { ReaderMemory } from '../../src/reader/memory.ts';
import { rememberedManifest } from '../../src/reader/memory.ts';
import type { VerifiedLog } from '../../src/reader/verified-log.ts';
import { LoggedPaper, offer } from '../helpers/logged-paper.ts';
import { read } from './support.ts';

const ROLES = ['masthead', 'edition', 'desk', 'log', 'name'] as const;
type Step = { kind: string; at: number };

/** Anything that a newsroom does, in any order; half of the steps issue an edition. */
const STEP: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'publish',
    'correct',
    'retract',
    'withhold',
    'rotate',
    'add',
    'revoke',
    ...Array(7).fill('issue'),
  ),
  at: fc.nat(1000),
});

function take(paper: LoggedPaper, { kind, at }: Step): void {
  const ids = [...paper.articles.keys()];
  const id = ids[at % Math.max(ids.length, 1)];
  const role = ROLES[at % ROLES.length]!;
  if (kind === 'publish') paper.revise(`2026/01/01/article-${ids.length}`);
  else if (kind === 'rotate') paper.addKey(role);
  else if (kind === 'add') paper.addKey(role, { instead: false });
  else if (kind === 'revoke') revokeOldest(paper, role, at);
  else if (id !== undefined && !['correct', 'retract', 'withhold'].includes(kind)) return;
  else if (id !== undefined) reviseOld(paper, id, kind);
}

function reviseOld(paper: LoggedPaper, id: string, kind: string): void {
  if (kind === 'correct') return void paper.revise(id, 'correction');
  const withheld = paper.articles.get(id)!.map((_, at) => at + 1);
  paper.revise(id, 'retraction', kind === 'withhold' ? { withheld } : {});
}

/**
 * Where another key is left. A desk key is revoked from anywhere in the log on, which disowns articles and refuses no
 * edition; of the others what is signed so far stays good.
 */
function revokeOldest(paper: LoggedPaper, role: (typeof ROLES)[number], at: number): void {
  const [oldest, ...others] = paper.keys[role];
  const fromEntry = role === 'desk' ? at % paper.head.size : paper.head.size + 1000;
  if (oldest !== undefined && others.length > 0) paper.revoke(role, oldest.did, fromEntry);
}

/** Plays the steps; articles that wait are issued before a key changes, as a desk publishes before it changes hands. */
async function play(steps: readonly Step[]): Promise<LoggedPaper> {
  const paper = new LoggedPaper();
  await paper.issue();
  for (const step of steps) {
    const changesKeys = ['rotate', 'add', 'revoke'].includes(step.kind);
    if (step.kind === 'issue' || changesKeys) await paper.issue();
    take(paper, step);
  }
  await paper.issue();
  return paper;
}

describe('any history of 200 steps', () => {
  it('is accepted edition by edition, with any left out; from any two editions consistency holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(STEP, { minLength: 200, maxLength: 200 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        async (steps, skips) => {
          const paper = await play(steps);
          const log = await followAll(paper, skips);
          await expectConsistency(paper, log);
          await expectOldOnes(paper, log);
        },
      ),
      // Shrinking 200 steps would take minutes, and the seed plays them again.
      { numRuns: 3, endOnFailure: true },
    );
  }, 60_000);
});

/** A reader who misses some editions accepts all others; the memory never goes back. */
async function followAll(paper: LoggedPaper, skips: readonly boolean[]): Promise<VerifiedLog> {
  let memory: ReaderMemory | undefined;
  let log: VerifiedLog | undefined;
  for (const [at, edition] of paper.editions.entries()) {
    if (skips[at % skips.length] && edition !== paper.newest) continue;
    const { checks, memory: next, accepted } = await read(memory, offer(edition));
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(rememberedManifest(next!).manifest.sequence).toBe(edition.sequence);
    memory = next;
    log = accepted?.log;
    const stale = paper.editions[Math.floor(at / 2)]!;
    if (stale.sequence === edition.sequence) continue;
    const refused = await read(memory, offer(stale));
    expect(refused.verdict).toBe('refused');
    expect(refused.memory).toEqual(memory);
  }
  if (log === undefined) throw new Error('no edition had a log');
  return log;
}

async function expectConsistency(
  { editions }: LoggedPaper,
  { tree, checkpoint }: VerifiedLog,
): Promise<void> {
  const sizes = [...new Set(editions.map(({ size }) => size))];
  for (const [at, size] of sizes.entries()) {
    const older = { size: sizes[Math.floor(at / 2)]!, root: await tree.rootAt(sizes[Math.floor(at / 2)]!) };
    const newer = { size, root: await tree.rootAt(size) };
    expect(verifyConsistency(older, newer, await tree.consistencyProof(older.size, size))).toBe(true);
    expect(verifyConsistency(newer, checkpoint, await tree.consistencyProof(size, checkpoint.size))).toBe(
      true,
    );
  }
}

/** Every edition that ever was is genuine by its CID, and leaves the memory where it is. */
async function expectOldOnes(paper: LoggedPaper, later: VerifiedLog): Promise<void> {
  const { memory } = await read(undefined, offer(paper.newest));
  for (const edition of paper.editions.filter((_, at) => at % 7 === 0)) {
    const { checks, memory: after } = await read(memory, offer(edition), { namedBy: 'cid', later });
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
    // Who remembers nothing has only the mastheads of that time, and the later log has more.
    const anew = await read(undefined, offer(edition), { namedBy: 'cid', later });
    expect(anew.checks.filter(({ result }) => result === 'fail')).toEqual([]);
    // That there was a log so early is all that can be learned from it.
    expect({ ...after, logSince: 0 }).toEqual({ ...memory, logSince: 0 });
  }
}
