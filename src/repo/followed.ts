/** What of a publication is kept. */
export interface FollowChoice {
  /** Slugs; `null` is all. */
  categories: string[] | null;
  /** Of all that is held of it; `null` is no limit. */
  maxBytes: number | null;
  /** YYYY-MM-DD: nothing that is older. */
  since: string | null;
  /** How many editions, the newest among them. */
  keep: number;
}

/** Why the last look at a publication did not end well. */
export interface FollowProblem {
  code: string;
  message: string;
  /** UTC. */
  at: string;
}

/** A publication that is followed, and what is held of it. */
export interface Followed {
  publication: string;
  /** As it was given. */
  target: string;
  /** Its IPNS name (k51…), from the record or manifest that led here. */
  name: string | null;
  /** Where it may be asked for: URLs and multiaddrs that we were given, then the mirrors of its manifest. */
  places: string[];
  /** Routers that are asked for it, beside those of ovn.json. */
  routers: string[];
  choice: FollowChoice;
  /** The last good edition; so the five that follow. */
  edition: string | null;
  manifest: string | null;
  sequence: number | null;
  issued: string | null;
  expires: string | null;
  logSize: number | null;
  /** What was chosen when it was held; another choice since holds something else with the next sync. */
  heldBy: FollowChoice | null;
  /** What of it is not held, by choice. */
  left: LeftOfEdition | null;
  /** Every block of the edition is held. */
  whole: boolean;
  /** Held of it. */
  bytes: number;
  added: string;
  /** When it was last looked for. UTC. */
  checked: string | null;
  /** When it last moved, or was confirmed to be the newest. UTC. */
  synced: string | null;
  problem: FollowProblem | null;
}

/** An edition that is held, whole or in part. */
export interface HeldEdition {
  publication: string;
  edition: string;
  manifest: string;
  sequence: number;
  /** Every block of it is held. */
  whole: boolean;
}

/** What is not held of an edition, by choice. */
export interface LeftOfEdition {
  articles: number;
  /** As its directories state them: what articles share counts with each. */
  bytes: number;
  /** `category`, `since`, `size`, `denied`; none where nothing is left. */
  why: string[];
}

/** What is held of an edition: roots with all they reach, and single blocks by multihash. */
export interface Held {
  parts: readonly { cid: string; bytes: number }[];
  blocks: readonly Uint8Array[];
  bytes: number;
  whole: boolean;
  left: LeftOfEdition;
}

/** An edition that was judged, and is held as far as was chosen. */
export interface FollowMove {
  edition: string;
  manifest: string;
  sequence: number;
  issued: string;
  expires: string;
  logSize: number | null;
  name: string | null;
  places: readonly string[];
  held: Held;
  /** What was chosen of it. */
  heldBy: FollowChoice;
  /** UTC. */
  at: string;
}

/** What a look told that moved nothing. What is not said stays. */
export interface FollowNote {
  /** UTC. */
  checked: string;
  /** UTC, where the edition was confirmed to be the newest. */
  synced?: string;
  problem: FollowProblem | null;
}
