import type { CID } from 'multiformats/cid';
import { refusalError } from '../served/served.ts';
import { answerElsewhere } from './answer-elsewhere.ts';
import { answerLocated } from './answer-located.ts';
import { answerRedirected } from './answer-redirected.ts';
import type { Answering } from './answering.ts';
import { boundedReader } from './bounded-reader.ts';
import { CORS } from './cors.ts';
import { type Followed, follow } from './follow.ts';
import { inTime } from './in-time.ts';
import { ANSWER_CACHE } from './limits.ts';
import { locate, NothingThere } from './locate.ts';
import { type GatewayEffects, type GatewayResponse, Refusal } from './messages.ts';
import { cacheControlOf, contentPathOf } from './place.ts';
import { answerRecord } from './record-answers.ts';
import { rememberLast } from './remember-last.ts';
import type { Making } from './remembered.ts';
import { pathTo } from './target.ts';

/** A request whose place is found. */
export type Asked = Pick<Answering, 'request' | 'target' | 'format' | 'place' | 'effects' | 'limits'>;

/** An answer and what it was made from. */
export interface Made {
  response: GatewayResponse;
  making: Making;
}

/**
 * The answer from what lies at a place.
 * @throws Refusal, OvnError
 */
export async function answerPlace(asked: Asked): Promise<Made> {
  const { place, effects, format } = asked;
  const blocks: CID[] = [];
  const paths = [pathTo([place.mount.namespace, place.mount.id, ...place.names])];
  refuseDenied(paths, effects);
  const headers = { 'x-ipfs-path': contentPathOf(place), ...(place.mount.kind !== 'site' && CORS) };
  if (format === 'ipns-record') {
    const response = withHeaders(headers, await recordOf(asked));
    return { response, making: { blocks, paths, lasts: false } };
  }
  const followed = await followInTime(asked);
  const names = [...followed.prefix, ...place.names];
  const path = pathTo(['ipfs', `${followed.root}`, ...names]);
  if (path !== paths[0]) paths.push(path);
  refuseDenied(paths.slice(1), effects);
  const note = (cid: CID): void => {
    if (blocks.length <= ANSWER_CACHE.blocks) blocks.push(cid);
  };
  const response = await answerNames(asked, followed, names, note).catch((error: unknown) =>
    answerElsewhere(error, asked, followed.root),
  );
  return {
    response: withHeaders({ 'cache-control': cacheControlOf(followed.ttl), ...headers }, response),
    making: { blocks, paths, lasts: 'cid' in place.mount.leadsTo },
  };
}

async function recordOf({ request, target, place, effects, limits }: Asked): Promise<GatewayResponse> {
  const { leadsTo } = place.mount;
  if ('name' in leadsTo && place.names.length === 0)
    return answerRecord(leadsTo.name, target.query.get('filename'), request, effects, limits);
  throw new Refusal(400, 'Only a name has a record: /ipns/<name>.');
}

function followInTime({ request, place, effects, limits }: Asked): Promise<Followed> {
  const { leadsTo } = place.mount;
  if ('cid' in leadsTo) return follow(leadsTo, effects, request.signal);
  return inTime(request.signal, limits, (signal) => follow(leadsTo, effects, signal));
}

async function answerNames(
  asked: Asked,
  followed: Followed,
  names: string[],
  note: (cid: CID) => void,
): Promise<GatewayResponse> {
  const { request, place, effects, limits, format } = asked;
  const { read: bounded, streams } = boundedReader(effects.read, effects.served, request.signal, limits);
  const read = rememberLast((cid) => {
    note(cid);
    return bounded(cid);
  });
  const answering = { ...asked, read, streams, ttl: followed.ttl };
  try {
    const located = await locate(followed.root, names, read);
    return await answerLocated({ ...answering, located });
  } catch (error) {
    // Where publications share an origin, none of them may say what its addresses mean.
    if (!(error instanceof NothingThere) || place.mount.kind === 'path' || format !== 'site') throw error;
    return answerRedirected(answering, followed);
  }
}

function refuseDenied(paths: readonly string[], { served }: Pick<GatewayEffects, 'served'>): void {
  for (const path of paths) {
    const reason = served?.refusesPath(path);
    if (reason !== undefined) throw refusalError(path, reason);
  }
}

function withHeaders(headers: Record<string, string>, response: GatewayResponse): GatewayResponse {
  return { ...response, headers: { ...headers, ...response.headers } };
}
