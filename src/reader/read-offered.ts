import { parseCheckpoint } from '../log/checkpoint.ts';
import { parseNote } from '../log/note.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { parseManifestJson, requireManifest } from '../manifest/parse-manifest.ts';
import { parseMasthead } from '../trust/parse-masthead.ts';
import type { Finding } from './ledger.ts';
import { LIMITS } from './limits.ts';
import type { Offered } from './offered.ts';
import { refusal } from './refusal.ts';

/**
 * Rule 1, sizes and canonical bytes, before anything is believed (TUF 1.0.34, sections 5.3.3 and 5.4.1: endless data;
 * numbers above all reason are TUF's fast-forward). Gives what the manifest claims.
 *
 * TUF resets its counters after keys were changed (section 5.3.11), because a stolen key can set them to the largest
 * number there is. Here the log bears out every sequence (rule 9), so there is nothing to reset.
 */
export function readOffered({ mastheads, manifest, checkpoint }: Offered): Finding<Manifest> {
  requireSensible('masthead chain in bytes', sizeOf(mastheads), LIMITS.mastheads);
  for (const bytes of mastheads) parseMasthead(bytes);
  const claimed = requireManifest(parseManifestJson(manifest));
  if (checkpoint !== undefined) parseCheckpoint(parseNote(checkpoint).text);
  requireSensible('sequence', claimed.sequence, LIMITS.sequence);
  requireSensible('log size', claimed.log.size, LIMITS.logSize);
  const size = sizeOf([...mastheads, manifest, ...(checkpoint === undefined ? [] : [checkpoint])]);
  return { value: claimed, detail: `${size} bytes, each document canonical and within its limits` };
}

function requireSensible(what: string, value: number, most: number): void {
  if (value > most) throw refusal(`a ${what} of ${value}; more than ${most} is not believed`);
}

function sizeOf(documents: readonly Uint8Array[]): number {
  return documents.reduce((sum, { length }) => sum + length, 0);
}
