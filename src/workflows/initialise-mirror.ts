import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OvnError } from '../errors.ts';
import { openNode } from '../node/node.ts';
import { createRepository } from '../repo/create-repository.ts';
import { SETTINGS } from '../repo/places.ts';
import { parseSettings } from '../repo/settings.ts';

export interface MirrorInitReport {
  /** Absolute. */
  dir: string;
  mirror: true;
}

/**
 * Makes a repository without a paper: for who keeps those of others. It has no keys.
 *
 * @throws {OvnError} `exists` when there is a repository in `dir` already.
 */
export async function initialiseMirror(options: { dir: string; dryRun: boolean }): Promise<MirrorInitReport> {
  const dir = resolve(options.dir);
  if (existsSync(join(dir, SETTINGS))) {
    throw new OvnError('exists', `${dir} is a repository already; nothing was changed`, {
      hint: 'Every repository can follow others: ovn follow <name, id, address or CID>.',
    });
  }
  if (options.dryRun) return { dir, mirror: true };
  using repository = await createRepository(dir, parseSettings('{"mirror": true}'), async () => undefined);
  await (await openNode(repository)).stop(); // its first start notes a version: later ones only read
  return { dir, mirror: true };
}
