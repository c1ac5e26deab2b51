import { OvnError } from '../../errors.ts';
import { judgeCosignature } from '../../log/cosignature.ts';
import { parseVerifierKey, type Verifier } from '../../log/verifier.ts';
import { addCheckpointBody, readAnswer, type WitnessAnswer } from '../../log/witness-request.ts';
import type { ConfiguredWitness } from '../../repo/witness-settings.ts';
import type { LogOfHead } from '../log-of-head.ts';

/** Sends the body of an `add-checkpoint` to an address. Throws OvnError where there is no answer. */
export type PostCheckpoint = (
  url: string,
  body: Uint8Array,
  signal: AbortSignal,
) => Promise<{ status: number; body: Uint8Array }>;

/** What came of asking a witness. `ahead`: it knows a longer log than there is here. */
export type WitnessOutcome =
  | { kind: 'cosigned'; signature: Uint8Array; time: number }
  | { kind: 'ahead'; size: number }
  | { kind: 'problem'; problem: string };

/** Conflicts that are answered: one from what was noted here, one where others ask at the same time. */
const MOST_ROUNDS = 3;

/**
 * Asks a witness for its signature on the head's checkpoint, with the proof that it grew out of the one that the witness
 * knows (C2SP tlog-witness, "add-checkpoint"); from the size that it names where it knows another.
 *
 * @param size of the checkpoint that it cosigned last; 0 for none.
 */
export async function askWitness(
  { url, key }: ConfiguredWitness,
  size: number,
  log: LogOfHead,
  post: PostCheckpoint,
  signal: AbortSignal,
): Promise<WitnessOutcome> {
  const address = `${url.replace(/\/+$/, '')}/add-checkpoint`;
  const witness = parseVerifierKey(key);
  const { checkpoint, tree } = log;
  let from = Math.min(size, checkpoint.size);
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const proof = await tree.consistencyProof(from, checkpoint.size);
    const body = addCheckpointBody(from, proof, checkpoint);
    const reply = await answerOf(() => post(address, body, signal));
    if (typeof reply === 'string') return { kind: 'problem', problem: reply };
    const answer = readAnswer(reply.status, reply.body, checkpoint, witness);
    if (answer.kind !== 'conflict') return outcomeOf(answer, log, witness);
    if (answer.size > checkpoint.size) return { kind: 'ahead', size: answer.size };
    if (answer.size === from) return { kind: 'problem', problem: contradiction(from, checkpoint.size) };
    from = answer.size;
  }
  return { kind: 'problem', problem: 'it names another size of the log each time' };
}

/** What a conflict means that names the very size that was asked from (C2SP tlog-witness: other root, same size). */
function contradiction(from: number, size: number): string {
  if (from < size) return 'it refuses the size of the log that it names itself';
  return `it has cosigned another log of the same ${size} entries: the log was forked`;
}

/** Of several signatures of the witness the newest counts. */
function outcomeOf(
  answer: Exclude<WitnessAnswer, { kind: 'conflict' }>,
  { checkpoint: { note } }: LogOfHead,
  witness: Verifier,
): WitnessOutcome {
  if (answer.kind !== 'cosigned') return { kind: 'problem', problem: answer.detail };
  const timed = answer.signatures.map((line) => {
    const { time = 0 } = judgeCosignature({ text: note.text, signatures: [line] }, witness);
    return { kind: 'cosigned' as const, signature: line.signature, time };
  });
  const [newest] = timed.sort((a, b) => b.time - a.time);
  return newest ?? { kind: 'problem', problem: 'it answered without a signature' };
}

/** The answer, or why there is none. */
async function answerOf<T>(ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof OvnError) return error.message;
    throw error;
  }
}
