import { formatNote } from '../log/note.ts';
import type { VerifiedManifest } from '../manifest/read-manifest.ts';
import { type KeyHistory, readKeyHistory } from '../trust/key-history.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Finding } from './ledger.ts';
import { type ReaderMemory, rememberedManifest } from './memory.ts';
import { Contradiction, refusal } from './refusal.ts';
import type { VerifiedLog } from './verified-log.ts';

/** Manifests that a log must bear out. */
export interface Claims {
  verified: VerifiedManifest;
  bytes: Uint8Array;
  memory: ReaderMemory | undefined;
  /** Kept with the evidence. */
  mastheads: readonly Uint8Array[];
}

/**
 * Rule 9, the sequence: it is the number of `edition` entries, and one; the last of them is the manifest that this one
 * follows; every manifest that was seen is the one that the log names for its sequence; and the log names the very
 * mastheads of the chain (design section 3, "Log"). Gives where each of these stands.
 */
export async function judgeLogSequence(
  log: VerifiedLog,
  claims: Claims,
  known: VerifiedMastheads,
): Promise<Finding<KeyHistory>> {
  const { manifest } = claims.verified;
  await requireLogged(log, claims.verified, claims.bytes, claims.mastheads);
  const { memory } = claims;
  if (memory !== undefined) {
    await requireLogged(log, rememberedManifest(memory), memory.manifest, claims.mastheads);
  }
  const { length } = log.fold.editions;
  if (manifest.sequence !== length + 1) {
    throw refusal(`its sequence is ${manifest.sequence}; the log has ${length} editions before it`);
  }
  return {
    value: requireMastheads(log, manifest.masthead.version, known),
    detail: `the log has the ${length} editions before it`,
  };
}

/**
 * What a log says of a manifest: of its sequence, once it is logged, and of the one before. Two manifests over one log show
 * here.
 *
 * @throws {Contradiction} with the entry, and the proof that it is in the log.
 */
export async function requireLogged(
  log: VerifiedLog,
  { manifest, cid }: Pick<VerifiedManifest, 'manifest' | 'cid'>,
  bytes: Uint8Array,
  mastheads: readonly Uint8Array[],
): Promise<void> {
  const { sequence, previous } = manifest;
  const claims = [
    { sequence: sequence - 1, cid: previous },
    { sequence, cid },
  ];
  for (const claim of claims) {
    const entry = log.fold.editions[claim.sequence - 1];
    if (entry === undefined || entry.cid === claim.cid) continue;
    const message = `entry ${entry.index} of the log names ${entry.cid} as edition ${entry.sequence}, not ${claim.cid}`;
    throw await contradiction(message, log, entry.index, bytes, mastheads);
  }
}

async function contradiction(
  message: string,
  { tree, checkpoint }: VerifiedLog,
  index: number,
  manifest: Uint8Array,
  mastheads: readonly Uint8Array[],
): Promise<Contradiction> {
  return new Contradiction(message, {
    kind: 'log-contradiction',
    mastheads,
    documents: [manifest, formatNote(checkpoint.note)],
    proof: {
      index,
      entry: await tree.entry(index),
      hashes: await tree.inclusionProof(index, checkpoint.size),
    },
  });
}

/** The mastheads that are logged are those of the chain, up to the one that the manifest was signed under. */
function requireMastheads({ fold }: VerifiedLog, named: number, known: VerifiedMastheads): KeyHistory {
  if (fold.mastheads.length !== named) {
    throw refusal(`the log has ${fold.mastheads.length} mastheads; the manifest names masthead ${named}`);
  }
  return readKeyHistory(known, fold.mastheads);
}
