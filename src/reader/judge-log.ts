import { OvnError } from '../errors.ts';
import type { KeyHistory } from '../trust/key-history.ts';
import { logIdentity } from '../trust/log-identity.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import { requireCheckpoint, requirePredating } from './judge-checkpoint.ts';
import { judgeFork } from './judge-fork.ts';
import { judgeLogSequence, requireLogged } from './judge-log-sequence.ts';
import type { JudgedManifest } from './judge-manifest.ts';
import type { Finding, Ledger } from './ledger.ts';
import type { ReaderMemory } from './memory.ts';
import type { AcceptOptions, Offered } from './offered.ts';
import { refusal } from './refusal.ts';
import type { RuleName } from './rules.ts';
import { type OpenLog, openLog, readLog, type VerifiedLog } from './verified-log.ts';

/** What a log is judged with. */
export interface LogCase {
  offered: Offered;
  judged: JudgedManifest;
  known: VerifiedMastheads;
  /** Bytes of the known versions, kept with evidence. */
  mastheads: readonly Uint8Array[];
  options: Pick<AcceptOptions, 'later' | 'replayed'>;
}

/** A log that holds, and where the known mastheads stand in it. */
export interface JudgedLog {
  log: VerifiedLog;
  keys: KeyHistory;
}

/** Rules 7 to 9. Gives the log, once every entry of it was read; nothing where the manifest is from before there was one. */
export async function judgeLog(
  ledger: Ledger<RuleName>,
  memory: ReaderMemory | undefined,
  given: LogCase,
): Promise<JudgedLog | undefined> {
  if (given.judged.verified.manifest.log.size === 0) return judgePredating(ledger, memory, given);
  const opened = await tryOpen(given);
  const { mastheads, judged, known } = given;
  const { later, replayed } = given.options;
  await ledger.apply('fork', () =>
    opened instanceof OvnError ? UNREADABLE : judgeFork(memory, opened, { later, mastheads }),
  );
  const held = await ledger.apply('checkpoint', () => {
    if (opened instanceof OvnError) throw opened;
    return { ...requireCheckpoint(judged.verified.manifest, opened), value: opened };
  });
  return ledger.apply('log-sequence', async () => {
    const log = await readLog(held, replayed);
    const claims = { verified: judged.verified, bytes: given.offered.manifest, memory, mastheads };
    if (later !== undefined) await requireLogged(later, judged.verified, claims.bytes, mastheads);
    const { value: keys, detail } = await judgeLogSequence(log, claims, known);
    return { value: { log, keys }, detail };
  });
}

const UNREADABLE: Finding<undefined> = {
  value: undefined,
  detail: 'the log that is offered cannot be read',
  result: 'not-checked',
};

/** The log, or why it cannot be read, which the rule of the checkpoint says. */
async function tryOpen({ offered, judged }: LogCase): Promise<OpenLog | OvnError> {
  const { checkpoint, readTile } = offered;
  if (checkpoint === undefined) return refusal('log/checkpoint is missing');
  try {
    return await openLog(checkpoint, logIdentity(judged.masthead), readTile);
  } catch (error) {
    if (error instanceof OvnError && error.code !== 'interrupted') return error;
    throw error;
  }
}

/** A manifest from before there was a log is confirmed by the `edition` entry of a later one, where that is at hand. */
async function judgePredating(
  ledger: Ledger<RuleName>,
  memory: ReaderMemory | undefined,
  { offered, judged, mastheads, options: { later } }: LogCase,
): Promise<undefined> {
  const { verified } = judged;
  const notChecked = (detail: string): Finding<undefined> => ({
    value: undefined,
    detail,
    result: 'not-checked',
  });
  const reason = 'the manifest is from before there was a log';
  await ledger.apply('fork', () => notChecked(reason));
  await ledger.apply('checkpoint', () => {
    requirePredating(verified.manifest, memory, later);
    return notChecked(reason);
  });
  await ledger.apply('log-sequence', async () => {
    if (later === undefined) return notChecked(reason);
    await requireLogged(later, verified, offered.manifest, mastheads);
    return notChecked(`${reason}; a later log names it`);
  });
  return undefined;
}
