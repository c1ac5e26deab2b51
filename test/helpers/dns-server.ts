import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A resolver on loopback that knows text records, and nothing else. */
export interface DnsServer extends AsyncDisposable {
  /** For `--dns`. */
  address: string;
  /** Hosts that were asked for. */
  asked: string[];
  /** Texts by host; a host without any is NXDOMAIN. May be changed. */
  texts: Map<string, string[]>;
}

const TXT = 16;
const IN = 1;
const NXDOMAIN = 3;
/** A response to a standard query, recursion asked for and available. */
const FLAGS = 0x8180;

/** `silent`: it never answers. */
export async function startDnsServer(
  texts: Record<string, string[]> = {},
  { silent = false } = {},
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const server = { asked: [] as string[], texts: new Map(Object.entries(texts)) };
  socket.on('message', (query, { port, address }) => {
    const { host, end } = readQuestion(query);
    server.asked.push(host);
    if (!silent) socket.send(answerTo(query.subarray(0, end), server.texts.get(host)), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    ...server,
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The host that is asked for, and where the question ends (RFC 1035, section 4.1.2). */
function readQuestion(query: Buffer): { host: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { host: labels.join('.').toLowerCase(), end: at + 5 };
}

function answerTo(question: Buffer, texts: readonly string[] | undefined): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(FLAGS | (texts === undefined ? NXDOMAIN : 0), 2);
  header.writeUInt16BE(texts?.length ?? 0, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, question.subarray(12), ...(texts ?? []).map(recordOf)]);
}

/** One answer; a long text is in several strings, as in a zone. */
function recordOf(text: string): Buffer {
  const strings = (text.match(/.{1,100}/gs) ?? ['']).map((part) =>
    Buffer.concat([Buffer.of(part.length), Buffer.from(part, 'latin1')]),
  );
  const data = Buffer.concat(strings);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(IN, 4);
  head.writeUInt32BE(300, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
