import type { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { parseManifestJson, requireManifest } from '../manifest/parse-manifest.ts';
import { Statements } from './statements.ts';

interface Row {
  publication: string;
  places: string;
  manifest: string;
}

/**
 * Schema 6 kept the mirrors that a manifest names among the places that the user named. What both named counts as the manifest's now: it
 * is asked as before where it lies outside, and the next `ovn follow` with it makes it a place again.
 */
export function splitPlaces(db: DatabaseSync): void {
  const sql = new Statements(db);
  const rows = sql.all<Row>(
    `SELECT f.publication, f.places, e.manifest FROM followed f JOIN followed_editions e
      ON e.id = (SELECT max(id) FROM followed_editions WHERE publication = f.publication)`,
  );
  for (const { publication, places, manifest } of rows) {
    const named = new Set(mirrorsOf(manifest, sql).map(addressOf));
    const all = JSON.parse(places) as string[];
    const split = [false, true].map((isMirror) => all.filter((place) => named.has(place) === isMirror));
    const [users, mirrors] = split.map((each) => JSON.stringify(each));
    const update = 'UPDATE followed SET places = ?, mirrors = ? WHERE publication = ?';
    sql.run(update, users ?? '[]', mirrors ?? '[]', publication);
  }
}

/** Nothing where the manifest is not held: `check` names that. */
function mirrorsOf(manifest: string, sql: Statements): readonly string[] {
  try {
    const select = 'SELECT bytes FROM blocks WHERE multihash = ?';
    const row = sql.get<{ bytes: Uint8Array }>(select, CID.parse(manifest).multihash.bytes);
    return row === undefined ? [] : (requireManifest(parseManifestJson(row.bytes)).mirrors ?? []);
  } catch (error) {
    if (error instanceof OvnError) return [];
    throw error;
  }
}

const GATEWAY = /^\/(?:ip4|ip6|dns[46]?)\/([^/]+)(?:\/tcp\/(\d+))?\/(https?|tls\/http)(?:\/p2p\/[^/]+)?$/;

/** As schema 6 kept a mirror: what a gateway is reached by as a URL, a peer as its multiaddr. */
function addressOf(text: string): string {
  const [, host = '', port, layers] = GATEWAY.exec(text) ?? [];
  const name = host.includes(':') ? `[${host}]` : host;
  const scheme = layers === 'http' ? 'http' : 'https';
  const address = layers === undefined ? text : `${scheme}://${name}${port === undefined ? '' : `:${port}`}`;
  const url = address.startsWith('/') ? null : URL.parse(address);
  if (url === null) return address;
  url.pathname = url.pathname.replace(/\/?(?:ipfs\/?)?$/, '/');
  return url.href;
}
