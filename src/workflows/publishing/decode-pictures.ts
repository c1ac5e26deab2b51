import type { Plan } from './plan.ts';
import { preparePictures } from './prepare-pictures.ts';
import type { PublishEffects, PublishOptions } from './publish-effects.ts';
import { readingShelf, storingShelf } from './variant-shelf.ts';

/**
 * Pictures are made ready before anything else is: what cannot be decoded stops all of it. A dry run keeps nothing of it.
 *
 * @throws {OvnError} `source`, with every picture that cannot be decoded, by file and line
 */
export async function decodePictures(
  { due, warnings }: Plan,
  { dryRun }: Pick<PublishOptions, 'dryRun'>,
  { repository, node, pictures, signal, onProgress }: PublishEffects,
): Promise<void> {
  const places = { repository, read: node.read };
  await preparePictures(due, warnings, {
    root: repository.dir,
    pictures,
    shelf: dryRun ? readingShelf(places) : storingShelf(places, (blocks) => node.put(blocks)),
    signal,
    onProgress: (done, total) => onProgress?.('pictures', done, total),
  });
}
