import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { VerifiedCheckpoint } from '../../log/checkpoint.ts';
import { isExtension } from '../../log/merkle.ts';
import { formatNote, NOTE_LIMIT } from '../../log/note.ts';
import { isSameHash } from '../../log/tree-hash.ts';
import type { Evidence as Contradiction } from '../../reader/evidence.ts';
import { checkpointOf } from '../../reader/signed-exhibits.ts';
import { type OpenLog, openLog } from '../../reader/verified-log.ts';
import { formatInstant } from '../../trust/instant.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import { readMastheads, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { type Evidence, refusal } from '../verification/judging.ts';

/** A checkpoint that somebody shows of a publication, and the edition whose log it is said to be of. */
export interface ShownCheckpoint {
  from: string;
  /** The signed note; absent where it is that of the edition. */
  note?: Uint8Array | undefined;
  /** Its tiles are looked for there, where it is longer than ours. */
  edition?: string | undefined;
}

/**
 * How the log that somebody shows stands to the one that we saw: `agrees` where one of them begins with the other; `ahead` where it is longer
 * and nobody gives what is more; `fork` where they are two histories under one key; `foreign` where it is no checkpoint of this log.
 */
export interface ComparedLog {
  from: string;
  relation: 'agrees' | 'longer' | 'ahead' | 'fork' | 'foreign';
  /** A sentence for people. */
  detail: string;
  /** Of a fork: what shows it to others. */
  contradiction?: Contradiction;
}

/** The log that we saw, and who may sign it. */
interface OurLog extends OpenLog {
  mastheads: VerifiedMastheads;
  files: readonly Uint8Array[];
}

/**
 * Compares the checkpoints that several places show of one publication with the log of an edition of it that was judged. Nothing is believed
 * but signatures, and nothing is replaced by what is shown.
 *
 * @param evidence reads the edition; where it can, also those of the others.
 * @throws {OvnError} where the edition's own log cannot be read.
 */
export async function compareShown(
  edition: CID,
  shown: readonly ShownCheckpoint[],
  evidence: Evidence,
): Promise<ComparedLog[]> {
  if (shown.length === 0) return [];
  const ours = await openOurs(edition, evidence);
  const compared: ComparedLog[] = [];
  for (const each of shown) compared.push({ from: each.from, ...(await compare(each, ours, evidence)) });
  return compared;
}

async function openOurs(edition: CID, evidence: Evidence): Promise<OurLog> {
  const masthead = await resolvePath(edition, ['masthead'], evidence.read);
  if (masthead === undefined) throw refusal('the edition has no mastheads');
  const files = await evidence.mastheadFiles(masthead.cid);
  const mastheads = readMastheads(files);
  return { ...(await openLogAt(edition, mastheads, evidence)), mastheads, files };
}

async function openLogAt(edition: CID, mastheads: VerifiedMastheads, evidence: Evidence): Promise<OpenLog> {
  const log = await resolvePath(edition, ['log'], evidence.read);
  const file = log && (await resolvePath(log.cid, ['checkpoint'], evidence.read));
  if (log === undefined || file === undefined) throw refusal('the edition has no log');
  const note = await evidence.file(file.cid, NOTE_LIMIT);
  const { masthead } = mastheads.newest;
  return openLog(note, logIdentity(masthead), tileReader(Tree.open(log, evidence.read), evidence.read));
}

async function compare(
  { note, edition }: ShownCheckpoint,
  ours: OurLog,
  evidence: Evidence,
): Promise<Omit<ComparedLog, 'from'>> {
  const shown = note ?? (await noteOf(edition, evidence));
  const theirs = shown === undefined ? 'it shows no log' : openShown(shown, ours.mastheads);
  if (typeof theirs === 'string') return { relation: 'foreign', detail: theirs };
  const more = theirs.size - ours.checkpoint.size;
  if (more <= 0) return relate(theirs, ours, ours, evidence);
  const longer = await openTheirs(theirs, edition, ours.mastheads, evidence);
  if (longer !== undefined) return relate(ours.checkpoint, longer, ours, evidence);
  return { relation: 'ahead', detail: `it shows ${more} entries of the log more, which nobody gives` };
}

async function noteOf(edition: string | undefined, evidence: Evidence): Promise<Uint8Array | undefined> {
  if (edition === undefined) return undefined;
  return orNothing(evidence, async () => {
    const file = await resolvePath(CID.parse(edition), ['log', 'checkpoint'], evidence.read);
    return file && evidence.file(file.cid, NOTE_LIMIT);
  });
}

function openShown(note: Uint8Array, mastheads: VerifiedMastheads): VerifiedCheckpoint | string {
  try {
    const checkpoint = checkpointOf(note, mastheads);
    const { origin } = mastheads.newest.masthead;
    return checkpoint.origin === origin ? checkpoint : `its checkpoint is of the log ${checkpoint.origin}`;
  } catch (error) {
    if (error instanceof OvnError) return `it shows no checkpoint of this log: ${error.message}`;
    throw error;
  }
}

/** The log of the other edition, where all that is needed of it can be had, and it is the one that was shown. */
async function openTheirs(
  shown: VerifiedCheckpoint,
  edition: string | undefined,
  mastheads: VerifiedMastheads,
  evidence: Evidence,
): Promise<OpenLog | undefined> {
  if (edition === undefined) return undefined;
  return orNothing(evidence, async () => {
    const opened = await openLogAt(CID.parse(edition), mastheads, evidence);
    const { checkpoint } = opened;
    return checkpoint.size === shown.size && isSameHash(checkpoint.root, shown.root) ? opened : undefined;
  });
}

/** What others show may not be had, or be anything. */
async function orNothing<T>({ signal }: Evidence, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}

async function relate(
  shorter: VerifiedCheckpoint,
  longer: OpenLog,
  { mastheads, files, checkpoint: ours }: OurLog,
  { now }: Evidence,
): Promise<Omit<ComparedLog, 'from'>> {
  const { tree, checkpoint } = longer;
  const hashes = await tree.consistencyProof(shorter.size, checkpoint.size);
  const sizes = `${shorter.size} and ${checkpoint.size} entries`;
  if (isExtension(shorter, checkpoint, hashes)) {
    const relation = checkpoint.size > ours.size ? 'longer' : 'agrees';
    return { relation, detail: `${sizes}, and the one begins with the other` };
  }
  const contradiction: Contradiction = {
    kind: 'fork',
    publication: mastheads.publicationId,
    mastheads: files,
    documents: [formatNote(shorter.note), formatNote(checkpoint.note)],
    proof: { hashes, root: await tree.rootAt(shorter.size) },
    foundAt: formatInstant(now),
  };
  const detail = `two histories under one key, of ${sizes}: neither begins with the other`;
  return { relation: 'fork', detail, contradiction };
}
