import { packCar } from '../car-writer.ts';
import type { Answering } from './answering.ts';
import { carBlocks } from './car-blocks.ts';
import { carTypeOf, readCarRequest } from './car-request.ts';
import { dispositionOf } from './disposition.ts';
import { carTag, isMatched } from './entity-tag.ts';
import type { GatewayResponse } from './messages.ts';
import { FILE_POLICY } from './page-policy.ts';
import { readAhead } from './read-ahead.ts';

/** The blocks of the path and those at its end, in a CAR named for the last name of the path, else for the CID. */
export async function answerCar(answering: Answering): Promise<GatewayResponse> {
  const { request, target, read, place, limits } = answering;
  // Who asks at `/` knows no root that the way there could be checked from.
  const located = place.mount.kind === 'site' ? { ...answering.located, way: [] } : answering.located;
  const { cid, way, names } = located;
  const wanted = readCarRequest(target.query, request.headers.accept);
  const type = carTypeOf(wanted);
  const { from = '', to = '' } = wanted.bytes ?? {};
  const etag = carTag(cid, wanted.scope, type, `${from}:${to}`, ...way.map(String));
  const headers = {
    etag,
    'content-type': type,
    'content-disposition': dispositionOf(
      'attachment',
      target.query.get('filename') || `${names.at(-1) ?? cid}.car`,
    ),
    'content-security-policy': FILE_POLICY,
    'accept-ranges': 'none',
  };
  if (isMatched(request.headers['if-none-match'], etag)) return { status: 304, headers };
  if (request.method === 'HEAD') return { status: 200, headers };
  answering.streams();
  const blocks = carBlocks(located, wanted, read, { signal: request.signal, limits });
  return { status: 200, headers, body: await readAhead(packCar(cid, blocks), limits.carAhead) };
}
