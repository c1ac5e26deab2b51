import { askMirror } from '../../node/mirrors/ask-mirror.ts';
import { gatewaySource } from '../../node/retrieve/gateway-source.ts';
import { openHttp } from '../../node/retrieve/http-client.ts';
import type { Mirror } from './ask-mirrors.ts';

/** For one block, in ms. */
const BLOCK_TIMEOUT_MS = 15_000;

/** A mirror at its address. @throws {OvnError} `usage` */
export function openMirror(url: string): Mirror {
  const client = openHttp();
  const source = gatewaySource(url);
  return {
    async show(publication, { signal }) {
      const { publications } = await askMirror(new URL(url), publication, { client, signal });
      return publications.get(publication);
    },
    block(cid, { signal }) {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(BLOCK_TIMEOUT_MS)]);
      return source.block(cid, { signal: ends });
    },
    async close() {
      client.close();
      await source.close?.();
    },
  };
}
