import { sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { cosignedMessage } from '../../src/log/cosignature.ts';
import { formatVerifierKey, verifierOf } from '../../src/log/verifier.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import type { Repository } from '../../src/repo/repository.ts';
import type { ConfiguredWitness } from '../../src/repo/witness-settings.ts';
import { rawKeyOf } from '../../src/trust/did-key.ts';
import { logIdentity } from '../../src/trust/log-identity.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import { type WitnessEffects, type WitnessedHead, witnessHead } from '../../src/workflows/witness-head.ts';
import { postOverHttp } from '../../src/workflows/witnessing/post-over-http.ts';
import type { KnownLog } from '../peers/witness.ts';
import type { Newsroom } from './newsroom.ts';
import { testSigner } from './signers.ts';

/** The log of a repository, as its witnesses are told of it. */
export function knownLog(dir: string): KnownLog {
  using repository = openRepository(dir);
  return logOf(repository);
}

export function logOf(repository: Repository): KnownLog {
  const mastheads = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
  const { origin, keys } = logIdentity(mastheads.newest.masthead);
  const [key] = keys;
  if (key === undefined) throw new Error('no log key');
  return { origin, vkey: formatVerifierKey(key) };
}

/** Asks the witnesses, as `publish` does when it has published. */
export async function askWitnesses(
  newsroom: Newsroom,
  changes: Partial<WitnessEffects> = {},
): Promise<WitnessedHead> {
  return newsroom.use(async ({ repository, node }) => {
    const { signal } = new AbortController();
    const asked = await witnessHead({
      repository,
      node,
      lock: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
      signal,
      deadlineMs: 20_000,
      post: postOverHttp,
      ...changes,
    });
    if (asked === undefined) throw new Error('nothing is published');
    return asked;
  });
}

/** What a {@link FakeWitness} is asked. */
export interface AskedWitness {
  path: string;
  /** Of the line `old`. */
  old: number;
  /** Hashes of the proof. */
  proof: string[];
  /** The checkpoint's text. */
  text: string;
}

export type FakeReply = { status: number; body?: string; headers?: Record<string, string> } | 'cosign';

/** A witness that answers what a test says, over real HTTP: for answers that a real one cannot be made to give. */
export interface FakeWitness extends AsyncDisposable {
  configured: ConfiguredWitness;
  asked: AskedWitness[];
}

export async function startFakeWitness(
  name: string,
  reply: (asked: AskedWitness, count: number) => FakeReply | Promise<FakeReply>,
): Promise<FakeWitness> {
  const { did, privateKey } = testSigner(`witness ${name}`);
  const verifier = verifierOf(name, rawKeyOf(did), 'cosignature');
  const asked: AskedWitness[] = [];
  const cosign = (text: string): string => {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(1_760_000_000n);
    const signature = sign(null, cosignedMessage(text, 1_760_000_000), privateKey);
    const line = Buffer.concat([Buffer.from(verifier.keyId, 'hex'), stamp, signature]).toString('base64');
    return `— ${name} ${line}\n`;
  };
  const server = createServer(async (request, response) => {
    const question = await read(request);
    asked.push(question);
    const answer = await reply(question, asked.length);
    if (answer === 'cosign') response.end(cosign(question.text));
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    configured: { name, url: `http://127.0.0.1:${port}/`, key: formatVerifierKey(verifier) },
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function read(request: IncomingMessage): Promise<AskedWitness> {
  const [head = '', ...note] = (await buffer(request)).toString('utf8').split('\n\n');
  const [old = '', ...proof] = head.split('\n');
  return { path: request.url ?? '', old: Number(old.replace('old ', '')), proof, text: `${note[0]}\n` };
}
