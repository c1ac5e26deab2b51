import { answerBlock } from './answer-block.ts';
import { answerCar } from './answer-car.ts';
import { answerFile, answerLink } from './answer-file.ts';
import { answerFolder } from './answer-folder.ts';
import type { Answering } from './answering.ts';
import { type GatewayResponse, Refusal } from './messages.ts';
import { addressOf, redirect } from './place.ts';

/**
 * What lies at the end of a path, in the format that is asked for.
 * @throws Refusal 406 for what has no page, OvnError
 */
export async function answerLocated(answering: Answering): Promise<GatewayResponse> {
  const { roots } = answering.located;
  const response = await answerFormat(answering);
  const headers = { 'x-ipfs-roots': roots.join(','), ...contentLocation(answering) };
  return { ...response, headers: { ...headers, ...response.headers } };
}

/** Where caches that tell answers apart by their addresses alone find the one that Accept chose. */
function contentLocation({ format, target }: Answering): Record<string, string> {
  const { path, query, search } = target;
  if (format === 'site' || query.has('format')) return {};
  return { 'content-location': `${path}${search}${search === '' ? '?' : '&'}format=${format}` };
}

async function answerFormat(answering: Answering): Promise<GatewayResponse> {
  if (answering.format === 'raw') return answerBlock(answering);
  return answering.format === 'car' ? answerCar(answering) : answerSite(answering);
}

async function answerSite(answering: Answering): Promise<GatewayResponse> {
  const { kind, cid } = answering.located;
  const { place, target } = answering;
  if (kind === 'other')
    throw new Refusal(
      406,
      `${cid} is neither a file nor a folder: ask for it with ?format=raw or ?format=car.`,
    );
  const address = addressOf(place.mount, place.names);
  // Pages link relative to their folder.
  if (kind === 'folder')
    return place.folder ? answerFolder(answering) : redirect(301, `${address}/${target.search}`);
  // An origin of its own may be a file, and has no address without a slash.
  if (place.folder && address !== '/') return redirect(301, `${address}${target.search}`);
  return kind === 'link' ? answerLink(answering) : answerFile(answering);
}
