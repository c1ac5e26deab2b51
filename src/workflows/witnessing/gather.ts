import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import type { ConfiguredWitness, WitnessSettings } from '../../repo/witness-settings.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { type LogOfHead, openLogOfHead } from '../log-of-head.ts';
import { askWitness, type PostCheckpoint, type WitnessOutcome } from './ask-witness.ts';

/** How long the others are waited for when enough have cosigned, in ms. */
const GRACE_MS = 1_000;

export interface GatherEffects {
  repository: Repository;
  read: BlockReader;
  post: PostCheckpoint;
  /** For all witnesses together, in ms. */
  deadlineMs: number;
  signal: AbortSignal;
}

/**
 * Asks every configured witness that has not cosigned the head, all at once, and stores what they say as it comes: a run
 * after a crash goes on from there. Nobody is asked where enough have cosigned, or none is configured.
 */
export async function gatherCosignatures(effects: GatherEffects): Promise<void> {
  const { repository } = effects;
  const { threshold, list } = repository.settings.witnesses ?? NOBODY;
  const has = cosignersOf(repository);
  const count = list.filter(({ key }) => has.has(key)).length;
  if (count >= threshold) return;
  const missing = list.filter(({ key }) => !has.has(key));
  await askAll(missing, threshold - count, effects);
}

/**
 * Asks every configured witness for the head's checkpoint, also where it has cosigned that: one that has seen a longer log
 * says so. For a repository that was restored from a backup, before anything is published.
 */
export async function probeWitnesses(effects: GatherEffects): Promise<void> {
  const { list } = effects.repository.settings.witnesses ?? NOBODY;
  await askAll(list, list.length, effects);
}

const NOBODY: WitnessSettings = { threshold: 0, list: [] };

function cosignersOf(repository: Repository): Set<string> {
  const { sequence = 0 } = repository.head() ?? {};
  return new Set(repository.witnesses.cosignatures(sequence).map(({ key }) => key));
}

/** Until as many as are needed have cosigned, and the others had a moment more. */
async function askAll(
  list: readonly ConfiguredWitness[],
  needed: number,
  { repository, read, post, deadlineMs, signal }: GatherEffects,
): Promise<void> {
  const log = await openLogOfHead(repository, read);
  if (log === undefined || list.length === 0) return;
  const enough = new AbortController();
  const ends = AbortSignal.any([signal, deadline(deadlineMs), enough.signal]);
  let left = needed;
  let grace: NodeJS.Timeout | undefined;
  const ask = async (witness: ConfiguredWitness): Promise<void> => {
    const { size } = repository.witnesses.state(witness.key);
    const outcome = await askWitness(witness, size, log, post, ends);
    const isCosigned = outcome.kind === 'cosigned';
    if (!signal.aborted || isCosigned) record(repository, log, witness.key, outcome);
    if (!isCosigned || --left > 0) return;
    grace ??= setTimeout(() => enough.abort(new OvnError('io', 'enough others have cosigned')), GRACE_MS);
  };
  try {
    await Promise.all(list.map(ask));
  } finally {
    clearTimeout(grace);
  }
  signal.throwIfAborted();
}

function deadline(ms: number): AbortSignal {
  const controller = new AbortController();
  const reason = new OvnError('io', `the ${ms / 1000} s for all witnesses are over`);
  setTimeout(() => controller.abort(reason), ms).unref();
  return controller.signal;
}

function record(
  repository: Repository,
  { head, checkpoint }: LogOfHead,
  key: string,
  told: WitnessOutcome,
): void {
  const { witnesses } = repository;
  repository.transaction(() => {
    if (told.kind === 'cosigned') {
      const { signature, time } = told;
      witnesses.addCosignature({ sequence: head.sequence, key, time, signature }, checkpoint.size);
    } else if (told.kind === 'problem') {
      witnesses.noteProblem(key, told.problem);
    } else if (repository.head()?.sequence === head.sequence) {
      // Else another process has published meanwhile, and the witness has seen that.
      noteLongerLog(repository, key, told.size);
    }
  });
}

/** The log was longer than it is here: {@link requireWholeLog} refuses to publish until its tail is back. */
function noteLongerLog({ witnesses }: Repository, key: string, size: number): void {
  witnesses.noteSeen(key, size);
  witnesses.noteProblem(key, `it has seen ${size} entries of the log, more than there are here`);
}
