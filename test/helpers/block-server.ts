import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CID } from 'multiformats/cid';
import { contentTypeOf } from '../../src/node/gateway/content-type.ts';
import type { BlockReader } from '../../src/unixfs/block.ts';
import { resolvePath } from '../../src/unixfs/directory.ts';
import { readFile } from '../../src/unixfs/file.ts';

export interface BlockServerOptions {
  read: BlockReader;
  /** What to answer in place of a block; `undefined` for nothing at all. */
  tamper?(cid: string, block: Uint8Array): Uint8Array | undefined;
  /** Whether `/ipfs/<cid>` leads to a host of its own. */
  hasSubdomains?: boolean;
  /** Where every block is said to be. */
  redirectTo?: string;
}

export interface BlockServer extends AsyncDisposable {
  url: string;
  port: number;
  /** Paths that were asked for. */
  asked: string[];
}

const MOST = 1 << 26;

/**
 * The least that a public gateway does, and lies where it is told to: blocks, and files for the page itself, as `/ipfs/<cid>` and as
 * `<cid>.ipfs.localhost`.
 */
export async function startBlockServer(options: BlockServerOptions): Promise<BlockServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    answer(request, response, options).catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  { url = '', headers }: IncomingMessage,
  response: ServerResponse,
  { read, tamper = (_, block) => block, hasSubdomains = false, redirectTo }: BlockServerOptions,
): Promise<void> {
  response.setHeader('access-control-allow-origin', '*');
  const { pathname, searchParams } = new URL(url, 'http://x');
  const names = pathname
    .split('/')
    .filter((name) => name !== '')
    .map(decodeURIComponent);
  const [, own] = /^(baf[a-z2-7]+)\.ipfs\.localhost/.exec(headers.host ?? '') ?? [];
  const [first, cid = '', ...rest] = own === undefined ? names : ['ipfs', own, ...names];
  if (redirectTo !== undefined) return void response.writeHead(302, { location: redirectTo + url }).end();
  if (first !== 'ipfs') return void response.writeHead(404).end();
  if (hasSubdomains && own === undefined) {
    const location = `http://${cid}.ipfs.localhost:${headers.host?.split(':')[1]}/${rest.join('/')}${new URL(url, 'http://x').search}`;
    return void response.writeHead(301, { location }).end();
  }
  const link = await resolvePath(CID.parse(cid), rest, read);
  if (link === undefined) return void response.writeHead(404).end();
  if (searchParams.get('format') === 'raw') {
    const block = await read(link.cid);
    const sent = block && tamper(link.cid.toString(), block);
    if (sent === undefined) return void response.writeHead(404).end();
    return void response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end(sent);
  }
  const bytes = await readFile(link.cid, read, { limit: MOST });
  response.writeHead(200, { 'content-type': contentTypeOf(rest.at(-1) ?? '') }).end(bytes);
}
