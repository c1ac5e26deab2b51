import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type GatewayServer, listen } from '../../../src/node/gateway/server.ts';
import { askMirror, tellMirror } from '../../../src/node/mirrors/ask-mirror.ts';
import { WELL_KNOWN } from '../../../src/node/mirrors/document.ts';
import { openNode } from '../../../src/node/node.ts';
import { openHttp } from '../../../src/node/retrieve/http-client.ts';
import { loadKey } from '../../../src/repo/keyring.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import type { Repository } from '../../../src/repo/repository.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { gatewayEffects } from '../../../src/workflows/serving/gateway-effects.ts';
import { SOME_EDITION } from '../../helpers/mirror-server.ts';
import { TestName } from '../../helpers/naming.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const { signal } = new AbortController();
const client = openHttp();
const PEER = '/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWDpp7U7W9Q8feMZPPEpPP5FKXTUakLgnVLbavfjb9mzrT';
const OTHER = rawCid(Buffer.from('the paper of another')).toString();
const choice = { categories: ['sport'], maxBytes: null, since: null, keep: 1 };
const held = { parts: [], blocks: [], bytes: 0, whole: false, left: { articles: 0, bytes: 0, why: [] } };
const INSTANT = '2026-01-10T12:00:00Z';

interface Serving {
  url: URL;
  server: GatewayServer;
  repository: Repository;
  edition: string;
  holder: TestName;
  looks: string[];
  denied: Set<string>;
}

/** A paper that follows another one, of which an edition is said to be held. */
async function serve(): Promise<Serving> {
  const room = await Newsroom.open();
  room.write('articles/a.md', source());
  const { edition } = await room.publish();
  const repository = openRepository(room.dir);
  const node = await openNode(repository);
  const looks: string[] = [];
  const denied = new Set<string>();
  const allows = (cid: { toString(): string }) => !denied.has(cid.toString());
  const effects = gatewayEffects({
    repository,
    read: node.read,
    served: { allows, refusal: () => undefined, refusesPath: () => undefined, catchUp: () => undefined },
    view: { edition: () => repository.head()?.edition, followed: () => new Map() },
    gatewayHosts: [],
    onDefect: (error) => expect.unreachable(String(error)),
    routers: [],
    lookUpTxt: undefined,
    any: false,
    now: () => NOW,
    multiaddrs: () => [PEER],
    look: (publication) => looks.push(publication) === 1,
  });
  const server = await listen({ host: '127.0.0.1', port: 0 }, effects);
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await node.stop();
    repository.close();
  });
  const holder = new TestName((await loadKey(join(room.dir, '.ovn/keys'), 'name')).privateKey);
  return { url: new URL(server.url), server, repository, edition, holder, looks, denied };
}

function follow(repository: Repository, publication: string, name: string | null, sequence: number): void {
  const { followed } = repository;
  followed.add({ publication, target: publication, name, places: [], choice, added: INSTANT });
  const dates = { issued: INSTANT, expires: INSTANT, at: INSTANT };
  const edition = { edition: SOME_EDITION, manifest: OTHER, sequence, logSize: 1 };
  followed.move(publication, { ...edition, ...dates, name, mirrors: [], held, heldBy: choice });
}

const ask = (url: URL, about?: string) => askMirror(url, about, { client, signal });

