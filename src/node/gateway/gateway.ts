import type { CID } from 'multiformats/cid';
import {
  type AnswerContext,
  answerBlock,
  answerCar,
  answerFile,
  answerFolder,
  refuseOther,
} from './answers.ts';
import { explain } from './explain.ts';
import { chooseFormat, type Format } from './format.ts';
import { locate, parseCid } from './locate.ts';
import { type GatewayEffects, type GatewayRequest, type GatewayResponse, Refusal } from './messages.ts';
import { rememberLast } from './remember-last.ts';
import { parseTarget, pathTo, type Target } from './target.ts';

export type Gateway = (request: GatewayRequest) => Promise<GatewayResponse>;

/** What a CID names never changes; which edition is the newest may have changed a moment ago. */
const FOR_EVER = 'public, max-age=29030400, immutable';
const ASK_AGAIN = 'no-cache';

/** Browsers ask for it by themselves, no edition has one, and it is nothing to complain of. */
const NO_ICON: GatewayResponse = { status: 204, headers: { 'cache-control': 'public, max-age=86400' } };

/** Sent with every answer. */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', vary: 'accept' };

/**
 * Answers requests for the site of the head edition at `/`, and for every CID that is held at `/ipfs/<cid>`, as pages, blocks and CARs
 * (Path and Trustless Gateway Specifications; of those no names, no partial CARs). It never throws.
 */
export function createGateway(effects: GatewayEffects): Gateway {
  return async (request) => {
    const response = await answer(request, effects).catch((error: unknown) =>
      explain(error, request, effects),
    );
    const { status, body } = response;
    const length = body instanceof Uint8Array ? { 'content-length': String(body.length) } : {};
    const headers = { ...ALWAYS, ...length, ...response.headers };
    return request.method === 'HEAD' ? { status, headers } : { ...response, headers };
  };
}

async function answer(request: GatewayRequest, effects: GatewayEffects): Promise<GatewayResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new Refusal(405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' });
  }
  if (request.target === '/favicon.ico') return NO_ICON;
  const target = parseTarget(request.target);
  const format = chooseFormat(target.query, request.headers.accept);
  const { root, names, cacheControl } = findRoot(target, effects);
  const read = rememberLast(effects.read);
  const located = await locate(root, names, read);
  const { checksPage } = effects;
  const response = await answerLocated({ request, read, located, checksPage }, format, target);
  const headers = {
    'cache-control': cacheControl,
    'x-ipfs-path': pathTo(['ipfs', root.toString(), ...names]),
    'x-ipfs-roots': located.roots.join(','),
  };
  return { ...response, headers: { ...headers, ...response.headers } };
}

function findRoot(
  { segments }: Target,
  { head }: GatewayEffects,
): { root: CID; names: string[]; cacheControl: string } {
  const [first, cid = '', ...names] = segments;
  if (first === 'ipfs') return { root: parseCid(cid), names, cacheControl: FOR_EVER };
  const edition = head();
  if (edition !== undefined) return { root: parseCid(edition), names: segments, cacheControl: ASK_AGAIN };
  throw new Refusal(
    404,
    'Nothing is published here yet. Once "ovn publish" has run, the paper appears at this address.',
  );
}

async function answerLocated(
  context: AnswerContext,
  format: Format,
  target: Target,
): Promise<GatewayResponse> {
  const { kind } = context.located;
  if (format === 'raw') return answerBlock(context);
  if (format === 'car') return answerCar(context);
  if (kind === 'other') return refuseOther(context);
  const path = pathTo(target.segments);
  if (kind === 'file') {
    return target.folder
      ? redirect(`${path}${target.search}`)
      : answerFile(context, target.segments.at(-1) ?? '');
  }
  // Pages link relative to their folder.
  if (!target.folder) return redirect(`${path}/${target.search}`);
  return answerFolder(context, `/${target.segments.join('/')}`);
}

function redirect(location: string): GatewayResponse {
  return { status: 301, headers: { location }, body: new Uint8Array(0) };
}
