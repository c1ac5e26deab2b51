/**
 * The front of a stream: what fails there fails before anything is answered. A stream that ends within `limit` bytes is given back whole,
 * else one that goes on from its beginning.
 */
export async function readAhead(
  stream: AsyncGenerator<Uint8Array>,
  limit: number,
): Promise<Uint8Array | AsyncGenerator<Uint8Array>> {
  const pieces: Uint8Array[] = [];
  for (let length = 0; length <= limit; ) {
    const { done, value } = await stream.next();
    if (done === true) return Buffer.concat(pieces);
    pieces.push(value);
    length += value.length;
  }
  return rejoin(pieces, stream);
}

async function* rejoin(pieces: Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
