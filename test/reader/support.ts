import { expect } from 'vitest';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import { type Acceptance, accept } from '../../src/reader/accept.ts';
import { formatEvidence } from '../../src/reader/evidence.ts';
import type { ReaderMemory } from '../../src/reader/memory.ts';
import type { AcceptOptions, Offered } from '../../src/reader/offered.ts';
import type { RuleName } from '../../src/reader/rules.ts';
import { exitCodeOfVerdict } from '../../src/reader/verdict.ts';
import { type EvidenceJudgement, verifyEvidence } from '../../src/reader/verify-evidence.ts';
import { LoggedPaper, PAPER_TIME } from '../helpers/logged-paper.ts';

export const ONE = '2026/01/01/one';
export const TWO = '2026/01/02/two';

/** A reader at first contact, or with a memory, who asks for the newest edition by a name. */
export function read(
  memory: ReaderMemory | undefined,
  offered: Offered,
  over: Partial<AcceptOptions> = {},
): Promise<Acceptance> {
  return accept(memory, offered, {
    now: PAPER_TIME,
    namedBy: 'name',
    expectedId: undefined,
    policy: NO_WITNESSES,
    demandWitnesses: false,
    requireCurrent: false,
    later: undefined,
    replayed: undefined,
    ...over,
  });
}

export const resultsOf = ({ checks }: Acceptance) =>
  Object.fromEntries(checks.map(({ name, result }) => [name, result]));

export const detailOf = ({ checks }: Acceptance, rule: RuleName) =>
  checks.find(({ name }) => name === rule)?.detail ?? '';

/** Demands a refusal with exit code 4 by one rule and for one reason, and that nothing but mastheads was remembered of it. */
export function expectRefusal(
  acceptance: Acceptance,
  rule: RuleName,
  reason: RegExp,
  before?: ReaderMemory,
): void {
  expect(acceptance.checks.find(({ result }) => result === 'fail')).toMatchObject({
    name: rule,
    detail: expect.stringMatching(reason),
  });
  expect(acceptance.verdict).toBe('refused');
  expect(exitCodeOfVerdict(acceptance.verdict, 'cid')).toBe(4);
  expect(acceptance.memory).toEqual(
    before === undefined ? undefined : { ...before, mastheads: acceptance.memory?.mastheads },
  );
}

/** What the evidence of a refusal is worth to somebody who has nothing else. */
export function judgeEvidence({ evidence }: Acceptance): EvidenceJudgement {
  if (evidence === undefined) throw new Error('there is no evidence');
  return verifyEvidence(formatEvidence(evidence));
}

/** A paper with two articles in one edition. */
export async function newPaper(): Promise<LoggedPaper> {
  const paper = new LoggedPaper();
  paper.revise(ONE);
  paper.revise(TWO);
  await paper.issue();
  return paper;
}

/** What a reader remembers who has accepted editions in their order. */
export async function memoryOf(offered: readonly Offered[]): Promise<ReaderMemory> {
  let memory: ReaderMemory | undefined;
  for (const each of offered) {
    const acceptance = await read(memory, each);
    expect(acceptance.checks.filter(({ result }) => result === 'fail')).toEqual([]);
    memory = acceptance.memory;
  }
  if (memory === undefined) throw new Error('nothing was offered');
  return memory;
}
