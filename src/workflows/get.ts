import type { CID } from 'multiformats/cid';
import { toMarkdown } from '../bundle/to-markdown.ts';
import { OvnError } from '../errors.ts';
import { NO_WITNESSES } from '../log/witness-policy.ts';
import { writeCar } from '../node/car.ts';
import { type Check, firstFailed } from '../trust/check.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { type DirectoryEntry, readIfDirectory } from '../unixfs/directory.ts';
import { streamFile } from '../unixfs/file.ts';
import { measureDag } from './measure-dag.ts';
import { readArticle, readBundleFile } from './read-article.ts';
import { askReader } from './verification/ask-reader.ts';
import { judgeRoot } from './verification/judge-root.ts';
import { Evidence } from './verification/judging.ts';
import { readerOf } from './verification/reader-of.ts';
import type { VerifyEffects } from './verification/request.ts';
import { writeFolder } from './write-folder.ts';

export type GetFormat = 'md' | 'json' | 'html' | 'car' | 'dir';

export interface GetEffects {
  read: BlockReader;
  /** What an article is judged by besides itself; absent where it is judged alone. */
  reader?: Pick<VerifyEffects, 'local' | 'memories'>;
  now: Date;
  signal: AbortSignal;
}

/**
 * The bytes of an article in a format, of any directory as a CAR, or of a single file as it is. An article is judged
 * first: what is not genuine is not given out.
 *
 * @throws {OvnError} `refused` for an article that is not genuine; `usage` for a format that the thing does not have.
 */
export async function* getBytes(
  cid: CID,
  format: GetFormat,
  effects: GetEffects,
): AsyncGenerator<Uint8Array> {
  const entries = await readIfDirectory(cid, effects.read);
  const isBundle = hasArticle(entries);
  if (isBundle) await requireGenuine(cid, effects);
  if (format === 'car') yield* writeCar(cid, effects.read, { signal: effects.signal });
  else if (entries === undefined) yield* streamFile(cid, effects.read, { signal: effects.signal });
  else if (!isBundle)
    throw new OvnError('usage', `${cid} is a directory and no article; it can be had as car or dir`);
  else yield* articleBytes(cid, format, effects);
}

/**
 * Writes a directory as a folder. An article is judged first, as {@link getBytes} does.
 *
 * @throws {OvnError} as {@link writeFolder}; `refused`; `usage` for what is no directory.
 */
export async function getFolder(cid: CID, target: string, effects: GetEffects): Promise<void> {
  const entries = await readIfDirectory(cid, effects.read);
  if (entries === undefined) throw new OvnError('usage', `${cid} is a file; it is had without --format dir`);
  if (hasArticle(entries)) await requireGenuine(cid, effects);
  await writeFolder(cid, target, effects.read, effects.signal);
}

function hasArticle(entries: readonly DirectoryEntry[] | undefined): boolean {
  return entries?.some(({ name }) => name === 'article.json') ?? false;
}

/**
 * Whether an article may be given out: it is judged as `ovn verify` judges it by its CID, and nothing is remembered.
 *
 * @throws {OvnError} `incomplete` when not all of it is held; `refused`, naming the check that failed.
 */
async function requireGenuine(cid: CID, { read, reader: known, now, signal }: GetEffects): Promise<void> {
  await measureDag(cid, read, signal);
  const evidence = new Evidence(read, { now, signal });
  const judged = await judgeRoot(cid, evidence);
  requireHeld(cid, judged.checks);
  if (known === undefined) return;
  const facts = { policy: NO_WITNESSES, led: undefined, remembers: false };
  const reader = readerOf(judged.publication, ASKED, known, facts);
  const asking = { reader, namedBy: 'cid', evidence, own: known.local?.read } as const;
  const said = await askReader(judged, asking);
  requireHeld(cid, said.checks, said.evidence);
}

/** Nobody in particular is expected, and age refuses nothing. */
const ASKED = { publication: undefined, requireCurrent: false };

function requireHeld(cid: CID, checks: readonly Check[], evidence?: string): void {
  const failed = firstFailed(checks);
  if (failed === undefined) return;
  const hint =
    evidence === undefined
      ? {}
      : { hint: `Both documents are kept in ${evidence}: ovn log evidence judges it.` };
  throw new OvnError('refused', `${cid} is not genuine: ${failed.name}: ${failed.detail}`, hint);
}

async function* articleBytes(cid: CID, format: GetFormat, { read }: GetEffects): AsyncGenerator<Uint8Array> {
  if (format === 'json') yield await readBundleFile(cid, 'article.json', read);
  else if (format === 'html') yield await readBundleFile(cid, 'index.html', read);
  else if (format === 'md') yield Buffer.from(toMarkdown(await readArticle(cid, read)), 'utf8');
  else throw new OvnError('usage', 'a folder needs a place: -o FOLDER');
}
