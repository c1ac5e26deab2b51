import type { BlockReader } from '../../unixfs/block.ts';
import { readDirectory, resolvePath } from '../../unixfs/directory.ts';
import { fileSize, streamFile } from '../../unixfs/file.ts';
import { loadBlock } from '../../unixfs/unixfs-node.ts';
import { writeCar } from '../car.ts';
import { chooseRange } from './byte-range.ts';
import { contentTypeOf, isHtml } from './content-type.ts';
import { entityTag, isMatched } from './entity-tag.ts';
import { CAR_TYPE, RAW_TYPE } from './format.ts';
import type { Located } from './locate.ts';
import { type GatewayEffects, type GatewayRequest, type GatewayResponse, Refusal } from './messages.ts';
import { OWN_PAGE_POLICY, renderListing } from './own-page.ts';
import { policyOf } from './page-policy.ts';
import { readAhead } from './read-ahead.ts';

export interface AnswerContext {
  request: GatewayRequest;
  read: BlockReader;
  located: Located;
  checksPage?: GatewayEffects['checksPage'];
}

/** What is no page and is opened all the same (SVG, XML) runs nothing, and counts as no part of this origin. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** A CAR up to this size is complete before it is begun to be sent; a longer one is broken off where a block is missing. */
const CAR_AHEAD = 1024 * 1024;
const MAX_LISTED = 10_000;

/** A file, or the range of it that is asked for. */
export async function answerFile(context: AnswerContext, name: string): Promise<GatewayResponse> {
  const { request, read, located } = context;
  const etag = entityTag(located.cid, 'file');
  const type = contentTypeOf(name);
  const headers = {
    etag,
    'content-type': type,
    'content-security-policy': isHtml(type) ? await policyOf(located, context) : FILE_POLICY,
    'accept-ranges': 'bytes',
  };
  if (isMatched(request.headers['if-none-match'], etag)) return { status: 304, headers };
  const size = await fileSize(located.cid, read);
  const range = request.method === 'GET' ? chooseRange(request.headers, size, etag) : undefined;
  const { start, end } = range ?? { start: 0, end: size };
  const answer = {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(end - start),
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    },
  };
  if (request.method === 'HEAD') return answer;
  const stream = streamFile(located.cid, read, { start, end, signal: request.signal });
  return { ...answer, body: await readAhead(stream, 0) };
}

/** A folder: its page, else a list of what is in it. */
export async function answerFolder(context: AnswerContext, path: string): Promise<GatewayResponse> {
  const { request, read, located } = context;
  const index = await resolvePath(located.cid, ['index.html'], read);
  if (index !== undefined) {
    const roots = [...located.roots, index.cid];
    return answerFile({ ...context, located: { ...located, roots, cid: index.cid } }, 'index.html');
  }
  const etag = entityTag(located.cid, 'listing');
  const headers = {
    etag,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': OWN_PAGE_POLICY,
    'cache-control': 'no-cache',
  };
  if (isMatched(request.headers['if-none-match'], etag)) return { status: 304, headers };
  if (request.method === 'HEAD') return { status: 200, headers };
  const entries = await readDirectory(located.cid, read, { limit: MAX_LISTED, signal: request.signal });
  return { status: 200, headers, body: Buffer.from(renderListing(path, entries)) };
}

/** The block itself. */
export async function answerBlock({ request, read, located }: AnswerContext): Promise<GatewayResponse> {
  const { cid } = located;
  const headers = downloadHeaders(entityTag(cid, 'raw'), RAW_TYPE, `${cid}.bin`);
  if (isMatched(request.headers['if-none-match'], headers.etag)) return { status: 304, headers };
  const bytes = await loadBlock(cid, read);
  const answer = { status: 200, headers: { ...headers, 'content-length': String(bytes.length) } };
  return request.method === 'HEAD' ? answer : { ...answer, body: bytes };
}

/** Everything below, named for the last name of the path, else for the CID. */
export async function answerCar({ request, read, located }: AnswerContext): Promise<GatewayResponse> {
  const { cid, names } = located;
  const headers = downloadHeaders(entityTag(cid, 'car'), CAR_TYPE, `${names.at(-1) ?? cid}.car`);
  if (isMatched(request.headers['if-none-match'], headers.etag)) return { status: 304, headers };
  if (request.method === 'HEAD') return { status: 200, headers };
  const body = await readAhead(writeCar(cid, read, { signal: request.signal }), CAR_AHEAD);
  return { status: 200, headers, body };
}

/** @throws Refusal 406 */
export function refuseOther({ located }: AnswerContext): never {
  throw new Refusal(
    406,
    `${located.cid} is neither a file nor a folder: ask for it with ?format=raw or ?format=car.`,
  );
}

function downloadHeaders(etag: string, type: string, name: string) {
  return {
    etag,
    'content-type': type,
    'content-disposition': dispositionOf(name),
    'content-security-policy': FILE_POLICY,
    'accept-ranges': 'none',
  };
}

/** The name in ASCII for all, and as it is where it differs (RFC 6266, 4.3). */
function dispositionOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encoded}`}`;
}
