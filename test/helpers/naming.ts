import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { makeNameRecord, nameOfKeyObject } from '../../src/node/names/make-record.ts';
import { formatName, type Name } from '../../src/node/names/name.ts';
import type { NameRouter } from '../../src/node/names/name-router.ts';
import type { NameRecord } from '../../src/node/names/record.ts';

/** The clock of records in tests, unless one is given. */
export const RECORD_TIME = new Date('2026-01-10T12:00:00Z');
export const SOME_CID = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';

/** A name of nobody in particular. */
export class TestName {
  readonly key: KeyObject;
  readonly name: Name;
  readonly text: string;

  constructor(key = generateKeyPairSync('ed25519').privateKey) {
    this.key = key;
    this.name = nameOfKeyObject(key);
    this.text = formatName(this.name);
  }

  /** A record that holds a day. */
  record(
    sequence: number,
    value = `/ipfs/${SOME_CID}`,
    { now = RECORD_TIME, lifetime = 86_400_000, ttl = 300 } = {},
  ): Promise<NameRecord> {
    return makeNameRecord(this.key, { value, sequence: BigInt(sequence), now, lifetime, ttl });
  }
}

/** A place for records in this process, which says what happens to it. */
export class TestRouter implements NameRouter {
  readonly id: string;
  readonly held = new Map<string, Uint8Array>();
  asked = 0;
  told = 0;

  constructor(id = 'a router') {
    this.id = id;
  }

  async get(name: Name): Promise<Uint8Array | undefined> {
    this.asked++;
    return this.held.get(formatName(name));
  }

  async put(name: Name, bytes: Uint8Array): Promise<void> {
    this.told++;
    this.held.set(formatName(name), bytes);
  }
}

/** A router that always fails. */
export function brokenRouter(id = 'a broken router'): NameRouter {
  const fail = async () => {
    throw new Error('out of order');
  };
  return { id, get: fail, put: fail };
}

export interface RouterServer extends AsyncDisposable {
  url: string;
  /** Records by name; may be changed. */
  held: Map<string, Uint8Array>;
  /** `GET k51…`, `PUT k51…`. */
  asked: string[];
}

/** A Delegated Routing V1 server for records on loopback, which believes all it is told. */
export async function startRouterServer(): Promise<RouterServer> {
  const held = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { method, url = '' } = request;
    const name = url.replace('/routing/v1/ipns/', '');
    asked.push(`${method} ${name}`);
    if (method === 'PUT') held.set(name, await buffer(request));
    const bytes = held.get(name);
    response.setHeader('content-type', 'application/vnd.ipfs.ipns-record');
    response.writeHead(bytes === undefined ? 404 : 200).end(method === 'GET' ? bytes : undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
