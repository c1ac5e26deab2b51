import { OvnError } from '../errors.ts';
import type { Manifest } from './manifest.ts';

/** Entries of an edition's root that no manifest lists: itself, and the log, which `log` binds. */
export const UNLISTED: readonly string[] = ['log', 'manifest.json'];

/**
 * Demands that an edition's root holds exactly what its manifest lists: nobody can wrap a genuine manifest in forged pages.
 *
 * @throws {OvnError} `refused`, naming the entry.
 */
export function requireRoot(
  root: readonly { name: string; cid: string }[],
  { entries, log, articles }: Manifest,
): void {
  const present = new Map(root.map(({ name, cid }) => [name, cid]));
  for (const { name, cid } of entries) {
    const found = present.get(name);
    if (found === undefined) throw refusal(`${name} is listed in the manifest, and missing`);
    if (found !== cid) throw refusal(`${name} is ${found}; the manifest says ${cid}`);
    present.delete(name);
  }
  if (log.size > 0 && !present.has('log')) throw refusal('log is missing');
  for (const name of UNLISTED) if (name !== 'log' || log.size > 0) present.delete(name);
  for (const name of present.keys()) throw refusal(`${name} is not listed in the manifest`);
  const tree = entries.find(({ name }) => name === 'articles')?.cid;
  if (tree !== articles.cid)
    throw refusal(`articles/ is ${tree}; "articles" in the manifest says ${articles.cid}`);
}

function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
