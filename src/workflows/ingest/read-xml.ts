import { createReadStream, statSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { OvnError } from '../../errors.ts';

/** Bytes of an export or a feed, at most. */
const EXPORT_LIMIT = 512 * 1024 * 1024;

export interface ReadEffects {
  signal: AbortSignal;
  /** Bytes. */
  onProgress(done: number, total: number): void;
}

/**
 * The text of an XML file piece by piece, in the encoding that it declares.
 *
 * @throws OvnError `not-found`, `usage` for what is no file, `limit`, `malformed` for bytes that its encoding does not have.
 */
export async function* readXml(
  file: string,
  { signal, onProgress }: ReadEffects,
  limit: number = EXPORT_LIMIT,
): AsyncGenerator<string> {
  const total = sizeOf(file, limit);
  let done = 0;
  let decoder: TextDecoder | undefined;
  for await (const chunk of createReadStream(file, { end: limit, highWaterMark: 256 * 1024 })) {
    signal.throwIfAborted();
    const bytes = chunk as Buffer;
    done += bytes.length;
    if (done > limit) throw tooLarge(file, limit);
    onProgress(done, total);
    decoder ??= decoderOf(bytes);
    yield decode(decoder, bytes);
  }
  if (decoder !== undefined) yield decode(decoder, undefined);
}

/**
 * What is wrong with the text of a file, with the file's name.
 *
 * @throws what is no such error, or names it already.
 */
export function namingFile(error: unknown, file: string): OvnError {
  const isOfText = error instanceof OvnError && (error.code === 'malformed' || error.code === 'limit');
  if (!isOfText || error.message.includes(file)) throw error;
  return new OvnError(error.code, `${file}: ${error.message}`, { cause: error });
}

function sizeOf(file: string, limit: number): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new OvnError('not-found', `there is no file ${file}`);
  if (!stat.isFile()) throw new OvnError('usage', `${file} is no file`);
  if (stat.size > limit) throw tooLarge(file, limit);
  return stat.size;
}

function tooLarge(file: string, limit: number): OvnError {
  return new OvnError('limit', `${file} is larger than ${limit / 2 ** 20} MiB`);
}

function decoderOf(start: Buffer): TextDecoder {
  const head = start.subarray(0, 200).toString('latin1');
  const marked = /^\xff\xfe/.test(head) ? 'utf-16le' : /^\xfe\xff/.test(head) ? 'utf-16be' : undefined;
  const named = /^[^<]{0,3}<\?xml[^>]*encoding\s*=\s*["']([\w.-]{1,40})["']/.exec(head)?.[1];
  try {
    return new TextDecoder(marked ?? named ?? 'utf-8', { fatal: true });
  } catch {
    throw new OvnError('malformed', `its encoding "${named}" is not known`);
  }
}

function decode(decoder: TextDecoder, bytes: Buffer | undefined): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw new OvnError('malformed', `it holds bytes that are not ${decoder.encoding}`, { cause });
  }
}