describe('what serve shows to whoever looks for a publication', () => {
  it('the own edition with record and checkpoint, and what is followed; at once after a change', async () => {
    const { url, repository, edition, holder, denied } = await serve();
    const own = repository.publicationId;
    const before = await ask(url);
    expect(before).toMatchObject({ own, multiaddrs: [PEER] });
    expect(before.publications.get(own)).toMatchObject({
      edition,
      sequence: 1,
      name: holder.text,
      record: null,
    });
    expect(before.publications.get(own)?.checkpoint).toMatch(/^\S+\n\d+\n/);

    const record = await holder.record(3, `/ipfs/${edition}`);
    repository.names.putOwn(record);
    const theirs = new TestName();
    const expired = await theirs.record(9, `/ipfs/${SOME_EDITION}`, { lifetime: 1 });
    repository.names.put(expired);
    follow(repository, OTHER, theirs.text, 4);
    const after = await ask(url);
    expect([...after.publications.keys()]).toEqual([own, OTHER]);
    expect(after.publications.get(own)?.record).toEqual(record.bytes);
    const entry = after.publications.get(OTHER);
    expect(entry).toEqual({
      edition: SOME_EDITION,
      sequence: 4,
      name: theirs.text,
      record: expired.bytes,
      checkpoint: null,
      whole: false,
      categories: ['sport'],
    });
    for (const about of [OTHER, theirs.text])
      expect([...(await ask(url, about)).publications]).toEqual([[OTHER, entry]]);
    expect((await ask(url, rawCid(Buffer.from('nobody')).toString())).publications.size).toBe(0);
    denied.add(SOME_EDITION);
    expect([...(await ask(url, OTHER)).publications]).toEqual([]);
  });

  it('of more publications than there is room for, each by its id', async () => {
    const { url, repository } = await serve();
    const ids = Array.from({ length: 5000 }, (_, at) => rawCid(Buffer.from(`paper ${at}`)).toString());
    repository.transaction(() => {
      for (const id of ids) follow(repository, id, null, 1);
    });
    const begun = performance.now();
    const [shown] = await Promise.all(Array.from({ length: 4 }, () => ask(url)));
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(shown?.publications.size).toBeGreaterThan(2000);
    expect(shown?.publications.size).toBeLessThan(5000);
    const last = ids.toSorted().at(-1) ?? '';
    expect((await ask(url, last)).publications.get(last)).toMatchObject({ edition: SOME_EDITION });
  });

  it('hands on that there may be something new, and says whether it is looked for', async () => {
    const { url, repository, looks } = await serve();
    const tell = (id: string) => tellMirror(url, id, { signal });
    expect(await tell(OTHER)).toBe(true);
    expect(await tell(repository.publicationId)).toBe(false);
    expect(looks).toEqual([OTHER, repository.publicationId]);
  });

  it('refuses what is no question, and no word of something new', async () => {
    const { url } = await serve();
    const post = (body: string, type = 'application/json') => {
      return { method: 'POST', body, headers: { 'content-type': type } };
    };
    const asked: [string, number, RequestInit, string?][] = [
      ['another method', 405, { method: 'DELETE' }],
      ['no JSON', 415, post('x=1', 'text/plain')],
      ['a broken body', 400, post('{"publication":')],
      ['a name in place of an id', 400, post('{"publication":"paper"}')],
      ['a list', 400, post('[]')],
      ['more than is read', 413, post(' '.repeat(2000))],
      ['a question about nothing', 400, {}, '?publication=../x'],
    ];
    for (const [what, status, request, query = ''] of asked) {
      const response = await fetch(new URL(WELL_KNOWN + query, url), request);
      expect.soft([what, response.status]).toEqual([what, status]);
    }
  });

  it('answers HEAD, and preflights without allowing to post', async () => {
    const { url } = await serve();
    const address = new URL(WELL_KNOWN, url);
    const head = await fetch(address, { method: 'HEAD' });
    expect([head.status, head.headers.get('cache-control'), await head.text()]).toEqual([
      200,
      'no-store',
      '',
    ]);
    const asked = await fetch(address, { method: 'OPTIONS' });
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
    expect((await fetch(new URL(`${WELL_KNOWN}/x`, url))).status).toBe(404);
  });

  it('reads no more of an endless POST than it may have, and closes the connection', async () => {
    const { url } = await serve();
    const socket = connect(Number(url.port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST ${WELL_KNOWN} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    const pour = setInterval(() => socket.write(`400\r\n${' '.repeat(1024)}\r\n`), 5);
    await once(socket, 'close');
    clearInterval(pour);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });
});
