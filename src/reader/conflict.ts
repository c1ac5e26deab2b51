import type { RememberedManifest } from './memory.ts';

/**
 * Why two manifests of one publication cannot both be of one history, whoever signed first; `undefined` where they can.
 * Each is given with its CID, in any order.
 */
export function conflictOf(one: RememberedManifest, two: RememberedManifest): string | undefined {
  const [older, newer] = one.manifest.sequence <= two.manifest.sequence ? [one, two] : [two, one];
  const { sequence } = older.manifest;
  if (newer.manifest.sequence === sequence) {
    return one.cid === two.cid ? undefined : `two manifests of sequence ${sequence}: ${one.cid}, ${two.cid}`;
  }
  if (newer.manifest.sequence === sequence + 1 && newer.manifest.previous !== older.cid) {
    return `manifest ${sequence + 1} follows ${newer.manifest.previous}, not ${older.cid}`;
  }
  if (newer.manifest.log.size < older.manifest.log.size) {
    return `the log had ${older.manifest.log.size} entries at sequence ${sequence}, and ${newer.manifest.log.size} at ${newer.manifest.sequence}`;
  }
  return undefined;
}
