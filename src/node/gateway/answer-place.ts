import { refusalError } from '../served/served.ts';
import { answerLocated } from './answer-located.ts';
import { answerRedirected } from './answer-redirected.ts';
import type { Answering } from './answering.ts';
import { boundedReader } from './bounded-reader.ts';
import { CORS } from './cors.ts';
import { type Followed, follow } from './follow.ts';
import { locate, NothingThere } from './locate.ts';
import { type GatewayEffects, type GatewayResponse, Refusal } from './messages.ts';
import { cacheControlOf, contentPathOf } from './place.ts';
import { answerRecord } from './record-answers.ts';
import { rememberLast } from './remember-last.ts';
import { pathTo } from './target.ts';

/** A request whose place is found. */
export type Asked = Pick<Answering, 'request' | 'target' | 'format' | 'place' | 'effects' | 'limits'>;

/**
 * The answer from what lies at a place.
 * @throws Refusal, OvnError
 */
export async function answerPlace(asked: Asked): Promise<GatewayResponse> {
  const { place, effects, format } = asked;
  const path = contentPathOf(place);
  refuseDenied(path, effects);
  const shared = { 'x-ipfs-path': path, ...(place.mount.kind !== 'site' && CORS) };
  if (format === 'ipns-record') return withHeaders(shared, await recordOf(asked));
  const followed = await followInTime(asked);
  const names = [...followed.prefix, ...place.names];
  refuseDenied(pathTo(['ipfs', `${followed.root}`, ...names]), effects);
  const response = await answerNames(asked, followed, names);
  return withHeaders({ 'cache-control': cacheControlOf(followed.ttl), ...shared }, response);
}

async function recordOf({ request, target, place, effects }: Asked): Promise<GatewayResponse> {
  const { leadsTo } = place.mount;
  if ('name' in leadsTo && place.names.length === 0)
    return answerRecord(leadsTo.name, target.query.get('filename'), request, effects);
  throw new Refusal(400, 'Only a name has a record: /ipns/<name>.');
}

function followInTime({ request, place, effects, limits }: Asked): Promise<Followed> {
  const { leadsTo } = place.mount;
  if ('cid' in leadsTo) return follow(leadsTo, effects, request.signal);
  return follow(leadsTo, effects, AbortSignal.any([request.signal, AbortSignal.timeout(limits.resolve)]));
}

async function answerNames(asked: Asked, followed: Followed, names: string[]): Promise<GatewayResponse> {
  const { request, place, effects, limits, format } = asked;
  const { read: bounded, streams } = boundedReader(effects.read, effects.served, request.signal, limits);
  const read = rememberLast(bounded);
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

function refuseDenied(path: string, { served }: Pick<GatewayEffects, 'served'>): void {
  const reason = served?.refusesPath(path);
  if (reason !== undefined) throw refusalError(path, reason);
}

function withHeaders(headers: Record<string, string>, response: GatewayResponse): GatewayResponse {
  return { ...response, headers: { ...headers, ...response.headers } };
}
