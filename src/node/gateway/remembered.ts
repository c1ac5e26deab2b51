import { CID } from 'multiformats/cid';
import type { Served } from '../served/served.ts';
import { AnswerCache, type MadeAnswer } from './answer-cache.ts';
import { isMatched } from './entity-tag.ts';
import { ANSWER_CACHE } from './limits.ts';
import type { GatewayEffects, GatewayRequest, GatewayResponse } from './messages.ts';
import type { Visited } from './visited.ts';

/** What an answer was made from, as far as it is known then. */
export interface Making {
  blocks: CID[];
  paths: string[];
  /** Whether nothing but blocks and the head edition went into it. */
  lasts: boolean;
}

/** What is remembered of one request. */
export interface Memory {
  /** The answer to it, where nothing of that is refused meanwhile. */
  answer?: GatewayResponse;
  keep(response: GatewayResponse, making: Making): void;
}

/** A request of more characters is answered, and its answer not kept. */
const LONGEST_KEY = 2048;

/**
 * Keeps small answers that were made from blocks alone: their bytes were checked against their CIDs when they came into the store, and
 * each time that an answer is given again it is asked whether every one of its blocks is still served. Without `served` nobody can
 * say that, and nothing is kept.
 */
export function rememberAnswers({
  served,
  head,
}: Pick<GatewayEffects, 'served' | 'head'>): (visited: Visited, request: GatewayRequest) => Memory {
  const cache = new AnswerCache(ANSWER_CACHE);
  return (visited, request) => {
    const key = served === undefined ? undefined : keyOf(visited, request);
    if (key === undefined || served === undefined) return NOTHING;
    const edition = head();
    const kept = cache.get(key, edition);
    if (kept !== undefined) {
      if (isServed(kept, served)) return { answer: asAsked(kept.response, request), keep: () => undefined };
      cache.delete(key);
    }
    return {
      keep: (response, { blocks, paths, lasts }) => {
        const { status, body } = response;
        if (!lasts || status !== 200 || !(body instanceof Uint8Array) || blocks.length > ANSWER_CACHE.blocks)
          return;
        cache.put(key, edition, { response: { ...response, body }, blocks: blocks.map(detached), paths });
      },
    };
  };
}

/** A CID is a view of the block that it was read from, and would keep that alive. */
function detached({ bytes }: CID): CID {
  return CID.decode(Uint8Array.from(bytes));
}

const NOTHING: Memory = { keep: () => undefined };

function isServed({ blocks, paths }: MadeAnswer, served: Served): boolean {
  return (
    blocks.every((cid) => served.allows(cid)) && paths.every((path) => served.refusesPath(path) === undefined)
  );
}

function asAsked(response: GatewayResponse, { method, headers }: GatewayRequest): GatewayResponse {
  if (isMatched(headers['if-none-match'], response.headers['etag'] ?? ''))
    return { status: 304, headers: withoutLength(response.headers) };
  return method === 'HEAD' ? { status: 200, headers: response.headers } : response;
}

function withoutLength({ 'content-length': _, ...headers }: Record<string, string>): Record<string, string> {
  return headers;
}

/** What tells one request from another, where its answer may be kept. */
function keyOf(visited: Visited, { method, target, headers }: GatewayRequest): string | undefined {
  if ((method !== 'GET' && method !== 'HEAD') || headers.range !== undefined) return undefined;
  const host = hostKeyOf(visited);
  const key = `${host} ${target} ${headers.accept ?? ''}`;
  return host === undefined || key.length > LONGEST_KEY ? undefined : key;
}

/** What a DNSLink leads to may be something else at any time. */
function hostKeyOf(visited: Visited): string | undefined {
  if (visited.kind === 'shared') return '';
  if (visited.kind === 'gateway') return visited.base;
  return visited.kind === 'subdomain' ? `${visited.label}.${visited.namespace}.${visited.base}` : undefined;
}
