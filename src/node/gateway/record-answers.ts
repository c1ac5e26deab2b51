import { hash } from 'node:crypto';
import { dispositionOf } from './disposition.ts';
import { isMatched } from './entity-tag.ts';
import { RECORD_TYPE } from './format.ts';
import { inTime } from './in-time.ts';
import { canonicalName } from './labels.ts';
import type { RequestLimits } from './limits.ts';
import {
  type GatewayEffects,
  type GatewayRequest,
  type GatewayResponse,
  type GivenRecord,
  Refusal,
} from './messages.ts';
import { FILE_POLICY } from './page-policy.ts';
import { readRequest } from './read-request.ts';

const ROUTING = '/routing/v1/ipns/';

type Limits = Pick<RequestLimits, 'nameRecord' | 'resolve'>;
type Effects = Pick<GatewayEffects, 'nameRecord' | 'putNameRecord' | 'served'>;

/**
 * The newest record of a name, signed as it is.
 * @throws Refusal 404 where none is known, 501 where names are not looked after
 */
export async function answerRecord(
  name: string,
  filename: string | null,
  request: GatewayRequest,
  { nameRecord }: Effects,
  limits: Limits,
): Promise<GatewayResponse> {
  if (nameRecord === undefined) throw new Refusal(501, 'Names are not looked after here.');
  const record = await inTime(request.signal, limits, (signal) => nameRecord(name, { signal }));
  if (record === undefined) throw new Refusal(404, 'No record of this name is known here.');
  const etag = `"${hash('sha256', record.bytes, 'hex')}"`;
  const headers = {
    etag,
    'content-type': RECORD_TYPE,
    'content-disposition': dispositionOf('attachment', filename || `${name}.ipns-record`),
    'content-security-policy': FILE_POLICY,
    'cache-control': cacheControl(record),
  };
  if (isMatched(request.headers['if-none-match'], etag)) return { status: 304, headers };
  return { status: 200, headers, body: record.bytes };
}

/**
 * GET and PUT of `/routing/v1/ipns/<name>` (Delegated Routing V1 HTTP API).
 * @throws Refusal 400, 403, 404, 405, 409, 413, 415, 451, 501
 */
export async function answerRouting(
  request: GatewayRequest,
  effects: Effects,
  limits: Limits,
): Promise<GatewayResponse> {
  const [path = ''] = request.target.split('?');
  const name = path.startsWith(ROUTING) ? canonicalName(path.slice(ROUTING.length)) : undefined;
  if (name === undefined) throw new Refusal(400, `This is not ${ROUTING} and a name.`);
  if (effects.served?.refusesPath(`/ipns/${name}`) !== undefined)
    throw new Refusal(451, 'This name is denied here.');
  if (request.method === 'GET' || request.method === 'HEAD')
    return answerRecord(name, null, request, effects, limits);
  if (request.method !== 'PUT')
    throw new Refusal(405, 'A record is read with GET and put with PUT.', { allow: 'GET, HEAD, PUT' });
  return putRecord(name, request, effects, limits);
}

async function putRecord(
  name: string,
  request: GatewayRequest,
  { putNameRecord }: Effects,
  limits: Limits,
): Promise<GatewayResponse> {
  if (putNameRecord === undefined) throw new Refusal(501, 'Names are not looked after here.');
  if (request.headers['content-type'] !== RECORD_TYPE)
    throw new Refusal(415, `A record is put as ${RECORD_TYPE}.`);
  const bytes = await readRequest(request, limits.nameRecord, 'A record');
  const { status, message } = await putNameRecord(name, bytes);
  if (status !== 200) throw new Refusal(status, message);
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: Buffer.from(`${message}\n`),
  };
}

/** A record may be kept for its time to live, and no longer than it is valid. */
function cacheControl({ ttl, validUntil }: GivenRecord): string {
  const left = (validUntil.getTime() - Date.now()) / 1000;
  return `public, max-age=${Math.max(0, Math.floor(Math.min(ttl, left)))}`;
}
