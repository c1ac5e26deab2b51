import { fileSize, streamFile } from '../../unixfs/file.ts';
import type { Answering } from './answering.ts';
import { chooseRange } from './byte-range.ts';
import { contentTypeOf, isHtml, UNKNOWN_TYPE } from './content-type.ts';
import { dispositionOf } from './disposition.ts';
import { entityTag, isMatched } from './entity-tag.ts';
import { frontOf } from './file-head.ts';
import type { GatewayResponse } from './messages.ts';
import { FILE_POLICY, policyOf } from './page-policy.ts';
import { readAhead } from './read-ahead.ts';
import { sniffType } from './sniff.ts';

/** Bytes up to which an answer is made whole before it is begun. */
const SMALL = 256 * 1024;

/** What is known of a file by where it lies; `name` is empty where it has none. */
export interface FileFacts {
  name: string;
  etag: string;
}

/** A file, or the range of it that is asked for. */
export async function answerFile(answering: Answering, facts?: Partial<FileFacts>): Promise<GatewayResponse> {
  const { request, located, read } = answering;
  const { name = located.names.at(-1) ?? '', etag = entityTag(located.cid, 'file') } = facts ?? {};
  const headers = await headersOf(answering, name, etag);
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
  const body = await readAhead(stream, end - start <= SMALL ? SMALL : 0);
  answering.streams();
  return { ...answer, body };
}

/** What a symbolic link says: where it points to. It is not followed. */
export async function answerLink({ request, located, read }: Answering): Promise<GatewayResponse> {
  const etag = entityTag(located.cid, 'file');
  const headers = { etag, 'content-type': 'inode/symlink', 'content-security-policy': FILE_POLICY };
  if (isMatched(request.headers['if-none-match'], etag)) return { status: 304, headers };
  return { status: 200, headers, body: await frontOf(located.cid, read) };
}

async function headersOf(answering: Answering, name: string, etag: string): Promise<Record<string, string>> {
  const { query } = answering.target;
  const filename = query.get('filename') ?? '';
  const type = await typeOf(answering, filename === '' ? name : filename);
  const download = query.get('download') === 'true';
  return {
    etag,
    'content-type': type,
    'content-security-policy': isHtml(type) ? await policyOf(answering) : FILE_POLICY,
    'accept-ranges': 'bytes',
    ...((download || filename !== '') && {
      'content-disposition': dispositionOf(
        download ? 'attachment' : 'inline',
        filename || name || `${answering.located.cid}`,
      ),
    }),
  };
}

async function typeOf({ located, read }: Answering, name: string): Promise<string> {
  if (name !== '') return contentTypeOf(name);
  return sniffType(await frontOf(located.cid, read)) ?? UNKNOWN_TYPE;
}
