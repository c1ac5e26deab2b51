/** Where the credentials of a home are read when they are needed; they themselves are not here. */
export type CredentialsPlace = { env: string } | { file: string } | { keyring: true };

export type StoredHomeKind = 'pinning-service' | 'kubo' | 'cluster' | 'gateway';

/** A place where others keep what is published here, as it was added. */
export interface StoredHome {
  name: string;
  kind: StoredHomeKind;
  url: string;
  /** Gateways through which what it holds is read back. */
  readAt: string[];
  /** Copies wanted; `null` is its own default. */
  copies: number | null;
  /** Slugs of what it is given; `null` is the whole edition. */
  categories: string[] | null;
  /** `null` where it takes none. */
  credentials: CredentialsPlace | null;
  /** Credentials may go there over plain http. */
  plainHttp: boolean;
  /** UTC. */
  added: string;
}

/** What a home said of a DAG. `unknown` is no answer, or none yet. */
export type SaidState = 'pinned' | 'pinning' | 'queued' | 'failed' | 'absent' | 'unknown';

/** Copies that a home was asked for, and has. */
export interface Copies {
  want: number;
  have: number;
}

/** What is known of one DAG at one home. */
export interface Confirmation {
  home: string;
  cid: string;
  /** What it is: `edition`, `category:<slug>`, `pin:<name>` or `followed:<id>`. The newest of a subject takes the place of those before. */
  subject: string;
  /** Of the edition that it was pushed with. */
  sequence: number | null;
  /** Of the pin, over there. */
  pin: string;
  state: SaidState;
  /** Why, in the home's words. */
  detail: string | null;
  copies: Copies | null;
  /** When it was asked to keep it; all times are UTC. */
  asked: string;
  /** When it last said something of it. */
  looked: string | null;
  /** When it last said that it is pinned. */
  confirmed: string | null;
  /** When it was last read back from outside, how many blocks were, and through whom. */
  readBack: { at: string; blocks: number; via: string } | null;
  /** Why it does not count as held, where it was pinned: what the last try to read it back met. */
  problem: string | null;
  /** Whether it was pinned for us: what was there before us is never released. */
  own: boolean;
  /** It is to be released, and the home has not confirmed that yet. */
  releasing: boolean;
}

/** What names a row. */
export type Placed = Pick<Confirmation, 'home' | 'cid' | 'subject'>;

/** What a home is asked to keep. */
export type AskedPin = Placed & Pick<Confirmation, 'sequence' | 'pin' | 'own' | 'asked'>;

/** What a home answered of a DAG. */
export interface SaidOf {
  state: SaidState;
  detail?: string | undefined;
  copies?: Copies | undefined;
}

/** Whether a DAG is held there: confirmed, and read back when it was last tried. */
export function isHeld({ state, readBack, problem, copies }: Confirmation): boolean {
  if (copies !== null && copies.have < copies.want) return false;
  return state === 'pinned' && readBack !== null && problem === null;
}
