import { setImmediate as turn } from 'node:timers/promises';
import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { type Served, servedReader } from '../served/served.ts';
import { type RequestLimits, TURN } from './limits.ts';
import { Refusal } from './messages.ts';

/** The reader of one request: gives only what is served, and no more than one request may cost. */
export interface BoundedReader {
  read: BlockReader;
  /** From here on, an answer is being sent: it may take its time, as long as its client takes what it is given. */
  streams(): void;
}

/**
 * Bounds what a request reads.
 * @throws OvnError `limit` from `read` for too many blocks or bytes, `withheld`, `denied`; Refusal 504 when it took too long; the signal's reason
 */
export function boundedReader(
  source: BlockReader,
  served: Served | undefined,
  signal: AbortSignal,
  limits: RequestLimits,
): BoundedReader {
  const given = served === undefined ? source : servedReader(source, served);
  let turned = performance.now();
  const until = turned + limits.resolve;
  let streaming = false;
  let blocks = 0;
  let bytes = 0;
  const read: BlockReader = async (cid) => {
    signal.throwIfAborted();
    if (++blocks > (streaming ? limits.blocks : limits.pathBlocks)) throw tooMuch('blocks');
    const now = performance.now();
    if (!streaming && now > until) throw new Refusal(504, 'It took too long to find.');
    if (now - turned > TURN) {
      await turn();
      turned = performance.now();
    }
    const block = await given(cid);
    bytes += block?.length ?? 0;
    if (bytes > (streaming ? limits.bytes : limits.pathBytes)) throw tooMuch('bytes');
    return block;
  };
  return {
    read,
    streams: () => {
      streaming = true;
    },
  };
}

function tooMuch(what: string): OvnError {
  return new OvnError('limit', `it takes more ${what} than one request may read`);
}
