import { answerFile } from './answer-file.ts';
import { answerFolder } from './answer-folder.ts';
import type { Answering } from './answering.ts';
import type { Followed } from './follow.ts';
import { locate, NothingThere } from './locate.ts';
import type { GatewayRequest, GatewayResponse } from './messages.ts';
import { redirect } from './place.ts';
import { redirected } from './redirected.ts';
import { decodedNames, REWRITES } from './redirects-file.ts';
import { asciiAddress } from './target.ts';

/**
 * The answer for a path at which nothing lies, by the `_redirects` file of its site.
 * @throws NothingThere where no rule is for it; Refusal 500 where the file cannot be read
 */
export async function answerRedirected(
  answering: Omit<Answering, 'located'>,
  { root, prefix }: Followed,
): Promise<GatewayResponse> {
  const { read, place, limits } = answering;
  const site = await locate(root, prefix, read);
  const rule = await redirected(site, place.names, read, limits);
  if (rule === undefined) throw new NothingThere();
  if (!REWRITES.has(rule.status)) return redirect(rule.status, asciiAddress(rule.to));
  const located = await locate(root, [...prefix, ...decodedNames(rule.to)], read);
  const request = rule.status === 200 ? answering.request : plain(answering.request);
  const found = { ...answering, request, located };
  const response = await (located.kind === 'folder' ? answerFolder(found) : answerFile(found));
  const status = rule.status === 200 ? response.status : rule.status;
  return { ...response, status, headers: { 'x-ipfs-roots': located.roots.join(','), ...response.headers } };
}

/** Conditions and ranges are for what is found (RFC 9110, 13.2.1 and 14.2). */
function plain(request: GatewayRequest): GatewayRequest {
  return { ...request, headers: { ...request.headers, 'if-none-match': undefined, range: undefined } };
}
