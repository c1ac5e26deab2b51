import { type ErrorCode, OvnError } from '../../errors.ts';
import { type GatewayEffects, type GatewayRequest, type GatewayResponse, Refusal } from './messages.ts';
import { OWN_PAGE_POLICY, renderMessage } from './own-page.ts';

const MISSING: readonly ErrorCode[] = ['not-found', 'incomplete'];
const UNREADABLE: readonly ErrorCode[] = ['malformed', 'limit', 'damaged'];

const TITLES: Record<number, string> = {
  400: 'Bad request',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  416: 'Range not satisfiable',
  451: 'Withheld',
  500: 'Internal error',
  503: 'Too many requests at once',
};

/** One sentence for whoever asked. What went wrong inside is for whoever runs this, and for nobody else. */
export function explain(
  error: unknown,
  { signal }: GatewayRequest,
  { onDefect }: GatewayEffects,
): GatewayResponse {
  if (error instanceof Refusal) return tell(error.status, error.message, error.headers);
  if (error instanceof OvnError) {
    if (MISSING.includes(error.code)) return tell(404, `Not all of it is here: ${error.message}.`);
    if (error.code === 'withheld') return tell(451, `It is not served: ${error.message}.`);
    if (UNREADABLE.includes(error.code)) return tell(500, `It cannot be shown: ${error.message}.`);
  }
  if (!signal.aborted) onDefect?.(error);
  return tell(500, 'It cannot be shown: something went wrong where it is kept.');
}

/** A page with one sentence. */
export function tell(status: number, message: string, headers: Record<string, string> = {}): GatewayResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': OWN_PAGE_POLICY,
      'cache-control': 'no-store',
      ...headers,
    },
    body: Buffer.from(renderMessage(TITLES[status] ?? 'Error', message)),
  };
}
