import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What was asked for. */
export type RequestKind = 'site' | 'path' | 'block' | 'car' | 'name' | 'routing';

/** A request that has come to its end, whichever. */
export interface ObservedRequest {
  kind: RequestKind;
  status: number;
  /** That went to the client, with the head. */
  bytes: number;
  seconds: number;
}

const KINDS_BY_TYPE = new Map<string, RequestKind>([
  ['application/vnd.ipld.raw', 'block'],
  ['application/vnd.ipld.car', 'car'],
]);

/** Tells of every request of a server when its answer has ended or was broken off. */
export function observeRequests(server: Server, onEnd: (request: ObservedRequest) => void): void {
  server.on('request', (request, response) => {
    const begun = performance.now();
    const { socket } = request;
    const before = socket.bytesWritten;
    response.once('close', () => {
      const seconds = (performance.now() - begun) / 1000;
      const bytes = socket.bytesWritten - before;
      onEnd({ kind: kindOf(request, response), status: response.statusCode, bytes, seconds });
    });
  });
}

function kindOf({ url = '' }: IncomingMessage, response: ServerResponse): RequestKind {
  const [type = ''] = String(response.getHeader('content-type') ?? '').split(';');
  if (url.startsWith('/routing/')) return 'routing';
  if (url.startsWith('/ipns/')) return 'name';
  return KINDS_BY_TYPE.get(type) ?? (url.startsWith('/ipfs/') ? 'path' : 'site');
}
