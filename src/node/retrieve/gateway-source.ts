import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block } from '../../unixfs/block.ts';
import { verifyBlock } from '../../unixfs/hash.ts';
import { MAX_BLOCK } from '../../unixfs/profile.ts';
import { CAR_LIMITS } from '../car-limits.ts';
import { readCar } from '../car-reader.ts';
import type { Reach } from '../network/reach.ts';
import { HTTP_LIMITS, type HttpAnswer, type HttpClient, type HttpLimits, openHttp } from './http-client.ts';
import { readLimited } from './read-limited.ts';
import type { AskOptions, BlockSource, DagOptions } from './source.ts';

const RAW = 'application/vnd.ipld.raw';
const CAR = 'application/vnd.ipld.car';
const CAR_ASKED = `${CAR}; version=1; order=dfs; dups=n`;

/** Not here, gone, and withheld or denied. */
const ABSENT = [404, 410, 451];
const BUSY = [429, 502, 503, 504];

/**
 * A trustless gateway (Trustless Gateway Specification, 2026-03-05): blocks by `?format=raw`, DAGs as CARs. Nothing that it says is believed:
 * not the hash, not the length, not the type.
 *
 * @param address http or https, what stands before `/ipfs/`. Plain http is taken where it is named: blocks prove themselves.
 * @param within how far in it may lie, where it was not the user who named it.
 * @throws OvnError `usage` for what is no such address
 */
export function gatewaySource(
  address: string,
  limits: HttpLimits = HTTP_LIMITS,
  within?: Reach,
): BlockSource {
  const base = parseGateway(address);
  // Without a password that it may have.
  const id = `${base.origin}${base.pathname}`.replace(/\/$/, '');
  const http = openHttp(limits);
  const client: HttpClient = { ...http, get: (url, request) => http.get(url, { ...request, within }) };
  return {
    id,
    window: limits.connections,
    block: (cid, options) => readBlock(client, urlOf(base, cid, [], { format: 'raw' }), cid, options),
    dag: (root, path, options) => readDag(client, base, root, path, options),
    close: async () => client.close(),
  };
}

/** @throws OvnError `usage` */
export function parseGateway(address: string): URL {
  const url = URL.parse(address);
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && url.search === '' && url.hash === '') {
    url.pathname = url.pathname.replace(/\/?(?:ipfs\/?)?$/, '/');
    return url;
  }
  throw new OvnError('usage', `${address} is no address of a gateway`, {
    hint: 'It is http or https, such as https://gateway.example.',
  });
}

function urlOf(base: URL, cid: CID, path: readonly string[], query: Record<string, string>): URL {
  const names = path.map(encodeURIComponent).join('/');
  const url = new URL(`ipfs/${cid}${names === '' ? '' : `/${names}`}`, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

async function readBlock(
  client: HttpClient,
  url: URL,
  cid: CID,
  { signal }: AskOptions,
): Promise<Uint8Array | undefined> {
  const answer = await client.get(url, { accept: RAW, signal });
  if (isAbsent(answer)) return undefined;
  requireAnswer(answer, RAW, MAX_BLOCK);
  const bytes = await readLimited(answer.body, MAX_BLOCK);
  if (verifyBlock(cid, bytes)) return bytes;
  throw new OvnError('malformed', `its bytes of ${cid} do not match the CID`);
}

async function* readDag(
  client: HttpClient,
  base: URL,
  root: CID,
  path: readonly string[],
  { signal, scope }: DagOptions,
): AsyncGenerator<Block> {
  const query = { format: 'car', 'dag-scope': scope };
  const answer = await client.get(urlOf(base, root, path, query), { accept: CAR_ASKED, signal });
  if (isAbsent(answer)) throw new OvnError('not-found', `it does not have ${root}`);
  requireAnswer(answer, CAR, CAR_LIMITS.total);
  for await (const item of readCar(answer.body)) if (!('roots' in item)) yield item;
}

function isAbsent(answer: HttpAnswer): boolean {
  if (!ABSENT.includes(answer.status)) return false;
  answer.close();
  return true;
}

/** Before a byte of the body is read. */
function requireAnswer(answer: HttpAnswer, type: string, limit: number): void {
  const problem = problemOf(answer, type, limit);
  if (problem === undefined) return;
  answer.close();
  throw problem;
}

function problemOf({ status, headers }: HttpAnswer, type: string, limit: number): OvnError | undefined {
  if (BUSY.includes(status)) return new OvnError('busy', `it answers with status ${status}`);
  if (status !== 200) return new OvnError('io', `it answers with status ${status}`);
  const [given = ''] = (headers['content-type'] ?? '').split(';');
  if (given.trim().toLowerCase() !== type)
    return new OvnError('refused', `it sends ${given.slice(0, 80) || 'no type'} where ${type} was asked for`);
  const length = Number(headers['content-length'] ?? 0);
  return length > limit ? new OvnError('limit', `it announces ${length} bytes`) : undefined;
}
