import type { CID } from 'multiformats/cid';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { refusal } from './judging.ts';

/**
 * What a directory holds under a name.
 *
 * @throws {OvnError} `refused` where there is no such entry.
 */
export function requireEntry(entries: readonly DirectoryEntry[], name: string): CID {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw refusal(`${name} is missing`);
  return entry.cid;
}
