import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  formatDocument,
  type MirrorDocument,
  type ShownEdition,
  WELL_KNOWN,
} from '../../src/node/mirrors/document.ts';
import { SOME_CID } from './naming.ts';

/** An id and the root of an edition, of nobody. */
export const SOME_ID = SOME_CID;
export const SOME_EDITION = 'bafybeicn7i3soqdgr7dwnrwytgq4zxy7a5jpkizrvhm5mv6bgjd32wm3q4';

export interface TestMirror extends AsyncDisposable {
  url: string;
  /** `GET /path?query` of every request. */
  asked: string[];
}

/** What a mirror answers; it may do with the connection what it likes. */
export type MirrorAnswer = (request: IncomingMessage, response: ServerResponse) => void;

/** A mirror on loopback that is anything but honest, or is. */
export async function startMirror(answer: MirrorAnswer): Promise<TestMirror> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.on('error', () => undefined);
    answer(request, response);
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

/** Shows a document at its place and has nothing else. */
export function showing(document: Partial<MirrorDocument>): MirrorAnswer {
  const bytes = formatDocument({ own: null, multiaddrs: [], publications: new Map(), ...document });
  return ({ url = '' }, response) => {
    const isThere = url.split('?')[0] === WELL_KNOWN;
    response.writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' });
    response.end(isThere ? bytes : 'not here');
  };
}

/** An edition that is shown; what is not said is of nobody. */
export function shown(changes: Partial<ShownEdition> = {}): ShownEdition {
  return {
    edition: SOME_EDITION,
    sequence: 1,
    name: null,
    record: null,
    checkpoint: null,
    whole: true,
    categories: null,
    ...changes,
  };
}

/** Sends without an end. */
export const endless: MirrorAnswer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const pour = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 0x20)));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
};

/** Takes the question and says nothing. */
export const silent: MirrorAnswer = () => undefined;

/** A byte now and then. */
export const trickling: MirrorAnswer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};
