import { askMirror } from '../../node/mirrors/ask-mirror.ts';
import type { HttpClient } from '../../node/retrieve/http-client.ts';

/** A checkpoint that a mirror shows. Nothing of it is checked. */
export interface ShownLog {
  /** The mirror. */
  from: string;
  /** The signed note. */
  note: Uint8Array;
}

export interface ShownLogsEffects {
  client: HttpClient;
  /** For all mirrors together, in ms: they are asked at once. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * What mirrors show of a publication's log, those that answer in time. One that is down, does not know the publication or answers anything
 * else shows nothing; so do all of them when it is broken off.
 */
export async function shownLogs(
  publication: string,
  urls: readonly string[],
  effects: ShownLogsEffects,
): Promise<ShownLog[]> {
  const asking = urls.map(async (from): Promise<ShownLog[]> => {
    try {
      const { publications } = await askMirror(new URL(from), publication, effects);
      const note = publications.get(publication)?.checkpoint ?? null;
      return note === null ? [] : [{ from, note: Buffer.from(note, 'utf8') }];
    } catch {
      return [];
    }
  });
  return (await Promise.all(asking)).flat();
}
