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
      const { own, publications } = await askMirror(new URL(url), publication, { client, signal });
      const shown = publications.get(publication);
      return shown && { ...shown, isOwn: own === publication };
    },
    source,
    async close() {
      client.close();
      await source.close?.();
    },
  };
}
