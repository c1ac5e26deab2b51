import { ANSWER_LIMIT } from '../../log/witness-request.ts';
import { postBytes } from '../../node/post-bytes.ts';
import type { PostCheckpoint } from './ask-witness.ts';

/** For one witness to answer one request, in ms. */
const REQUEST_MS = 10_000;

/** Asks a witness over the network; what it answers is limited in time and size. */
export const postOverHttp: PostCheckpoint = (url, body, signal) =>
  postBytes(url, body, { timeoutMs: REQUEST_MS, limit: ANSWER_LIMIT, signal });
