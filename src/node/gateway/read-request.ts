import { type GatewayRequest, Refusal } from './messages.ts';

/**
 * The body of a request, of which no more is read than it may have.
 *
 * @param what it is, at the begin of a sentence.
 * @throws Refusal 413
 */
export async function readRequest(
  { body }: Pick<GatewayRequest, 'body'>,
  limit: number,
  what: string,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > limit)
      throw new Refusal(413, `${what} has at most ${limit} bytes.`, { connection: 'close' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
