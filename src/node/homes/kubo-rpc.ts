import type { createDAG, createPin } from 'kubo-rpc-client';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { readLimited } from '../retrieve/read-limited.ts';
import type { HomeAnswer, HomeClient, HomeQuestion } from './ask-home.ts';
import type { HomeLimits } from './home.ts';
import { readJson, readLines, readReason } from './read-answer.ts';

/** What of Kubo's RPC a home needs. */
export interface KuboRpc {
  dag: Pick<ReturnType<typeof createDAG>, 'import'>;
  pin: Pick<ReturnType<typeof createPin>, 'add' | 'ls' | 'rm'>;
  /** What is missing of a DAG, in Kubo's words; undefined where all of it is there. */
  missing(root: CID, signal: AbortSignal): Promise<string | undefined>;
  quote: HomeClient['quote'];
}

/** Kubo did not do what it was asked for, and said why. */
export class KuboRefusal extends OvnError {
  /** In its words, fit to be shown. */
  readonly said: string;

  constructor(said: string) {
    super('refused', `it says: ${said}`);
    this.said = said;
  }
}

type Transport = Parameters<typeof createPin>[0];
type Answer = Awaited<ReturnType<Transport['post']>>;
type Question = NonNullable<Parameters<Transport['post']>[1]>;

/** Of what it holds itself: without it Kubo would fetch a block from others, from us above all, and call it its own. */
export const OFFLINE = { offline: 'true' };

/** Options of the client that it would put into the query. */
const NOT_ASKED = ['signal', 'headers', 'paths'];

/** Bytes of an answer that is one piece. */
const MAX_ANSWER = 4 * 1024 * 1024;

/**
 * Kubo's RPC in the words of kubo-rpc-client, over connections of ours: its own take answers of any length for any time, follow
 * redirects, and do not see that an answer broke off. Everything throws as {@link HomeClient} does, or a {@link KuboRefusal}.
 */
export async function openKuboRpc(client: HomeClient, limits: HomeLimits): Promise<KuboRpc> {
  const { createDAG, createPin } = await import('kubo-rpc-client');
  const patience: Record<string, number> = { 'dag/import': limits.pin, 'pin/add': limits.pin };
  const transport: Transport = {
    opts: {},
    async post(resource, options = {}) {
      const command = `${resource}`;
      const question = questionOf(command, options);
      return answerOf(await askKubo(client, { ...question, patience: patience[command] ?? limits.answer }));
    },
    fetch: unused,
    get: unused,
    put: unused,
    delete: unused,
    options: unused,
  };
  return {
    dag: createDAG(transport, { getCodec: unused, listCodecs: () => [] }),
    pin: createPin(transport),
    missing: (root, signal) => missing(client, root, { signal, patience: limits.pin }),
    quote: client.quote,
  };
}

/** A command of Kubo's. @throws KuboRefusal; as {@link HomeClient} */
export async function askKubo(client: HomeClient, question: HomeQuestion): Promise<HomeAnswer> {
  const answer = await client.ask(question);
  if (answer.status === 200) return answer;
  const reason = await readReason(answer);
  if (answer.status === 500) throw new KuboRefusal(client.quote(reason));
  throw new OvnError('refused', `it is no RPC of Kubo: it answers with status ${answer.status}`, {
    hint: 'The address of the RPC is such as http://127.0.0.1:5001.',
  });
}

/** A pin, also where it is asked for offline, looks for missing blocks among peers for as long as it may; this does not. */
async function missing(
  client: HomeClient,
  root: CID,
  options: Pick<HomeQuestion, 'signal' | 'patience'>,
): Promise<string | undefined> {
  const query = { arg: `${root}`, progress: 'false', ...OFFLINE };
  try {
    const answer = await askKubo(client, { method: 'POST', path: 'dag/stat', query, ...options });
    answer.close();
  } catch (error) {
    if (isAbsence(error)) return error.said;
    // It counts a single block wrongly, and cannot say so in JSON: the block is there.
    if (!(error instanceof KuboRefusal)) throw error;
  }
  return undefined;
}

/** Whether it says that it does not hold a block. */
export function isAbsence(error: unknown): error is KuboRefusal {
  return error instanceof KuboRefusal && /not found|could not find/.test(error.said);
}

function questionOf(path: string, { searchParams, headers, body, signal }: Question): HomeQuestion {
  const query = new URLSearchParams();
  for (const [name, value] of searchParams ?? []) if (!NOT_ASKED.includes(name)) query.append(name, value);
  return {
    method: 'POST',
    path,
    query,
    headers: Object.fromEntries(new Headers(headers)),
    signal: signal ?? new AbortController().signal,
    isStream: path === 'pin/ls' && !query.has('arg'),
    ...(isStream(body) ? { body: once(body) } : {}),
  };
}

const isStream = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

/** The client gives a body that can be read once. */
function once(body: AsyncIterable<Uint8Array>): () => AsyncIterable<Uint8Array> {
  let isSent = false;
  return () => {
    if (isSent) throw new OvnError('busy', 'it asks for patience');
    isSent = true;
    return body;
  };
}

function answerOf(answer: HomeAnswer): Answer {
  const body = ReadableStream.from<Uint8Array<ArrayBuffer>>(limited(answer));
  const response = new Response(body, { headers: { 'content-type': answer.type } });
  return Object.assign(response, {
    iterator: () => limited(answer),
    ndjson: () => readLines(answer),
    json: () => readJson(answer),
  });
}

async function* limited({ body }: HomeAnswer): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  yield Uint8Array.from(await readLimited(body, MAX_ANSWER));
}

const unused = (): Promise<never> => Promise.reject(new Error('Kubo is asked by POST alone'));
