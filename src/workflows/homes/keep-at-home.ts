import { CID } from 'multiformats/cid';
import type { Home, Kept } from '../../node/homes/home.ts';
import type { Confirmation, StoredHome } from '../../repo/homes.ts';
import { isHeld } from '../../repo/homes.ts';
import { formatInstant } from '../../trust/instant.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { type HomeEffects, pinName } from './home-effects.ts';
import { packDag } from './pack-dag.ts';
import { readBack } from './read-back.ts';
import type { WantedRoot } from './wanted-roots.ts';

/** A home that is open. */
export interface OpenHome {
  stored: StoredHome;
  home: Home;
}

/**
 * Has a home keep one DAG: asks for it where it does not say that it has it, and reads back what it says it has. Each step is noted before
 * the next, so that a rerun goes on from there.
 *
 * @param said what the home says of it now.
 * @param read of the DAG, where it is not held here.
 * @throws {OvnError} as the home does; what was noted until then stays.
 */
export async function keepAtHome(
  { stored, home }: OpenHome,
  wanted: WantedRoot,
  said: Kept | undefined,
  effects: HomeEffects,
  read: BlockReader = effects.read,
): Promise<Confirmation> {
  const { homes } = effects.repository;
  const place = { home: stored.name, cid: wanted.cid, subject: wanted.subject };
  const { sequence } = wanted;
  homes.asked({ ...place, sequence, ...ownershipOf(stored, wanted, said, effects), asked: instant(effects) });
  const { pin } = require(homes.confirmation(place));
  const push = () => pushTo(home, stored, { ...wanted, pin }, { ...effects, read });
  // Before anything can fail: what the home has lost counts as held no longer.
  if (said !== undefined) note(place, said, effects);
  const isPinned = said?.state === 'pinned' && !isShort(said);
  if (!isPinned) note(place, await push(), effects);
  const found = await look({ stored, home }, place, { ...effects, read });
  // It says that it has it, and does not: it is given it again.
  if (isPinned && found === 'missing') {
    note(place, await push(), effects);
    await look({ stored, home }, place, { ...effects, read });
  }
  return require(homes.confirmation(place));
}

/**
 * Reads back what a home says it keeps, and notes how that went.
 *
 * @returns `missing` where a block was not there.
 */
export async function look(
  { stored, home }: OpenHome,
  place: { home: string; cid: string; subject: string },
  effects: HomeEffects,
): Promise<'read' | 'missing' | 'unread'> {
  const { homes } = effects.repository;
  if (homes.confirmation(place)?.state !== 'pinned') return 'unread';
  effects.onProgress?.(stored.name, 'reading back');
  const readers = [...(home.reader === undefined ? [] : [home.reader]), ...effects.readers(stored)];
  const result = await readBack(place.cid, readers, effects);
  if (result.read) {
    homes.wasRead(place, { at: instant(effects), blocks: result.blocks, via: result.via });
    return 'read';
  }
  homes.wasNotRead(place, result.problem);
  return result.isMissing ? 'missing' : 'unread';
}

/** Notes what a home said. */
export function note(
  place: { home: string; cid: string; subject: string },
  { state, detail, copies }: Kept,
  effects: HomeEffects,
): void {
  effects.repository.homes.said(place, { state, detail, copies }, instant(effects));
}

async function pushTo(
  home: Home,
  stored: StoredHome,
  { cid, pin, publication }: WantedRoot,
  { repository, read, origins, connect, signal, onProgress }: HomeEffects,
): Promise<Kept> {
  const root = CID.parse(cid);
  const held = repository.homes.confirmations(stored.name).filter(isHeld);
  onProgress?.(stored.name, 'pushing');
  return home.push(root, {
    name: pin,
    car: (less = []) => packDag(root, less, read, signal),
    have: held.filter((each) => each.cid !== cid).map((each) => CID.parse(each.cid)),
    origins,
    publication,
    onDelegates: connect && ((addresses) => connect(addresses, stored.url)),
    signal,
    onProgress: ({ bytes, state }) =>
      onProgress?.(stored.name, bytes === undefined ? (state ?? 'pushing') : `${bytes} bytes sent`),
  });
}

/**
 * Whether the pin is ours, and the name by which it is to be released: that which it bears there, where it was asked for before, for
 * another edition or under another subject.
 */
function ownershipOf(
  { name: home, kind }: StoredHome,
  wanted: WantedRoot,
  said: Kept | undefined,
  { repository: { homes } }: HomeEffects,
): Pick<Confirmation, 'own' | 'pin'> {
  const before = homes.confirmations(home).find(({ cid, own }) => own && cid === wanted.cid);
  if (before !== undefined) return { own: true, pin: before.pin };
  const own = kind !== 'gateway' && isOwn(said, wanted);
  return { own, pin: (own && said?.state === 'pinned' ? said.name : undefined) ?? wanted.pin };
}

/** What was pinned there before, and not by us for the same, is another's. */
function isOwn(said: Kept | undefined, { publication, subject }: WantedRoot): boolean {
  if (said?.state !== 'pinned') return true;
  const name = pinName(publication, subject, null);
  return said.name === name || said.name?.startsWith(`${name}/`) === true;
}

function isShort({ copies }: Kept): boolean {
  return copies !== undefined && copies.have < copies.want;
}

function instant({ now }: HomeEffects): string {
  return formatInstant(now());
}

function require(confirmation: Confirmation | undefined): Confirmation {
  if (confirmation === undefined) throw new Error('the home was removed meanwhile');
  return confirmation;
}
