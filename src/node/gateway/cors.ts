import type { GatewayResponse } from './messages.ts';

/**
 * What is published is everybody's: scripts of any origin may read it (Path Gateway Specification, CORS). They may not put anything:
 * no other method is allowed, so browsers do not even ask.
 */
export const CORS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Range, User-Agent, X-Requested-With',
  'access-control-expose-headers':
    'Content-Length, Content-Range, X-Chunked-Output, X-Ipfs-Path, X-Ipfs-Roots, X-Stream-Output',
};

/** The answer to a browser that asks what a script of another origin may do. */
export const PREFLIGHT: GatewayResponse = {
  status: 204,
  headers: { ...CORS, allow: 'GET, HEAD, OPTIONS', 'cache-control': 'public, max-age=86400' },
};
