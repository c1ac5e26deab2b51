import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { CID } from 'multiformats/cid';
import { readCar } from '../../../src/node/car.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../../src/node/gateway/gateway.ts';
import type { GatewayEffects, GatewayResponse, RequestHeaders } from '../../../src/node/gateway/messages.ts';
import type { Link } from '../../../src/unixfs/block.ts';
import { addDirectory } from '../../../src/unixfs/directory.ts';
import { addFile } from '../../../src/unixfs/file.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { collect, concat } from '../../helpers/streams.ts';

/** Files and folders by name. */
export interface Folder {
  [name: string]: string | Uint8Array | Folder;
}

/** A gateway over blocks in memory. */
export class Site {
  readonly blocks = new MemoryBlocks();
  readonly defects: unknown[] = [];
  head: CID | undefined;

  readonly gateway: Gateway;

  constructor(effects: Partial<GatewayEffects> = {}, options: GatewayOptions = {}) {
    this.gateway = createGateway(
      {
        read: this.blocks.read,
        head: () => this.head?.toString(),
        onDefect: (error) => this.defects.push(error),
        ...effects,
      },
      options,
    );
  }

  async add(node: Folder[string]): Promise<Link> {
    if (typeof node === 'string') return addFile(Buffer.from(node), this.blocks.sink);
    if (node instanceof Uint8Array) return addFile(node, this.blocks.sink);
    const entries = [];
    for (const [name, child] of Object.entries(node)) entries.push({ name, ...(await this.add(child)) });
    return addDirectory(entries, this.blocks.sink);
  }

  async publish(folder: Folder): Promise<CID> {
    this.head = (await this.add(folder)).cid;
    return this.head;
  }

  /** Takes in the blocks of a CAR, and gives its roots. */
  async importCar(path: string): Promise<CID[]> {
    let roots: CID[] = [];
    for await (const item of readCar(createReadStream(path))) {
      if ('roots' in item) roots = item.roots;
      else this.blocks.put(item);
    }
    return roots;
  }

  get(target: string, headers: RequestHeaders = {}, method = 'GET'): Promise<GatewayResponse> {
    return this.gateway({ method, target, headers, signal: new AbortController().signal });
  }
}

/** All of a body. */
export async function bytesOf({ body }: GatewayResponse): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array(0);
  return body instanceof Uint8Array ? body : concat(await collect(body));
}

export async function textOf(response: GatewayResponse): Promise<string> {
  return Buffer.from(await bytesOf(response)).toString('utf8');
}

/** The CIDs of the blocks of a CAR, in its order; every block is checked. */
export async function carCids(response: GatewayResponse): Promise<string[]> {
  const items = await collect(readCar(Readable.from([await bytesOf(response)])));
  return items.flatMap((item) => ('cid' in item ? [`${item.cid}`] : []));
}
