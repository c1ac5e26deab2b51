import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, type Run, run } from '../child.ts';
import type { Bench } from '../part.ts';
import { remove } from '../scratch.ts';

const IPFS_CAR = fileURLToPath(import.meta.resolve('ipfs-car/bin.js'));

/** Kubo, where it is installed. */
export const ipfs = findProgram('ipfs');

/** `ipfs-car pack` of a folder into a new CAR, which is then removed. */
export async function packCar(bench: Bench, folder: string): Promise<Run> {
  const car = join(bench.scratch, 'site.car');
  const result = await run(bench, process.execPath, [IPFS_CAR, 'pack', folder, '--output', car], {
    memory: true,
  });
  await remove(car);
  return result;
}

/** `ipfs add` of a folder (with its pin, without a daemon) into a new repository, which is then removed. */
export async function addToKubo(bench: Bench, program: string, folder: string): Promise<Run> {
  const repository = join(bench.scratch, 'kubo');
  const env = { IPFS_PATH: repository };
  await run(bench, program, ['init', '--profile=test,unixfs-v1-2025'], { env });
  const result = await run(bench, program, ['add', '--recursive', '--quieter', folder], {
    env,
    memory: true,
  });
  await remove(repository);
  return result;
}
