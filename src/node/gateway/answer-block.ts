import { loadBlock } from '../../unixfs/unixfs-node.ts';
import type { Answering } from './answering.ts';
import { chooseRange } from './byte-range.ts';
import { dispositionOf } from './disposition.ts';
import { entityTag, isMatched } from './entity-tag.ts';
import { RAW_TYPE } from './format.ts';
import type { GatewayResponse } from './messages.ts';
import { FILE_POLICY } from './page-policy.ts';

/** The block itself, or a range of it. */
export async function answerBlock({ request, target, read, located }: Answering): Promise<GatewayResponse> {
  const { cid } = located;
  const etag = entityTag(cid, 'raw');
  const headers = {
    etag,
    'content-type': RAW_TYPE,
    'content-disposition': dispositionOf('attachment', target.query.get('filename') || `${cid}.bin`),
    'content-security-policy': FILE_POLICY,
    'accept-ranges': 'bytes',
  };
  if (isMatched(request.headers['if-none-match'], etag)) return { status: 304, headers };
  const bytes = await loadBlock(cid, read);
  if (request.method === 'HEAD')
    return { status: 200, headers: { ...headers, 'content-length': String(bytes.length) } };
  const range = chooseRange(request.headers, bytes.length, etag);
  if (range === undefined) return { status: 200, headers, body: bytes };
  const { start, end } = range;
  const body = bytes.subarray(start, end);
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` },
    body,
  };
}
