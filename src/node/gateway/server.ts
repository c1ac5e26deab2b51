import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RateLimit } from '../served/rate-limit.ts';
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

/** Bytes of a body that go at once where there is a limit: all that are answered take turns. */
const TURN_BYTES = 16 * 1024;

/**
 * Serves a gateway over HTTP until it is disposed of, which breaks off what is still being sent. Bodies go as fast as `rate` lets them.
 * @throws OvnError `busy` when the port is taken, `usage` for an address that is not of this machine, `io`
 */
export async function listen(
  address: ListenAddress,
  effects: GatewayEffects,
  limits = SERVER_LIMITS,
  rate?: RateLimit,
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
  const exchanges = answerRequests(server, bound, effects, { most: limits.requests, rate });
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
  { most, rate }: { most: number; rate: RateLimit | undefined },
): Exchanges {
  const gateway = createGateway(effects, { admits: hostGuard(bound.address) });
  const exchanges = new Exchanges(most);
  server.on('request', (request, response) => {
    const answering = exchanges.admits() ? gateway : refuseForNow;
    exchanges.add(response, converse(request, response, { gateway: answering, effects, rate }));
  });
  return exchanges;
}

const refuseForNow: Gateway = async () =>
  tell(503, 'Too many requests are being answered right now. Please try again.', { 'retry-after': '1' });

/** One request and its answer. It never throws; what breaks while it is sent breaks the connection. */
async function converse(
  request: IncomingMessage,
  response: ServerResponse,
  { gateway, effects, rate }: { gateway: Gateway; effects: GatewayEffects; rate: RateLimit | undefined },
): Promise<void> {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  const { signal } = controller;
  const { method = '', url = '', headers } = request;
  try {
    const answer = await gateway({ method, target: url, headers, signal, body: request });
    await send(rate === undefined ? answer : slowed(answer, rate, signal), response, signal);
  } catch (error) {
    // A short CAR must not look like a whole one, not even to a client for which the end of the connection is the end of the body.
    request.socket.resetAndDestroy();
    if (!signal.aborted) effects.onDefect?.(error);
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

/** The same answer, whose body comes in small pieces, each in its turn. */
function slowed(answer: GatewayResponse, rate: RateLimit, signal: AbortSignal): GatewayResponse {
  const { body } = answer;
  if (body === undefined) return answer;
  return { ...answer, body: inTurns(body instanceof Uint8Array ? [body] : body, rate, signal) };
}

async function* inTurns(
  body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  rate: RateLimit,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    for (let at = 0; at < piece.length; at += TURN_BYTES) {
      const turn = piece.subarray(at, at + TURN_BYTES);
      await rate.take(turn.length, { signal });
      yield turn;
    }
  }
}
