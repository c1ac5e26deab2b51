import type { FollowChoice, Followed, FollowProblem, LeftOfEdition } from './followed.ts';

/** A row of `followed`, with the edition that counts of it. */
export interface FollowedRow {
  publication: string;
  target: string;
  name: string | null;
  places: string;
  routers: string;
  categories: string | null;
  max_bytes: number | null;
  since: string | null;
  keep: number;
  edition: string | null;
  manifest: string | null;
  sequence: number | null;
  issued: string | null;
  expires: string | null;
  log_size: number | null;
  held_by: string | null;
  whole: number;
  bytes: number;
  added: string;
  checked: string | null;
  synced: string | null;
  problem: string | null;
}

/** What a row says. */
export function followedOf(row: FollowedRow): Followed {
  const { publication, target, name, edition, manifest, sequence, issued, expires, bytes } = row;
  const { added, checked, synced } = row;
  return {
    publication,
    target,
    name,
    places: JSON.parse(row.places) as string[],
    routers: JSON.parse(row.routers) as string[],
    choice: {
      categories: row.categories === null ? null : (JSON.parse(row.categories) as string[]),
      maxBytes: row.max_bytes,
      since: row.since,
      keep: row.keep,
    },
    edition,
    manifest,
    sequence,
    issued,
    expires,
    logSize: row.log_size,
    ...heldOf(row),
    whole: row.whole === 1,
    bytes,
    added,
    checked,
    synced,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as FollowProblem),
  };
}

function heldOf({ held_by }: FollowedRow): Pick<Followed, 'heldBy' | 'left'> {
  if (held_by === null) return { heldBy: null, left: null };
  const { choice, left } = JSON.parse(held_by) as { choice: FollowChoice; left: LeftOfEdition };
  return { heldBy: choice, left };
}
