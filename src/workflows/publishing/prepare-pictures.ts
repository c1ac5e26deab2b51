import { hash } from 'node:crypto';
import type { Variant } from '../../bundle/pictures/make-variants.ts';
import { type Finding, OvnError } from '../../errors.ts';
import type { KeptVariant } from '../../repo/picture-variants.ts';
import type { Block } from '../../unixfs/block.ts';
import { addFile } from '../../unixfs/file.ts';
import { type LoadedMedia, readInspected } from './media.ts';
import type { PictureMaker } from './picture-maker.ts';
import type { DueArticle } from './plan.ts';
import { SourceFindings } from './source-findings.ts';
import type { VariantShelf } from './variant-shelf.ts';

export interface PictureEffects {
  /** Where the repository is. */
  root: string;
  pictures: PictureMaker;
  shelf: VariantShelf;
  signal: AbortSignal;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** One picture, wherever it is shown. */
interface WantedPicture {
  first: LoadedMedia;
  shown: { due: DueArticle; media: LoadedMedia }[];
}

/**
 * Decodes every picture of the due articles that never was, and gives all of them their variants; nothing is stored yet but these.
 *
 * @param warnings takes what is wrong with pictures of articles that are held back
 * @throws {OvnError} `source`, with every picture that cannot be decoded, by file and line
 */
export async function preparePictures(
  due: readonly DueArticle[],
  warnings: Finding[],
  effects: PictureEffects,
): Promise<void> {
  const found: Finding[] = [];
  const wanted = await findUnknown(due, effects.shelf);
  const lanes = Math.min(effects.pictures.lanes, wanted.length);
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, () => prepareInTurn(wanted, found, effects)),
  );
  await effects.shelf.flush();
  const failed = ended.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const findings = new SourceFindings(warnings);
  for (const finding of found.sort(byPlace)) findings.add(finding);
  findings.requireNoErrors();
}

/** Takes one picture after the other from those that are left, until there are none, or something is wrong with more than one. */
async function prepareInTurn(
  wanted: WantedPicture[],
  found: Finding[],
  effects: PictureEffects,
): Promise<void> {
  const total = wanted.length;
  try {
    for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
      found.push(...(await prepare(next, effects)));
      await new Promise(setImmediate);
      effects.signal.throwIfAborted();
      effects.onProgress?.(total - wanted.length, total);
    }
  } catch (error) {
    wanted.length = 0;
    throw error;
  }
}

/** Gives variants to those that were decoded before. The rest, the last first, each once. */
async function findUnknown(due: readonly DueArticle[], shelf: VariantShelf): Promise<WantedPicture[]> {
  const wanted = new Map<string, WantedPicture>();
  for (const article of due) {
    for (const media of article.media) {
      if (media.type === 'image/gif' || media.type === 'image/svg+xml') media.variants = [];
      else {
        const same = wanted.get(media.digest) ?? { first: media, shown: [] };
        same.shown.push({ due: article, media });
        wanted.set(media.digest, same);
      }
    }
  }
  for (const [digest, { shown }] of wanted) {
    const known = await shelf.get(digest);
    if (known === undefined) continue;
    for (const { media } of shown) media.variants = known;
    wanted.delete(digest);
  }
  return [...wanted.values()].reverse();
}

/** Returns what is wrong with it, at each place that shows it. */
async function prepare(
  { first, shown }: WantedPicture,
  { root, pictures, shelf, signal }: PictureEffects,
): Promise<Finding[]> {
  try {
    const { bytes, type, width, height } = readInspected(root, first);
    const made = await pictures.make({ bytes, type, width, height, name: first.reference }, signal);
    const blocks: Block[] = [];
    const variants: KeptVariant[] = [];
    for (const variant of made) variants.push(await keep(variant, blocks));
    await shelf.put(first.digest, variants, blocks);
    for (const { media } of shown) media.variants = variants;
    return [];
  } catch (error) {
    if (!(error instanceof OvnError) || (error.code !== 'malformed' && error.code !== 'limit')) throw error;
    return shown.map(({ due, media }) => {
      media.variants = [];
      const severity = due.held === undefined ? 'error' : 'warning';
      return { severity, file: due.source, line: media.line, message: error.message };
    });
  }
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line;
}

async function keep({ bytes, width, height }: Variant, blocks: Block[]): Promise<KeptVariant> {
  const { cid, size: tsize } = await addFile(bytes, (block) => void blocks.push(block));
  const digest = hash('sha256', bytes, 'hex');
  return { cid: cid.toString(), tsize, size: bytes.length, digest, width, height };
}
