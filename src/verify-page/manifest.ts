import { parseCanonical } from './canonical.ts';
import { Refused } from './failure.ts';
import type { Mastheads } from './masthead.ts';
import {
  bySlug,
  cid,
  count,
  instant,
  just,
  listOf,
  matching,
  object,
  positive,
  requireShape,
  text,
} from './shape.ts';
import type { StoredFile } from './store.ts';

export interface LogState {
  origin: string;
  size: number;
  root: string;
}

export interface Manifest {
  '@context': unknown;
  publication: { id: string; name: string };
  masthead: { version: number; cid: string };
  sequence: number;
  previous?: string;
  issued: string;
  expires: string;
  articles: { cid: string; count: number };
  categories: Record<string, { name: string; cid: string; count: number }>;
  entries: { name: string; cid: string }[];
  log: LogState;
  proof?: unknown;
}

export const MANIFEST_LIMIT = 1024 * 1024;
const MAX_DEPTH = 8;
/** Root of the tree without entries. */
const EMPTY_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const CONTEXT = '["https://schema.org","https://w3id.org/security/data-integrity/v2"]';

/** Unknown members are kept, signed as they are, and ignored. */
const MANIFEST = object({
  '@context': (value) => (JSON.stringify(value) === CONTEXT ? undefined : ' is another'),
  format: just('ovn-manifest/1'),
  publication: object({ id: cid, name: text, tagline: text, language: text }),
  masthead: object({ version: positive, cid }),
  sequence: positive,
  'previous?': cid,
  issued: instant,
  expires: instant,
  articles: object({ cid, count }),
  categories: bySlug(object({ name: text, cid, count, updated: text })),
  entries: listOf(object({ name: text, cid })),
  log: object({ origin: text, size: count, root: matching(/^[A-Za-z0-9+/]{43}=$/) }),
});

/** Reads a manifest of whatever publication. Nothing is known yet of who signed it. */
export function parseManifest({ bytes }: StoredFile): Manifest {
  return requireShape<Manifest>(MANIFEST, parseCanonical(bytes, MANIFEST_LIMIT, MAX_DEPTH), 'manifest');
}

/** What a manifest says fits together, and fits the mastheads (docs/format.md, rules 18 to 24, but for 20). */
export function requireManifest(manifest: Manifest, mastheads: Mastheads): void {
  const { publication, masthead, sequence, previous, issued, expires, log } = manifest;
  if (publication.id !== mastheads.publication) throw new Refused(`the manifest is of ${publication.id}`);
  if (mastheads.versions[masthead.version - 1]?.cid !== masthead.cid) {
    throw new Refused(`the manifest names another masthead ${masthead.version}`);
  }
  if (sequence > 1 !== (previous !== undefined)) throw new Refused('"previous" does not fit "sequence"');
  if (issued >= expires) throw new Refused(`it expires ${expires}, not after it was issued (${issued})`);
  if (log.origin !== mastheads.origin) throw new Refused(`its log is ${log.origin}, not ${mastheads.origin}`);
  if ((log.size === 0) !== (log.root === EMPTY_ROOT))
    throw new Refused('the root of its log is not of its size');
  requireNames(manifest);
}

/** The root holds exactly what the manifest lists: nobody can wrap a genuine manifest in forged pages. */
export function requireEntries(
  root: ReadonlyMap<string, string>,
  { entries, log, articles }: Manifest,
): void {
  const rest = new Map(root);
  for (const { name, cid: listed } of entries) {
    const found = rest.get(name);
    if (found === undefined) throw new Refused(`${name} is listed in the manifest, and missing`);
    if (found !== listed) throw new Refused(`${name} is ${found}; the manifest says ${listed}`);
    rest.delete(name);
  }
  rest.delete('manifest.json');
  if (log.size > 0 && !rest.delete('log')) throw new Refused('log is missing');
  for (const name of rest.keys()) throw new Refused(`${name} is not listed in the manifest`);
  const tree = entries.find(({ name }) => name === 'articles')?.cid;
  if (tree !== articles.cid) throw new Refused(`articles/ is ${tree}; "articles" says ${articles.cid}`);
}

function requireNames({ entries }: Manifest): void {
  let before = '';
  for (const { name } of entries) {
    const isSafe =
      /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,255}$/.test(name) && name !== 'manifest.json' && name !== 'log';
    if (!isSafe || name <= before) throw new Refused(`the entry ${JSON.stringify(name)} has no place there`);
    before = name;
  }
}
