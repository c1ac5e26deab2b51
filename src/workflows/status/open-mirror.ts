import { askMirror } from '../../node/mirrors/ask-mirror.ts';
import { gatewaySource } from '../../node/retrieve/gateway-source.ts';
import { openHttp } from '../../node/retrieve/http-client.ts';
import type { Mirror } from './ask-mirrors.ts';

/** A mirror at its address. @throws {OvnError} `usage` */
export function openMirror(url: string): Mirror {
  const client = openHttp();
  const source = gatewaySource(url);
  return {
    async show(publication, { signal }) {
      const { publications } = await askMirror(new URL(url), publication, { client, signal });
      return publications.get(publication);
    },
    source,
    async close() {
      client.close();
      await source.close?.();
    },
  };
}
