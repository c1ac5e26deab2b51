import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { contentTypeOf } from '../../src/node/gateway/content-type.ts';

export interface FileServer extends AsyncDisposable {
  url: string;
  /** Paths that were asked for. */
  asked: string[];
}

/** Plain hosting of a folder: files by their paths, `index.html` for folders, `404.html`, an icon of the host's own, and no idea of queries. */
export async function startFileServer(folder: string): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer(async ({ url = '' }, response) => {
    asked.push(url);
    const path = decodeURIComponent(new URL(url, 'http://x').pathname).replace(/\/$/, '/index.html');
    // Browsers ask every host for one, whatever a page says.
    if (path === '/favicon.ico') return void response.writeHead(204).end();
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    const body = bytes ?? (await readFile(join(folder, '404.html')).catch(() => undefined));
    const type = contentTypeOf(bytes === undefined ? '404.html' : path);
    response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
