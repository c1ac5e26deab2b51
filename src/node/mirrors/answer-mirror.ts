import * as v from 'valibot';
import { CORS } from '../gateway/cors.ts';
import { type GatewayRequest, type GatewayResponse, Refusal } from '../gateway/messages.ts';
import { readRequest } from '../gateway/read-request.ts';
import { formatName, parseName } from '../names/name.ts';
import { isPublicationId, WELL_KNOWN } from './document.ts';

/** What a mirror answers from. */
export interface MirrorEffects {
  /** The document of all that is shown, or of the publication with an id or an IPNS name (`k51…`). */
  show(about: string | undefined): Promise<Uint8Array>;
  /** Somebody says that there may be something new of a publication: whether it is looked for now. */
  look(publication: string): boolean;
}

/** Bytes of a POST. */
const POST_LIMIT = 1024;
const JSON_TYPE = 'application/json';
const HEADERS = { 'content-type': JSON_TYPE, 'cache-control': 'no-store' };

const POSTED = v.object({ publication: v.pipe(v.string(), v.check(isPublicationId)) });

/**
 * GET and POST of `/.well-known/openvoicenews`; `undefined` for any other address, and for what the gateway answers by itself.
 *
 * @throws Refusal 400, 405, 413, 415
 */
export async function answerMirror(
  request: GatewayRequest,
  effects: MirrorEffects,
): Promise<GatewayResponse | undefined> {
  const { method, target } = request;
  const [path, query = ''] = target.split('?', 2);
  if (path !== WELL_KNOWN || method === 'OPTIONS') return undefined;
  if (method === 'POST') return takePost(request, effects);
  if (method !== 'GET' && method !== 'HEAD')
    throw new Refusal(405, 'What is shown is read with GET; POST says that there may be something new.', {
      allow: 'GET, HEAD, POST',
    });
  const body = await effects.show(parseQuestion(query));
  return { status: 200, headers: { ...HEADERS, ...CORS }, body };
}

function parseQuestion(query: string): string | undefined {
  const about = new URLSearchParams(query).get('publication');
  if (about === null || isPublicationId(about)) return about ?? undefined;
  const name = parseName(about);
  if (name !== undefined) return formatName(name);
  throw new Refusal(400, 'A publication is named by its id or by its IPNS name.');
}

async function takePost(request: GatewayRequest, { look }: MirrorEffects): Promise<GatewayResponse> {
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== JSON_TYPE) throw new Refusal(415, `A publication is named as ${JSON_TYPE}.`);
  const bytes = await readRequest(request, POST_LIMIT, 'What is posted here');
  const looking = look(parsePosted(bytes));
  return { status: 202, headers: HEADERS, body: Buffer.from(JSON.stringify({ looking })) };
}

function parsePosted(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return v.parse(POSTED, JSON.parse(text)).publication;
  } catch {
    throw new Refusal(400, 'It is not {"publication": "<id>"}.');
  }
}
