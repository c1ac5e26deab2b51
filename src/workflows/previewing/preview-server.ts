import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { OvnError } from '../../errors.ts';
import { bind } from '../../node/gateway/bind.ts';
import { createGateway, type Gateway } from '../../node/gateway/gateway.ts';
import { hostGuard } from '../../node/gateway/hosts.ts';
import type { GatewayEffects, GatewayResponse } from '../../node/gateway/messages.ts';
import { ASSETS } from './assets.ts';
import { markPage, type PageMarks, PREVIEW_PATH, widenPolicy } from './mark-page.ts';

export interface PreviewServer extends AsyncDisposable {
  /** `http://127.0.0.1:8081/` */
  url: string;
  /** Tells every open page that there is another state. */
  announce(): void;
}

export interface PreviewServerEffects {
  site: Pick<GatewayEffects, 'head' | 'read' | 'onDefect'>;
  marks(): PageMarks;
}

/** Nobody else reaches it: what is not published is shown here. */
const HOST = '127.0.0.1';
/**
 * Threat: a web site in the same browser, which can ask for every address here. It must not read what it gets, nor find out by an image or a
 * style sheet of a guessed address whether there is one. What is published is everybody's; nothing of this is.
 */
const PRIVATE = {
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;
/** An open page holds a connection. */
const CONNECTIONS = 128;
const PAGE_LIMIT = 1 << 26;

/** Serves a preview on loopback. @throws {OvnError} `busy` when the port is taken, `io` */
export async function servePreview(port: number, effects: PreviewServerEffects): Promise<PreviewServer> {
  const server = createServer();
  server.maxConnections = CONNECTIONS;
  const bound = await listen(server, port);
  const admits = hostGuard(bound.address);
  const gateway = createGateway({ ...effects.site, trusted: () => true }, { admits });
  const listeners = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    if (admits(request.headers.host) && request.url === `${PREVIEW_PATH}events`)
      hear(response, listeners, effects);
    else
      respond(request, response, { gateway, admits, effects }).catch((error: unknown) => {
        request.socket.destroy();
        effects.site.onDefect?.(error);
      });
  });
  return {
    url: `http://${HOST}:${bound.port}/`,
    announce: () => {
      for (const response of listeners) response.write(stateEvent(effects));
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, port: number): ReturnType<typeof bind> {
  try {
    return await bind(server, { host: HOST, port }, '--port');
  } catch (error) {
    if (!(error instanceof OvnError) || error.code !== 'busy') throw error;
    throw new OvnError('busy', error.message, {
      hint: 'Choose another port with --port; 0 takes a free one.',
    });
  }
}

/** Server-sent events: the state at once, and each that follows. */
function hear(response: ServerResponse, listeners: Set<ServerResponse>, effects: PreviewServerEffects): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...PRIVATE });
  response.write(stateEvent(effects));
  listeners.add(response);
  response.once('close', () => listeners.delete(response));
}

function stateEvent({ marks }: PreviewServerEffects): string {
  return `data: ${marks().generation}\n\n`;
}

interface Answering {
  gateway: Gateway;
  admits(host: string | undefined): boolean;
  effects: PreviewServerEffects;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { gateway, admits, effects }: Answering,
): Promise<void> {
  const { method = '', url = '', headers } = request;
  const asset = admits(headers.host) ? ASSETS.get(url.slice(PREVIEW_PATH.length)) : undefined;
  if (asset !== undefined && url.startsWith(PREVIEW_PATH)) {
    response.writeHead(200, { 'content-type': asset.type, ...PRIVATE });
    response.end(method === 'HEAD' ? undefined : asset.text);
    return;
  }
  const ending = new AbortController();
  response.once('close', () => ending.abort());
  const { accept, host } = headers;
  const marks = effects.marks();
  const made = await gateway({ method, target: url, headers: { accept, host }, signal: ending.signal });
  await send(response, method === 'GET' ? await marked(made, url, marks) : made);
}

/** A page with its marks; anything else as it is. Nothing is kept by the browser: it is another one after the next change. */
async function marked(made: GatewayResponse, url: string, marks: PageMarks): Promise<GatewayResponse> {
  if (made.body === undefined || made.headers['content-type']?.startsWith('text/html') !== true) return made;
  const html = Buffer.from(await collect(made.body)).toString('utf8');
  const body = Buffer.from(markPage(html, pathOf(url), marks), 'utf8');
  const policy = made.headers['content-security-policy'];
  const headers = {
    ...made.headers,
    'content-length': String(body.length),
    ...(policy === undefined ? {} : { 'content-security-policy': widenPolicy(policy) }),
  };
  return { status: made.status, headers, body };
}

async function send(response: ServerResponse, { status, headers, body }: GatewayResponse): Promise<void> {
  response.writeHead(status, { ...withoutSharing(headers), ...PRIVATE });
  if (body !== undefined && !(body instanceof Uint8Array))
    for await (const piece of body) if (!response.write(piece)) await once(response, 'drain');
  response.end(body instanceof Uint8Array ? body : undefined);
}

/** Of a gateway's answer, what does not ask to be kept, or to be read by other origins. */
function withoutSharing(headers: GatewayResponse['headers']): GatewayResponse['headers'] {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(?:etag$|last-modified$|access-control-)/.test(name),
  );
  return Object.fromEntries(kept);
}

async function collect(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > PAGE_LIMIT) throw new OvnError('limit', `a page has more than ${PAGE_LIMIT} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function pathOf(url: string): string {
  const [path = '/'] = url.split(/[?#]/, 1);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
