import type { CID } from 'multiformats/cid';
import type { BlockSource } from '../retrieve/source.ts';

/** The kinds of places where others keep what we publish. A `gateway` is only told of an edition, and read back from. */
export const HOME_KINDS = ['pinning-service', 'kubo', 'cluster', 'gateway'] as const;

export type HomeKind = (typeof HOME_KINDS)[number];

/** What a home says of one DAG. `absent` only where it answered that it has none: a failure to answer is `unknown`. */
export type KeptState = 'pinned' | 'pinning' | 'queued' | 'failed' | 'absent' | 'unknown';

/** A home's own word on one DAG. */
export interface Kept {
  cid: string;
  state: KeptState;
  /** Why, in its words, where it said so: at most {@link MAX_DETAIL} characters, without control characters. */
  detail?: string;
  /** Copies that it was asked for and has, where it counts them. */
  copies?: { want: number; have: number };
  /** The name that the pin was given, where it keeps names. */
  name?: string;
}

/** Most characters of what another side says that are repeated. */
export const MAX_DETAIL = 200;

export interface AskHomeOptions {
  /** Ends the asking. */
  signal: AbortSignal;
}

export interface ReleaseOptions extends AskHomeOptions {
  name?: string;
}

export interface PushOptions extends AskHomeOptions {
  /** Of the pin, as the other side shows it. */
  name: string;
  /**
   * The DAG as one CARv1 with one root, from our store; made anew at each call, and only where it is called. With `less`, it leaves out what
   * those DAGs reach: who has them needs no more to complete this one.
   */
  car: (less?: readonly CID[]) => AsyncIterable<Uint8Array>;
  /** Roots that it confirmed before and that were read back: it most likely has all of their blocks. May be empty. */
  have: readonly CID[];
  /** Multiaddrs with `/p2p/` where the blocks can be fetched from; may be empty. */
  origins: readonly string[];
  /** Id of the publication that this is of, for those who are told of it. */
  publication?: string;
  /** Called with multiaddrs that want to be connected to, so that the blocks can be fetched from whoever does. */
  onDelegates?: ((addresses: readonly string[]) => void) | undefined;
  /** Called now and then with what has been sent, in bytes, or with what the other side says it is doing. */
  onProgress?: ((progress: PushProgress) => void) | undefined;
}

export interface PushProgress {
  /** Sent so far. */
  bytes?: number;
  state?: KeptState;
}

/**
 * A place where others keep our blocks. Every answer is the other side's own word; whether it is true is found out by reading back
 * (`workflows/homes`). Every method is bounded in time, throws `OvnError` (`io` where it cannot be reached or breaks off, `busy` where it
 * still asks for patience after the tries it is given, `key` where it refuses the credentials, `refused` where it will not do it,
 * `malformed` or `limit` for an answer that no honest place gives) and never repeats a secret.
 */
export interface Home {
  /** The name that we gave it. */
  readonly id: string;
  readonly kind: HomeKind;
  /**
   * Asks it to keep a DAG: the blocks are given as a CAR where it takes one, else it fetches them from `origins`. Waits within its limits
   * until the DAG is pinned or has failed, and returns the last it heard. Idempotent.
   */
  push(root: CID, options: PushOptions): Promise<Kept>;
  /** What it says of these roots: one answer for each of them, by the text of the CID given. Never reads a failure as `absent`. */
  status(roots: readonly CID[], options: AskHomeOptions): Promise<Map<string, Kept>>;
  /** All that it keeps under these credentials, ours or not. @throws {OvnError} `incomplete` where that cannot be found out */
  list(options: AskHomeOptions): AsyncIterable<Kept>;
  /** Lets go of a DAG; where it keeps names, only of pins with the name given. One that it does not have is no error. */
  release(root: CID, options: ReleaseOptions): Promise<void>;
  /** Reads back what it holds, where it can be read from. */
  readonly reader?: BlockSource;
  /** Lets go of connections. */
  close?(): Promise<void>;
}

/** A home as it is configured. Holds no secret. */
export interface HomeConfig {
  name: string;
  kind: HomeKind;
  /** http or https: the endpoint of the API; of a gateway, what stands before `/ipfs/`. Without user and password. */
  url: string;
  /** Gateways (what stands before `/ipfs/`) through which what it holds is read back. */
  readAt?: readonly string[];
  /** Copies wanted (IPFS Cluster: replication factor); absent: its own default. */
  copies?: number;
}

/** Read when a command needs it, and kept nowhere else. */
export interface HomeSecrets {
  /** A bearer token, or `basic:<user>:<password>`: see `authorizationOf`. */
  token?: string;
}

/** How long and how often another side is asked; in milliseconds but for the counts. */
export interface HomeLimits {
  /** From a request to the last byte of its answer, uploads apart. */
  answer: number;
  /** Without a byte going out or coming in of an upload. */
  stall: number;
  /** For a pin to become `pinned` or `failed`. */
  pin: number;
  /** Between two looks at a pin, at first and at most: it doubles. */
  poll: number;
  maxPoll: number;
  /** Tries of a request that may be repeated, with a pause between: it doubles, with jitter, and `Retry-After` is heeded up to `maxPause`. */
  tries: number;
  pause: number;
  maxPause: number;
}

export const HOME_LIMITS: Readonly<HomeLimits> = {
  answer: 30_000,
  stall: 60_000,
  pin: 10 * 60_000,
  poll: 1000,
  maxPoll: 15_000,
  tries: 5,
  pause: 500,
  maxPause: 60_000,
};
