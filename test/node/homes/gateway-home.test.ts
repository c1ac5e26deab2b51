import { CID } from 'multiformats/cid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HOME_LIMITS, type Home } from '../../../src/node/homes/home.ts';
import { openHome } from '../../../src/node/homes/open-home.ts';
import { rawBlock } from '../../helpers/blocks.ts';
import {
  type MirrorAnswer,
  SOME_EDITION,
  SOME_ID,
  showing,
  shown,
  silent,
  startMirror,
} from '../../helpers/mirror-server.ts';

const BLOCK = rawBlock('a block');
const EDITION = CID.parse(SOME_EDITION);
/** Another edition. */
const BLOCK_ROOT = 'bafybeibwzifw52ttrkqlikfzext5akxu7lz4xiwjgwzmqcpdzmp3n5vnbe';
const QUICK = { ...HOME_LIMITS, answer: 300, pin: 300, poll: 2, maxPoll: 5 };
const signal = new AbortController().signal;

async function gateway(answer: MirrorAnswer): Promise<{ home: Home; asked: string[] }> {
  const server = await startMirror(answer);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return {
    home: await openHome({ name: 'gate', kind: 'gateway', url: server.url }, {}, QUICK),
    asked: server.asked,
  };
}

function push(home: Home, root = EDITION) {
  const car = async function* () {};
  return home.push(root, { name: 'n', car, have: [], origins: [], publication: SOME_ID, signal });
}

describe('a gateway', () => {
  it('is told, and is waited for until it shows the edition whole', async () => {
    const before = showing({ publications: new Map([[SOME_ID, shown({ edition: BLOCK_ROOT })]]) });
    const after = showing({ publications: new Map([[SOME_ID, shown()]]) });
    let looks = 0;
    const { home, asked } = await gateway((request, response) => {
      if (request.method === 'POST') response.writeHead(202).end('{"looking":true}');
      else if (request.url?.startsWith('/ipfs/')) response.writeHead(404).end();
      else (++looks > 2 ? after : before)(request, response);
    });
    expect(await push(home)).toEqual({ cid: SOME_EDITION, state: 'pinned' });
    expect(asked[0]).toBe('POST /.well-known/openvoicenews');
    expect(looks).toBe(3);
    expect(await Array.fromAsync(home.list({ signal }))).toEqual([{ cid: SOME_EDITION, state: 'pinned' }]);
  });

  it('holds nothing for sure that it holds in part, or only gives', async () => {
    const part = showing({ publications: new Map([[SOME_ID, shown({ whole: false })]]) });
    expect(await push((await gateway(part)).home)).toMatchObject({
      state: 'unknown',
      detail: 'it holds a part of it',
    });
    const { home } = await gateway((request, response) => {
      if (!request.url?.startsWith(`/ipfs/${BLOCK.cid}`)) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end(BLOCK.bytes);
    });
    expect(await push(home, BLOCK.cid)).toMatchObject({ state: 'unknown' });
    expect(await push(home)).toEqual({ cid: SOME_EDITION, state: 'absent' });
    const read = await home.reader?.block(BLOCK.cid, { signal });
    expect(read !== undefined && Buffer.compare(read, BLOCK.bytes)).toBe(0);
  });

  it('is no home where it is the server of the paper itself', async () => {
    const itself = showing({ own: SOME_ID, publications: new Map([[SOME_ID, shown()]]) });
    expect(await push((await gateway(itself)).home)).toEqual({
      cid: SOME_EDITION,
      state: 'failed',
      detail: 'it is the server of this paper itself',
    });
  });

  it('is not waited for where it follows others alone, or does not answer', async () => {
    const others = showing({
      publications: new Map([
        ['bafkreif7yjnzr6xvtqxmyzyzsyykjsdvzjsqaoycnz5fv4cgwkd3snzypq', shown({ edition: BLOCK_ROOT })],
      ]),
    });
    expect(await push((await gateway(others)).home)).toMatchObject({
      state: 'absent',
      detail: 'it does not follow this publication',
    });
    await expect(push((await gateway(silent)).home)).rejects.toMatchObject({ code: 'io' });
  });

  it('takes no credentials', async () => {
    const config = { name: 'gate', kind: 'gateway', url: 'https://gate.example' } as const;
    await expect(openHome(config, { token: 'x' })).rejects.toMatchObject({ code: 'usage' });
  });
});
