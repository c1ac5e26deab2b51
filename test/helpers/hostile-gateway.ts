import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { CID } from 'multiformats/cid';
import type { Block } from '../../src/unixfs/block.ts';
import { varintLength, writeVarint } from '../../src/unixfs/varint.ts';
import type { MemoryBlocks } from './memory-blocks.ts';

/** What a gateway is asked for. */
export interface Asked {
  cid: CID;
  format: string;
}

/** What is sent for it, byte for byte; what is written to the socket otherwise is the answer's own affair. */
export type Answer = (asked: Asked, socket: Socket) => Uint8Array | string | undefined;

export interface HostileGateway extends AsyncDisposable {
  url: string;
  /** `<format> <cid>` of every request. */
  asked: string[];
}

/** A server on loopback that speaks as much HTTP as its answers do. It answers one request a connection. */
export async function startHostile(answer: Answer): Promise<HostileGateway> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let head = '';
    socket.on('data', (bytes) => {
      const isAnswered = head.includes('\r\n\r\n');
      head += bytes.toString('latin1');
      if (isAnswered || !head.includes('\r\n\r\n')) return;
      const wanted = parse(head);
      asked.push(`${wanted.format} ${wanted.cid}`);
      const bytesOfAnswer = answer(wanted, socket);
      if (bytesOfAnswer !== undefined) socket.end(bytesOfAnswer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function parse(head: string): Asked {
  const [, target = ''] = head.split(' ');
  const { pathname, searchParams } = new URL(target, 'http://x');
  return { cid: CID.parse(pathname.split('/')[2] ?? ''), format: searchParams.get('format') ?? '' };
}

export const TYPES: Record<string, string> = {
  raw: 'application/vnd.ipld.raw',
  car: 'application/vnd.ipld.car; version=1; order=dfs; dups=n',
};

/** A whole answer; `headers` are put in place of the honest ones, or beside them. */
export function respond(
  status: number,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Uint8Array {
  const bytes = Buffer.from(body);
  const all = { 'content-length': String(bytes.length), connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} x\r\n${lines.join('')}\r\n`), bytes]);
}

/** What an honest gateway answers that holds these blocks, and gives CARs of one DAG. */
export function honest(
  blocks: MemoryBlocks,
  car: (root: CID) => Uint8Array | undefined,
): (asked: Asked) => Uint8Array {
  return ({ cid, format }) => {
    const body = format === 'car' ? car(cid) : blocks.blocks.get(cid.toString())?.bytes;
    return body === undefined
      ? respond(404, 'not here')
      : respond(200, body, { 'content-type': TYPES[format] ?? '' });
  };
}

/** A section of a CAR; `length` is what it claims to have. */
export function carSection(bytes: Uint8Array, length = bytes.length): Uint8Array {
  const prefix = new Uint8Array(varintLength(length));
  writeVarint(prefix, 0, length);
  return Buffer.concat([prefix, bytes]);
}

/** A block as a section of a CAR. */
export function blockSection({ cid, bytes }: Block): Uint8Array {
  return carSection(Buffer.concat([cid.bytes, bytes]));
}
