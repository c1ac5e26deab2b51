import { OvnError } from '../errors.ts';
import { type LogIdentity, openCheckpoint, type VerifiedCheckpoint } from './checkpoint.ts';
import { verifyInclusion } from './merkle.ts';
import { NOTE_LIMIT } from './note.ts';
import { decodeBase64, decodeHash, decodeText, encodeBase64, parseDecimal } from './text.ts';
import { leafHash } from './tree-hash.ts';
import { judgeWitnesses, type WitnessJudgement, type WitnessPolicy } from './witness-policy.ts';

/** Largest proof that is read, in bytes. */
export const TLOG_PROOF_LIMIT = 2 * NOTE_LIMIT;
/** Most hashes of a proof of any kind: the height of a tree of 2^63 entries. */
const MOST_HASHES = 63;

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const encoder = new TextEncoder();

/** Proof that an entry is in a log, to be checked offline (C2SP tlog-proof, "Format"). */
export interface TlogProof {
  /** Bound by nothing: it is to be trusted by nobody. Ours have none. */
  extra?: Uint8Array;
  /** Of the entry, from 0. */
  index: number;
  /** From the leaf's sibling upwards. */
  hashes: readonly Uint8Array[];
  /** The signed checkpoint as it is. */
  checkpoint: Uint8Array;
}

/** What a proof proves, once it holds. */
export interface ProvenEntry {
  index: number;
  checkpoint: VerifiedCheckpoint;
  witnesses: WitnessJudgement;
}

/**
 * The bytes of a proof.
 *
 * @throws {OvnError} `limit` or `malformed` when they would not be read as this proof.
 */
export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): Uint8Array {
  const lines = [
    FIRST_LINE,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
  ];
  const bytes = Buffer.concat([encoder.encode(`${lines.join('\n')}\n\n`), checkpoint]);
  parseTlogProof(bytes);
  return bytes;
}

/**
 * Reads a proof strictly: what is read is written by {@link formatTlogProof} as the very same bytes. Of the
 * checkpoint nothing is known yet.
 *
 * @throws {OvnError} `limit` or `malformed`.
 */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  const text = decodeText(bytes, TLOG_PROOF_LIMIT, 'tlog-proof');
  const end = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (first !== FIRST_LINE) throw malformed(`it does not begin with ${FIRST_LINE}, or has no empty line`);
  const extra = lines[0]?.startsWith('extra ') ? parseExtra(lines.shift() ?? '') : undefined;
  const index = parseDecimal(/^index (.*)$/.exec(lines.shift() ?? '')?.[1] ?? '');
  if (index === undefined) throw malformed('no line with the index of the entry');
  const checkpoint = encoder.encode(text.slice(end + 2));
  return { ...(extra === undefined ? {} : { extra }), index, hashes: parseHashes(lines), checkpoint };
}

/**
 * Verifies, with nothing but its arguments, that an entry is in a log (C2SP tlog-proof, "Verifying a tlog
 * proof"): the log signed the checkpoint, the witnesses that the policy asks for cosigned it, and the entry
 * is in its tree.
 *
 * @param entry its bytes as they are.
 * @throws {OvnError} `limit` or `malformed`; `refused` when it proves nothing; `incomplete` when only
 * witnesses are missing.
 */
export function verifyTlogProof(
  proof: Uint8Array,
  entry: Uint8Array,
  log: LogIdentity,
  policy: WitnessPolicy,
): ProvenEntry {
  const { index, hashes, checkpoint: note } = parseTlogProof(proof);
  const checkpoint = openCheckpoint(note, log);
  if (!verifyInclusion(leafHash(entry), index, checkpoint, hashes)) {
    throw new OvnError('refused', `tlog-proof: the entry is not entry ${index} of ${log.origin}`);
  }
  const witnesses = judgeWitnesses(checkpoint, policy);
  if (witnesses.satisfied) return { index, checkpoint, witnesses };
  const count = witnesses.witnesses.filter(({ result }) => result === 'valid').length;
  throw new OvnError(
    'incomplete',
    `tlog-proof: cosigned by ${count} witnesses of ${policy.threshold} asked for`,
  );
}

function parseExtra(line: string): Uint8Array {
  const extra = decodeBase64(line.slice('extra '.length));
  if (extra === undefined || extra.length === 0) throw malformed('the extra data is not base64, or empty');
  return extra;
}

function parseHashes(lines: readonly string[]): Uint8Array[] {
  if (lines.length > MOST_HASHES) throw malformed(`more than ${MOST_HASHES} hashes`);
  return lines.map((line) => {
    const hash = decodeHash(line);
    if (hash === undefined) throw malformed(`${JSON.stringify(line.slice(0, 80))} is no hash in base64`);
    return hash;
  });
}

function malformed(message: string): OvnError {
  return new OvnError('malformed', `tlog-proof: ${message}`);
}
