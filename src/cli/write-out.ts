/** Writes a result that is no line: waits for a slow reader; one that goes away (`| head`) ends it quietly. */
export async function writeOut(bytes: AsyncIterable<Uint8Array>, stream: NodeJS.WriteStream): Promise<void> {
  for await (const chunk of bytes) {
    await new Promise<void>((resolve, reject) => {
      stream.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
}
