import { createServer } from 'node:http';
import { bind, type ListenAddress } from '../gateway/bind.ts';
import { hostGuard, hostOf } from '../gateway/hosts.ts';
import { makeRoom } from '../gateway/make-room.ts';

/** Whether all is well, and what is not. */
export interface Health {
  ok: boolean;
  /** In words for people; empty where all is well. */
  reasons: string[];
}

export interface MonitorEffects {
  health(): Promise<Health>;
  metrics: { contentType: string; text(): Promise<string> };
}

export interface MonitorServer extends AsyncDisposable {
  /** `http://127.0.0.1:9100` */
  url: string;
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

const LIMITS = { connections: 64, headers: 5_000, stall: 10_000, headerBytes: 8 * 1024 };

/**
 * Answers `/healthz` and `/metrics`, and nothing else, at an address apart from the paper's.
 * @throws OvnError as {@link bind}
 */
export async function listenToMonitors(
  address: ListenAddress,
  effects: MonitorEffects,
): Promise<MonitorServer> {
  const server = createServer({
    headersTimeout: LIMITS.headers,
    requestTimeout: LIMITS.stall,
    maxHeaderSize: LIMITS.headerBytes,
  });
  server.timeout = LIMITS.stall;
  makeRoom(server, LIMITS.connections);
  const bound = await bind(server, address, '--metrics');
  const admits = hostGuard(bound.address);
  server.on('error', () => undefined);
  server.on('request', ({ method = '', url = '', headers }, response) => {
    const answered = admits(headers.host) ? answer(method, url, effects) : Promise.resolve(FORBIDDEN);
    void answered.catch(failed).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(method === 'HEAD' ? undefined : body);
    });
  });
  return {
    url: `http://${hostOf(bound.address)}:${bound.port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(method: string, url: string, { health, metrics }: MonitorEffects): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only GET and HEAD are answered here.');
  const [path] = url.split('?');
  if (path === '/metrics') return { status: 200, type: metrics.contentType, body: await metrics.text() };
  if (path !== '/healthz') return plain(404, 'Here are /healthz and /metrics.');
  const state = await health();
  return { status: state.ok ? 200 : 503, type: 'application/json', body: `${JSON.stringify(state)}\n` };
}

const FORBIDDEN = plain(403, 'This address is answered under the names of this machine only.');

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

function failed(): Answer {
  return plain(500, 'It cannot be said at the moment.');
}
