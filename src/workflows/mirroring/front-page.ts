import { CID } from 'multiformats/cid';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import { escapeHtml } from '../../node/gateway/own-page.ts';
import { parseName } from '../../node/names/name.ts';
import type { Served } from '../../node/served/served.ts';
import type { Followed } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';

export interface FrontPageEffects {
  repository: Pick<Repository, 'followed' | 'names' | 'blockstore'>;
  /** Of what is not served no more is shown than its id. */
  served: Pick<Served, 'allows'>;
  now(): Date;
}

/** Characters of what others chose that a list shows. */
const LONGEST_TEXT = 200;

/**
 * What a machine without a paper shows at `/` when it follows several publications, or one of which nothing is held yet: a title in plain
 * text, and HTML.
 */
export function renderKept(effects: FrontPageEffects): { title: string; main: string } {
  const list = effects.repository.followed.list();
  if (list.length === 0) {
    const main =
      '<p>Nobody is followed here yet. "ovn follow" keeps a publication alive on this machine.</p>';
    return { title: 'Nothing is kept here', main };
  }
  const items = list.map((followed) => renderItem(followed, effects));
  return { title: 'Kept here', main: `<ul>\n${items.join('\n')}\n</ul>` };
}

/**
 * Where the site of a publication that is followed is below a gateway: its name, as long as that leads anywhere, else its edition;
 * nothing where none is held.
 */
export function siteOf(
  { name, edition }: Pick<Followed, 'name' | 'edition'>,
  { names }: Pick<Repository, 'names'>,
  now: Date,
): string | undefined {
  if (edition === null) return undefined;
  const parsed = name === null ? undefined : parseName(name);
  const record = parsed && names.get(parsed);
  return record !== undefined && record.validUntil >= now ? `/ipns/${name}/` : `/ipfs/${edition}/`;
}

/** Of one of which nothing is held no more than its id: how it is looked for, and what goes wrong with that, tells of our own network. */
function renderItem(followed: Followed, { repository, served, now }: FrontPageEffects): string {
  const { edition, publication } = followed;
  if (edition === null) return `<li><p>${escapeHtml(publication)}<br>\nNothing of it is held yet</p></li>`;
  if (!served.allows(CID.parse(edition)))
    return `<li><p>${escapeHtml(publication)}<br>\nIt is not given out here</p></li>`;
  const address = siteOf(followed, repository, now());
  const title = `<bdi>${escapeHtml(titleOf(followed, repository))}</bdi>`;
  const linked = address === undefined ? title : `<a href="${escapeHtml(address)}">${title}</a>`;
  const lines = [linked, ...describe(followed, now()).map(escapeHtml), escapeHtml(publication)];
  return `<li><p>${lines.join('<br>\n')}</p></li>`;
}

/** What the publication calls itself in its signed manifest. */
function titleOf(
  { manifest, publication }: Followed,
  { blockstore }: FrontPageEffects['repository'],
): string {
  const bytes = manifest === null ? undefined : blockstore.getBytes(CID.parse(manifest));
  if (bytes === undefined) return publication;
  return requireManifest(parseManifestJson(bytes)).publication.name.slice(0, LONGEST_TEXT);
}

function describe({ sequence, issued, expires, whole, synced, problem }: Followed, now: Date): string[] {
  const held = `Edition ${sequence} of ${issued?.slice(0, 10)}, held ${whole ? 'as a whole' : 'in part'}`;
  const isCurrent = problem === null && expires !== null && Date.parse(expires) >= now.getTime();
  const confirmed = `last confirmed ${synced ?? issued}`;
  return [held, isCurrent ? `Current, ${confirmed}` : `Genuine, ${confirmed}`];
}
