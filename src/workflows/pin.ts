import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { countDag, measureDag } from './measure-dag.ts';
import { resolveTarget, type Target } from './resolve-target.ts';

/** What `ovn pin ls --json` prints an array of. */
export interface PinReport {
  cid: string;
  name: string;
  kind: string;
  blocks: number;
  bytes: number;
}

export interface PinEffects {
  repository: Repository;
  read: BlockReader;
  lock(): Promise<AsyncDisposable>;
  dryRun: boolean;
  signal: AbortSignal;
}

/**
 * Pins what a name stands for today. The pin is of that CID and never moves by itself; the name is kept beside it.
 *
 * @throws {OvnError} `incomplete` when not all that it reaches is held; `not-found`.
 */
export async function addPin(what: string, effects: PinEffects): Promise<PinReport> {
  const { repository, read, signal } = effects;
  await using _lock = await effects.lock();
  const { cid, name, kind } = await findPinnable(what, effects);
  const size = await measureDag(cid, read, signal);
  if (!effects.dryRun) {
    repository.transaction(() => {
      repository.pins.markComplete([cid.toString()]);
      repository.pins.add({ cid: cid.toString(), name, kind });
    });
  }
  return { cid: cid.toString(), name, kind, ...size };
}

/** Pins by name of a category first: an article may have its slug. */
async function findPinnable(what: string, { repository, read }: PinEffects): Promise<Target> {
  const categories = repository.categories();
  const category = Object.hasOwn(categories, what) ? categories[what] : undefined;
  if (category !== undefined) return { cid: CID.parse(category.cid), kind: 'category', name: what };
  const target = await resolveTarget(repository, read, what);
  return { ...target, name: nameOf(repository, target) };
}

/** A CID that the head edition knows is called what it is called there. */
function nameOf(repository: Repository, { cid, name, article }: Target): string {
  const text = cid.toString();
  const category = Object.entries(repository.categories()).find(([, { cid: own }]) => own === text);
  return category?.[0] ?? article?.id ?? name;
}

/** Releases a pin, named by its CID or by the name that it was given. What it kept stays until garbage is collected. */
export async function removePin(what: string, effects: PinEffects): Promise<PinReport[]> {
  const { repository } = effects;
  const pins = repository.pins.list().filter(({ cid, name }) => name === what || cid === what);
  if (pins.length === 0) {
    throw new OvnError('not-found', `there is no pin ${what}`, { hint: 'ovn pin ls shows the pins.' });
  }
  if (pins.length > 1) {
    const cids = pins.map(({ cid }) => cid).join(', ');
    throw new OvnError('usage', `${pins.length} pins are called ${what}: ${cids}`, {
      hint: 'Name one by its CID.',
    });
  }
  const reports = await describePins(pins, effects);
  if (!effects.dryRun) for (const { cid } of pins) repository.pins.remove(cid);
  return reports;
}

/** Every pin with the size of what is held of it: one that lost something can still be seen and released. */
export async function listPins(effects: Omit<PinEffects, 'lock' | 'dryRun'>): Promise<PinReport[]> {
  return describePins(effects.repository.pins.list(), effects);
}

async function describePins(
  pins: ReturnType<Repository['pins']['list']>,
  { read, signal }: Pick<PinEffects, 'read' | 'signal'>,
): Promise<PinReport[]> {
  const reports: PinReport[] = [];
  for (const { cid, name, kind } of pins) {
    const { blocks, bytes } = await countDag(CID.parse(cid), read, signal);
    reports.push({ cid, name, kind, blocks, bytes });
  }
  return reports;
}
