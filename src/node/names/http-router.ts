import { OvnError } from '../../errors.ts';
import { askOverHttp, type HttpAnswer } from '../post-bytes.ts';
import { formatName, type Name } from './name.ts';
import type { NameRouter } from './name-router.ts';
import { RECORD_LIMIT } from './record.ts';

/** Media type of a record (IPNS record specification). */
export const RECORD_TYPE = 'application/vnd.ipfs.ipns-record';
/** For one request as a whole. */
const TIMEOUT_MS = 10_000;
/** Characters of a router's complaint that are passed on. */
const LONGEST_COMPLAINT = 200;

/**
 * A router over HTTP (Delegated Routing V1): `GET` and `PUT <url>/routing/v1/ipns/<name>`. Redirects are not followed.
 *
 * @throws {OvnError} `usage` for what is no http or https address.
 */
export function httpRouter(url: string): NameRouter {
  const base = parseBase(url);
  const addressOf = (name: Name) => `${base}/routing/v1/ipns/${formatName(name)}`;
  return {
    id: base,
    async get(name, { signal }) {
      const question = { method: 'GET', headers: { accept: RECORD_TYPE } } as const;
      const answer = await askOverHttp(addressOf(name), question, limits(signal));
      if (answer.status === 404 || isNoRecord(answer)) return undefined;
      if (answer.status === 200) return answer.body;
      throw complaint(answer);
    },
    async put(name, bytes, { signal }) {
      const question = { method: 'PUT', headers: { 'content-type': RECORD_TYPE }, body: bytes } as const;
      const answer = await askOverHttp(addressOf(name), question, limits(signal));
      if (answer.status < 200 || answer.status > 299) throw complaint(answer);
    },
  };
}

function parseBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && url.search === '' && url.hash === '' && url.username === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new OvnError('usage', `${text} is no http or https address of a router`);
}

function limits(signal: AbortSignal) {
  return { timeoutMs: TIMEOUT_MS, limit: RECORD_LIMIT, signal };
}

/** Some routers say in words that they have none, with status 200. */
function isNoRecord({ status, type }: HttpAnswer): boolean {
  return status === 200 && type?.startsWith('text/plain') === true;
}

function complaint({ status, body }: HttpAnswer): OvnError {
  const [line = ''] = Buffer.from(body).toString('utf8').trim().split('\n');
  const words = line.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_COMPLAINT);
  return new OvnError('io', `it answers with status ${status}${words === '' ? '' : `: ${words}`}`);
}
