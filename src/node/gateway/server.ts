import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bind, type ListenAddress } from './bind.ts';
import { Exchanges } from './exchanges.ts';
import { tell } from './explain.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { hostGuard, hostOf } from './hosts.ts';
import { makeRoom } from './make-room.ts';
import type { GatewayEffects, GatewayResponse } from './messages.ts';

export interface GatewayServer extends AsyncDisposable {
  /** `http://127.0.0.1:8080` */
  url: string;
  /** For those who count what it does. */
  server: Server;
  /** How many are open. */
  connections(): number;
}

export type { ListenAddress } from './bind.ts';

/** How much of a client's time and of ours a connection may take; milliseconds and bytes. */
export const SERVER_LIMITS = {
  /** Without a byte read or written, whoever is slow. */
  stall: 30_000,
  headers: 10_000,
  request: 30_000,
  keepAlive: 5_000,
  headerBytes: 16 * 1024,
  connections: 512,
  requests: 64,
};

/**
 * Serves a gateway over HTTP until it is disposed of, which breaks off what is still being sent.
 * @throws OvnError `busy` when the port is taken, `usage` for an address that is not of this machine, `io`
 */
export async function listen(
  address: ListenAddress,
  effects: GatewayEffects,
  limits = SERVER_LIMITS,
): Promise<GatewayServer> {
  const server = createServer({
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive,
    maxHeaderSize: limits.headerBytes,
  });
  const connections = makeRoom(server, limits.connections);
  server.timeout = limits.stall;
  const bound = await bind(server, address, '--http');
  server.on('error', (error) => effects.onDefect?.(error));
  const exchanges = answerRequests(server, bound, effects, limits.requests);
  return {
    server,
    connections,
    url: `http://${hostOf(bound.address)}:${bound.port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, exchanges.ended()]);
    },
  };
}

/** The exchanges that are going on, as they come and go. */
function answerRequests(
  server: Server,
  bound: AddressInfo,
  effects: GatewayEffects,
  limit: number,
): Exchanges {
  const gateway = createGateway(effects, { admits: hostGuard(bound.address) });
  const exchanges = new Exchanges(limit);
  server.on('request', (request, response) => {
    const answering = exchanges.admits() ? gateway : refuseForNow;
    exchanges.add(response, converse(request, response, answering, effects));
  });
  return exchanges;
}

const refuseForNow: Gateway = async () =>
  tell(503, 'Too many requests are being answered right now. Please try again.', { 'retry-after': '1' });

/** One request and its answer. It never throws; what breaks while it is sent breaks the connection. */
async function converse(
  request: IncomingMessage,
  response: ServerResponse,
  gateway: Gateway,
  { onDefect }: GatewayEffects,
): Promise<void> {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  const { signal } = controller;
  const { method = '', url = '', headers } = request;
  try {
    await send(await gateway({ method, target: url, headers, signal, body: request }), response, signal);
  } catch (error) {
    // A short CAR must not look like a whole one, not even to a client for which the end of the connection is the end of the body.
    request.socket.resetAndDestroy();
    if (!signal.aborted) onDefect?.(error);
  }
}

async function send(answer: GatewayResponse, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { status, headers, body } = answer;
  response.writeHead(status, headers);
  if (body === undefined || body instanceof Uint8Array) {
    response.end(body);
    return;
  }
  for await (const piece of body) {
    if (!response.write(piece)) await once(response, 'drain', { signal });
  }
  response.end();
}
