import { readDirectory, resolvePath } from '../../unixfs/directory.ts';
import { answerFile } from './answer-file.ts';
import type { Answering } from './answering.ts';
import { entityTag, isMatched, listingTag } from './entity-tag.ts';
import { renderListing } from './listing.ts';
import type { GatewayResponse } from './messages.ts';
import { OWN_PAGE_POLICY } from './own-page.ts';
import { addressOf } from './place.ts';

/** A listing is made here and may look otherwise in a later version: what it lists never changes. */
const LISTED = 'public, max-age=604800, stale-while-revalidate=2678400';

/** A folder: its page, else a list of what is in it. */
export async function answerFolder(answering: Answering): Promise<GatewayResponse> {
  const { located, place, read } = answering;
  const index = await resolvePath(located.cid, ['index.html'], read);
  if (index === undefined) return answerListing(answering);
  const roots = [...located.roots, index.cid];
  // A page goes by the CID of its folder (Path Gateway Specification), but at `/`, where it may be the same in the next edition.
  const tagged = place.mount.kind === 'site' ? index.cid : located.cid;
  return answerFile(
    { ...answering, located: { ...located, roots, cid: index.cid } },
    { name: 'index.html', etag: entityTag(tagged, 'file') },
  );
}

async function answerListing(answering: Answering): Promise<GatewayResponse> {
  const { request, place, located, limits, read, ttl } = answering;
  const etag = listingTag(located.cid, `${place.mount.host}${addressOf(place.mount, place.names)}`);
  const headers = {
    etag,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': OWN_PAGE_POLICY,
    ...(ttl === undefined && { 'cache-control': LISTED }),
  };
  if (isMatched(request.headers['if-none-match'], etag)) return { status: 304, headers };
  if (request.method === 'HEAD') return { status: 200, headers };
  const entries = await readDirectory(located.cid, read, { limit: limits.entries, signal: request.signal });
  return { status: 200, headers, body: Buffer.from(renderListing(place, entries)) };
}
