import type { Bytes } from './bytes.ts';
import { cidOf, DAG_PB, isDagPb, RAW } from './cid.ts';
import { NotChecked, Refused } from './failure.ts';
import type { FetchBytes } from './fetch-bytes.ts';

/** Largest block that is exchanged, in bytes. */
const MAX_BLOCK = 2 * 1024 * 1024;
/** Most blocks that are asked for, however long a folder goes on. */
const MOST_BLOCKS = 200_000;
const RAW_TYPE = 'application/vnd.ipld.raw';

/** Where blocks come from: `https://gateway.example` as `…/ipfs/<cid>`, or as `https://<cid>.ipfs.gateway.example`. */
export interface GatewayAddress {
  /** Without a slash at the end. */
  base: string;
  isSubdomain: boolean;
}

/** A trustless gateway that is not trusted: every block is hashed before anything is done with it. */
export class Gateway {
  readonly #fetch: FetchBytes;
  #address: GatewayAddress;
  #asked = 0;
  readonly #leaves = new Set<string>();

  constructor(address: GatewayAddress, fetch: FetchBytes) {
    this.#address = address;
    this.#fetch = fetch;
  }

  /** The block of a CID. */
  async read(cid: string): Promise<Bytes> {
    if (++this.#asked > MOST_BLOCKS) throw new NotChecked(`more than ${MOST_BLOCKS} blocks`);
    const bytes = await this.#ask(cid);
    const found = await cidOf(isDagPb(cid) ? DAG_PB : RAW, bytes);
    if (found !== cid) throw new Refused(`block ${cid} came with other bytes: the gateway changed them`);
    if (!isDagPb(cid)) this.#leaves.add(cid);
    return bytes;
  }

  /** Whether a block came before, is what its CID says, and links to nothing. */
  has(leaf: string): boolean {
    return this.#leaves.has(leaf);
  }

  async #ask(cid: string): Promise<Bytes> {
    const { status, type, bytes, isRedirect } = await this.#fetch(this.#urlOf(cid), MAX_BLOCK, RAW_TYPE);
    if (isRedirect && !this.#address.isSubdomain) {
      // Public gateways keep publications apart by the name of the host.
      this.#address = { ...this.#address, isSubdomain: true };
      return this.#ask(cid);
    }
    if (status !== 200) throw new NotChecked(`the gateway has no block ${cid} (status ${status})`);
    if (!isRaw(type)) throw new NotChecked(`the gateway does not answer with blocks, but with ${type}`);
    return bytes;
  }

  #urlOf(cid: string): string {
    const { base, isSubdomain } = this.#address;
    if (!isSubdomain) return `${base}/ipfs/${cid}?format=raw`;
    const { protocol, host } = new URL(base);
    return `${protocol}//${cid}.ipfs.${host}/?format=raw`;
  }
}

/** The block that a server shows as a folder, when it is a gateway that says no CID, such as `ovn serve`. */
export async function askForRoot(folder: string, fetch: FetchBytes): Promise<string | undefined> {
  const { status, type, bytes } = await fetch(`${folder}?format=raw`, MAX_BLOCK, RAW_TYPE);
  return status === 200 && isRaw(type) ? cidOf(DAG_PB, bytes) : undefined;
}

function isRaw(type: string): boolean {
  return type.startsWith(RAW_TYPE);
}
