import { answerPlace, type Made } from './answer-place.ts';
import { PREFLIGHT } from './cors.ts';
import { explain } from './explain.ts';
import { findPlace } from './find-place.ts';
import { chooseFormat } from './format.ts';
import { REQUEST_LIMITS, type RequestLimits } from './limits.ts';
import { type GatewayEffects, type GatewayRequest, type GatewayResponse, Refusal } from './messages.ts';
import { answerRouting } from './record-answers.ts';
import { rememberAnswers } from './remembered.ts';
import { parseTarget } from './target.ts';
import { type Visited, visitedHost } from './visited.ts';

export type Gateway = (request: GatewayRequest) => Promise<GatewayResponse>;

/** `admits`: whether a host is answered whose name says nothing; all are without it. */
export interface GatewayOptions {
  admits?(host: string | undefined): boolean;
  limits?: RequestLimits;
}

/** Browsers ask for it by themselves, no edition has one, and it is nothing to complain of. */
const NO_ICON: GatewayResponse = { status: 204, headers: { 'cache-control': 'public, max-age=86400' } };

/** Sent with every answer. */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', vary: 'accept' };

const LOCAL_HOST = 'localhost';

/**
 * Answers requests for the site of the head edition at `/`, and for every CID and name that is served, as pages, blocks, CARs and
 * records (Path, Trustless, Subdomain and DNSLink Gateway, Web _redirects File Specifications). It never throws.
 */
export function createGateway(effects: GatewayEffects, options: GatewayOptions = {}): Gateway {
  const context: Context = {
    effects,
    gatewayHosts: gatewayHostsOf(effects),
    admits: options.admits ?? (() => true),
    limits: options.limits ?? REQUEST_LIMITS,
    remember: rememberAnswers(effects),
  };
  return (request) =>
    answer(request, context).catch((error: unknown) => complete(explain(error, request, effects), request));
}

/** The longer first, since one may be below another. */
function gatewayHostsOf({ gatewayHosts = [] }: GatewayEffects): string[] {
  const hosts = [LOCAL_HOST, ...gatewayHosts.map((host) => host.toLowerCase())];
  return hosts.sort((a, b) => b.length - a.length);
}

interface Context extends Required<GatewayOptions> {
  effects: GatewayEffects;
  gatewayHosts: readonly string[];
  remember: ReturnType<typeof rememberAnswers>;
}

async function answer(request: GatewayRequest, context: Context): Promise<GatewayResponse> {
  const visited = await visitedHost(request, context);
  const memory = context.remember(visited, request);
  if (memory.answer !== undefined) return memory.answer;
  const { response, making } = await make(visited, request, context);
  const completed = complete(response, request);
  if (making !== undefined) memory.keep(completed, making);
  return completed;
}

async function make(
  visited: Visited,
  request: GatewayRequest,
  context: Context,
): Promise<Pick<Made, 'response'> & Partial<Made>> {
  const { effects, limits } = context;
  const { method, target: address } = request;
  const service = isShared(visited) ? await answerService(request, context) : undefined;
  if (service !== undefined) return { response: service };
  if (method === 'OPTIONS' && address.startsWith('/')) return { response: PREFLIGHT };
  if (method !== 'GET' && method !== 'HEAD')
    throw new Refusal(405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' });
  if (address === '/favicon.ico') return { response: NO_ICON };
  const target = parseTarget(address);
  const format = chooseFormat(target.query, request.headers.accept);
  const found = findPlace(visited, { request, target, format, effects });
  if ('elsewhere' in found) return { response: found.elsewhere };
  return answerPlace({ request, target, format, place: found.place, effects, limits });
}

/** With what is sent with every answer. */
function complete(response: GatewayResponse, { method }: GatewayRequest): GatewayResponse {
  const { status, body } = response;
  const length = body instanceof Uint8Array ? { 'content-length': String(body.length) } : {};
  const headers = { ...ALWAYS, ...length, ...response.headers };
  return method === 'HEAD' ? { status, headers } : { ...response, headers };
}

/** Whether a host is the gateway's own and not that of a publication. */
function isShared({ kind }: Visited): boolean {
  return kind === 'gateway' || kind === 'shared';
}

/** What is answered besides content. */
async function answerService(request: GatewayRequest, { effects, limits }: Context) {
  if (!/^\/(?:routing|\.well-known)\//.test(request.target)) return undefined;
  const extra = await effects.extra?.(request);
  if (extra !== undefined || !request.target.startsWith('/routing/')) return extra;
  return answerRouting(request, effects, limits);
}
