import { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { OvnError } from '../../errors.ts';
import type { Kept, KeptState } from './home.ts';

const text = v.pipe(v.string(), v.maxLength(64 * 1024));

/** One peer's word on a pin, and that of all of them: `PinInfoShort` and `GlobalPinInfo` of IPFS Cluster 1.1. */
const PEER = v.object({ status: text, error: v.optional(text, ''), peername: v.optional(text, '') });
const PIN_INFO = v.object({
  cid: text,
  name: v.optional(text, ''),
  allocations: v.nullish(v.array(text), []),
  peer_map: v.nullish(v.record(text, PEER), {}),
});

/** What it keeps, whether it can or not: `Pin`. */
const PIN = v.object({ cid: text, type: v.optional(text, 'pin') });

/** What was given to it: `AddedOutput`. */
const ADDED = v.array(v.object({ cid: text }));

export type PinInfo = v.InferOutput<typeof PIN_INFO>;
type Peer = v.InferOutput<typeof PEER>;

/** @throws {OvnError} `malformed` */
export const readPinInfo = (answer: unknown): PinInfo => read(PIN_INFO, answer);

/** The CID of a pin; nothing of what Cluster keeps for itself. @throws {OvnError} `malformed` */
export function readPin(answer: unknown): CID | undefined {
  const { cid, type } = read(PIN, answer);
  return type === 'pin' ? parseCid(cid) : undefined;
}

/** The roots of what was given to it. @throws {OvnError} `malformed` */
export const readAdded = (answer: unknown): CID[] => read(ADDED, answer).map(({ cid }) => parseCid(cid));

/** What a peer does, in the words of a home. Another's pin (`remote`) is none of its business; only what is in no pinset is absent. */
const STATES: Record<string, KeptState> = {
  pinned: 'pinned',
  pinning: 'pinning',
  pin_queued: 'queued',
  queued: 'queued',
  pin_error: 'failed',
  error: 'failed',
  unexpectedly_unpinned: 'failed',
  unpinned: 'absent',
};

/** The first that any peer is in is that of all. A peer that cannot be asked (`cluster_error`), or its Kubo, has nothing to say. */
const BEST: readonly KeptState[] = ['pinned', 'pinning', 'queued', 'failed', 'unknown', 'absent'];

/**
 * What a cluster keeps of a root.
 * @param copies wanted; absent: on every peer that it was given to
 */
export function keptBy(root: CID, info: PinInfo, copies: number | undefined): Kept {
  const peers = Object.values(info.peer_map ?? {}).filter(({ status }) => status !== 'remote');
  const states = peers.map(({ status }) => STATES[status] ?? 'unknown');
  const state = BEST.find((best) => states.includes(best)) ?? 'unknown';
  const kept: Kept = { cid: `${root}`, state };
  if (state === 'absent') return kept;
  const have = states.filter((each) => each === 'pinned').length;
  const want = copies ?? Math.max(info.allocations?.length ?? 0, peers.length);
  const detail = peers.map(troubleOf).find((trouble) => trouble !== '');
  return {
    ...kept,
    copies: { want, have },
    ...(info.name === '' ? {} : { name: info.name }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** Whether a peer is still at it. */
export function isBusy({ peer_map }: PinInfo): boolean {
  const states = Object.values(peer_map ?? {}).map(({ status }) => STATES[status]);
  return states.some((state) => state === 'pinning' || state === 'queued');
}

function troubleOf({ status, error, peername }: Peer): string {
  const why = error === '' && STATES[status] === undefined ? status : error;
  return why === '' || peername === '' ? why : `${peername}: ${why}`;
}

function parseCid(given: string): CID {
  try {
    return CID.parse(given);
  } catch (cause) {
    throw new OvnError('malformed', 'its answer names what is no CID', { cause });
  }
}

function read<T extends v.GenericSchema>(schema: T, answer: unknown): v.InferOutput<T> {
  const { success, output, issues } = v.safeParse(schema, answer);
  if (success) return output;
  const where = v.getDotPath(issues[0]) ?? 'all of it';
  throw new OvnError('malformed', `its answer is not that of IPFS Cluster: "${where}" is wrong or missing`);
}
