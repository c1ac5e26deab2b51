import { createHash, hash } from 'node:crypto';
import type { LoadedMedia } from './media.ts';

/**
 * What decides whether a revision is due: sha256 over the normalised source and the untouched bytes of the media it
 * shows, in hex. Nothing else makes a published article due again.
 */
export function digestSource(text: string, media: readonly LoadedMedia[]): string {
  if (media.length === 0) return hash('sha256', text, 'hex');
  const digest = createHash('sha256').update(hash('sha256', text, 'hex'));
  for (const { reference, digest: file } of media) digest.update(`\n${reference}\n${file}`);
  return digest.digest('hex');
}
