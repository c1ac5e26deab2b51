import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { OvnError } from '../../errors.ts';
import type { LookUpTxt } from './resolve-name.ts';

/** For one question, in ms, and how often it is asked. */
const TIMEOUT_MS = 2_000;
const TRIES = 2;
/** How long an answer is used, in seconds: the resolver of Node does not say how long it may be. */
const TTL = 60;
/** Answers that are kept. */
const MOST_KEPT = 1024;
/** Texts of one host that are looked at. */
const MOST_TEXTS = 64;
/** What a resolver says of a host without such records. */
const NONE: unknown[] = ['ENOTFOUND', 'ENODATA'];

const ADDRESS = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)|([0-9a-f:]+))(?::(\d{1,5}))?$/i;

type Answer = Awaited<ReturnType<LookUpTxt>>;

/**
 * Looks text records up at one resolver, and nowhere else. Answers are used for a minute.
 *
 * @param address `192.0.2.1`, `192.0.2.1:5353` or `[2001:db8::1]:53`.
 * @throws {OvnError} `usage` for another address; from the function `io` when the resolver does not answer.
 */
export function txtFromDns(address: string): LookUpTxt {
  const server = parseServer(address);
  const kept = new Map<string, { until: number; answer: Answer }>();
  return async (host, { signal }) => {
    const known = kept.get(host);
    if (known !== undefined && known.until > performance.now()) return known.answer;
    const answer = await ask(server, host, signal);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(host, { until: performance.now() + TTL * 1000, answer });
    return answer;
  };
}

async function ask(server: string, host: string, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  // One for each question, because cancelling ends all questions of a resolver.
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  resolver.setServers([server]);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const records = await resolver.resolveTxt(host);
    return { texts: records.slice(0, MOST_TEXTS).map((parts) => parts.join('')), ttl: TTL };
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (NONE.includes(code)) return undefined;
    throw new OvnError('io', `the resolver ${server} has no answer for ${host}: ${code}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function parseServer(text: string): string {
  const [, bracketed, v4, v6, port = '53'] = ADDRESS.exec(text) ?? [];
  const host = bracketed ?? v4 ?? v6 ?? '';
  const kind = isIP(host);
  if (kind === 0 || Number(port) > 65_535 || Number(port) === 0)
    throw new OvnError(
      'usage',
      `--dns ${text}: not the address of a resolver, such as 192.0.2.1 or [::1]:5353`,
    );
  return kind === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
