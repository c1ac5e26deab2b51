import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import { encodeHeader } from '../../../src/node/car-header.ts';
import { rawBlock } from '../../helpers/blocks.ts';
import { flipped } from '../../helpers/flipped.ts';
import {
  type Answer,
  type Asked,
  blockSection,
  carSection,
  honest,
  respond,
  startHostile,
  TYPES,
} from '../../helpers/hostile-gateway.ts';
import {
  carOf,
  gateways,
  gatewaysWithin,
  MemoryStore,
  makeDag,
  retrieve,
  SHORT,
  SHORT_HTTP,
  type SmallDag,
} from './support.ts';

const TB = 1024 ** 4;

let dag: SmallDag;
let good: (asked: Asked) => Uint8Array;

beforeAll(async () => {
  dag = await makeDag();
  const car = carOf(dag.root, dag.list);
  good = honest(dag.blocks, (root) => (root.equals(dag.root) ? car : undefined));
});

/** The answer to CARs; whoever sends it has no single blocks. */
function onlyCar(car: () => Uint8Array): Answer {
  return ({ format }) =>
    format === 'car' ? respond(200, car(), { 'content-type': TYPES['car'] ?? '' }) : respond(404, '');
}

/** The same answer to whatever is asked for. */
function always(answer: (asked: Asked) => Uint8Array): Answer {
  return (asked) => answer(asked);
}

/** Writes the front, then the same bytes for as long as anybody takes them. */
function endlessly(front: string, piece: string): Answer {
  return (_, socket) => {
    socket.write(front);
    pour(socket, piece);
    return undefined;
  };
}

function pour(socket: Socket, piece: string): void {
  while (!socket.destroyed)
    if (!socket.write(piece)) return void socket.once('drain', () => pour(socket, piece));
}

/** Refused for what is sent. */
const LIES: [string, () => Answer, RegExp][] = [
  [
    'altered blocks',
    () => (asked) =>
      asked.format === 'car'
        ? respond(
            200,
            carOf(
              dag.root,
              dag.list.map(({ cid, bytes }) => ({ cid, bytes: flipped(bytes, 9, 0) })),
            ),
            {
              'content-type': TYPES['car'] ?? '',
            },
          )
        : respond(
            200,
            flipped(dag.blocks.blocks.get(asked.cid.toString())?.bytes ?? Buffer.from('x'), 0, 0),
            {
              'content-type': TYPES['raw'] ?? '',
            },
          ),
    /does not match its CID|do not match the CID/,
  ],
  [
    'children before their parents',
    () => onlyCar(() => carOf(dag.root, dag.list.toReversed())),
    /not in order/,
  ],
  [
    'blocks that nobody asked for',
    () =>
      onlyCar(() => carOf(dag.root, [...dag.list.slice(0, 2), rawBlock('another'), ...dag.list.slice(2)])),
    /nobody asked for/,
  ],
  [
    'the same block for ever',
    () =>
      onlyCar(() =>
        Buffer.concat([
          carOf(dag.root, dag.list.slice(0, 1)),
          ...Array.from({ length: 60_000 }, () => blockSection(dag.list[0] as (typeof dag.list)[0])),
        ]),
      ),
    /repeats itself/,
  ],
  [
    'a CAR without its leaves',
    () => onlyCar(() => carOf(dag.root, dag.list.slice(0, -2))),
    /ends before|does not have/,
  ],
  ['a CAR without its root', () => onlyCar(() => carOf(dag.root, dag.list.slice(1))), /not in order/],
  ['an empty CAR', () => onlyCar(() => carOf(dag.root, [])), /does not hold it|does not have/],
  [
    'a block of 1 TB in a varint',
    () =>
      onlyCar(() => Buffer.concat([carSection(encodeHeader([dag.root])), carSection(Buffer.from('x'), TB)])),
    /1099511627776 bytes/,
  ],
  [
    'a header of 1 TB in a varint',
    () => onlyCar(() => carSection(Buffer.from('x'), TB)),
    /1099511627776 bytes/,
  ],
  [
    'a varint without end',
    () => onlyCar(() => Buffer.concat([carSection(encodeHeader([dag.root])), Buffer.alloc(64, 0xff)])),
    /varint/,
  ],
  [
    'a body of 1 TB by its length',
    () => (asked) =>
      respond(200, 'x', { 'content-type': TYPES[asked.format] ?? '', 'content-length': String(TB) }),
    /announces 1099511627776 bytes/,
  ],
  [
    'a length that is too long',
    () => (asked) =>
      Buffer.from(
        Buffer.from(good(asked))
          .toString('latin1')
          .replace(/content-length: (\d+)/, 'content-length: 1$1'),
        'latin1',
      ).subarray(0, 400),
    /breaks off/,
  ],
  [
    'a length that is too short',
    () => (asked) =>
      Buffer.from(
        Buffer.from(good(asked))
          .toString('latin1')
          .replace(/content-length: \d+/, 'content-length: 70'),
        'latin1',
      ),
    /breaks off|do not match|does not match/,
  ],
  [
    'a header without end',
    () => endlessly('HTTP/1.1 200 OK\r\n', 'x-more: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'),
    /header is too long/,
  ],
  ['interim answers without end', () => endlessly('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), /interim answers/],
  [
    'a body without end',
    () => (asked, socket) => {
      const head = `HTTP/1.1 200 OK\r\ncontent-type: ${TYPES[asked.format]}\r\n\r\n`;
      return endlessly(head, '\u0000'.repeat(16_384))(asked, socket);
    },
    /more than|no CAR header|varint|no CID/,
  ],
  [
    'a redirect to itself',
    () =>
      ({ cid, format }) =>
        respond(302, '', { location: `/ipfs/${cid}?format=${format}` }),
    /redirects more than/,
  ],
  [
    'a redirect elsewhere',
    () => always(() => respond(302, '', { location: 'http://127.0.0.2:9/' })),
    /redirects elsewhere/,
  ],
  ['a redirect to nowhere', () => always(() => respond(302, '')), /redirects to no address/],
  [
    'a compressed body',
    () => (asked) =>
      respond(200, gzipSync(Buffer.alloc(10_000_000)), {
        'content-type': TYPES[asked.format] ?? '',
        'content-encoding': 'gzip',
      }),
    /compressed/,
  ],
  [
    'a page in place of blocks',
    () => always(() => respond(200, '<html>', { 'content-type': 'text/html' })),
    /text\/html/,
  ],
  ['status 500', () => always(() => respond(500, '')), /status 500/],
  ['what is no HTTP', () => () => 'SSH-2.0-nonsense\r\n', /does not speak HTTP/],
  ['a connection that closes', () => (_, socket) => void socket.destroy(), /breaks off/],
];

/** Given up after it was waited for. */
const DELAYS: typeof LIES = [['status 429', () => always(() => respond(429, '')), /status 429/]];

/** Given up because nothing comes. */
const SILENCES: typeof LIES = [
  ['no answer', () => () => undefined, /no answer in/],
  [
    'a header and nothing after it',
    () => (asked, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${TYPES[asked.format]}\r\ncontent-length: 500\r\n\r\n`);
      return undefined;
    },
    /stalls|no block in/,
  ],
  [
    'a byte now and then',
    () => (asked, socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: ${TYPES[asked.format]}\r\ncontent-length: 50000\r\n\r\n`,
      );
      const timer = setInterval(() => socket.write('x'), SHORT_HTTP.stall / 4);
      socket.on('close', () => clearInterval(timer));
      return undefined;
    },
    /stalls|no block in|varint/,
  ],
];

/** Long after a request has given up, so that its own reason is told also where the machine is busy. */
const PATIENT = { patience: 3000, block: 3000 };

/** What becomes of a fetch from it alone. */
async function fetchFrom(answer: Answer, isShort: boolean) {
  await using gateway = await startHostile(answer);
  const store = new MemoryStore();
  const sources = isShort ? gatewaysWithin(SHORT_HTTP, gateway.url) : gateways(gateway.url);
  const error = await retrieve(dag.root, sources, store, isShort ? PATIENT : {}).catch((thrown) => thrown);
  return { error, store, url: gateway.url };
}

type Group = readonly [name: string, cases: typeof LIES, isShort: boolean];

function tellOf(cases: typeof LIES, isShort: boolean): void {
  it.each(cases)('%s is given up and named, and nothing but true blocks is kept', async (_, answer, said) => {
    const begun = performance.now();
    const { error, store, url } = await fetchFrom(answer(), isShort);
    expect(performance.now() - begun).toBeLessThan(14_000);
    expect(error).toBeInstanceOf(OvnError);
    expect(['not-found', 'incomplete']).toContain(error.code);
    expect(error.message).toContain(url);
    expect(error.message).toMatch(said);
    for (const { cid } of store.held.values()) expect(dag.blocks.blocks.has(cid.toString())).toBe(true);
    expect(store.held.size).toBeLessThan(dag.list.length);
  });

  it.each(cases)('%s does not keep a good one from giving all', async (_, answer) => {
    await using hostile = await startHostile(answer());
    await using honestOne = await startHostile(good);
    const store = new MemoryStore();
    const report = await retrieve(dag.root, gateways(hostile.url, honestOne.url), store);
    expect(store.held.size).toBe(dag.list.length);
    expect(report.blocks).toBe(dag.list.length);
  });
}

// Busy ones one after the other: beside each other they would take each other's time.
describe.each<Group>([['sends', LIES, false]])('a gateway that %s', (_, cases, isShort) =>
  tellOf(cases, isShort),
);

// Each waits for its own gateway all the time: they wait together.
describe.concurrent.each<Group>([
  ['asks for patience:', DELAYS, false],
  ['is silent:', SILENCES, true],
])('a gateway that %s', (_, cases, isShort) => tellOf(cases, isShort));

describe('a gateway that stalls', () => {
  it('at any byte of a CAR or a block is left after its time, and a good one gives the rest', async () => {
    const whole = good({ cid: dag.root, format: 'car' });
    const offsets = fc.array(fc.integer({ min: 0, max: whole.length - 1 }), { minLength: 8, maxLength: 8 });
    const stallAt = async (offset: number): Promise<void> => {
      await using stalling = await startHostile((asked, socket) => {
        const answer = good(asked);
        socket.write(answer.subarray(0, offset % answer.length));
        return undefined;
      });
      const store = new MemoryStore();
      const sources = gatewaysWithin(SHORT_HTTP, stalling.url);
      const error = await retrieve(dag.root, sources, store, SHORT).catch((thrown) => thrown);
      expect(error, `at ${offset}`).toBeInstanceOf(OvnError);
      expect(error.message).toMatch(/stalls|no answer|no new block|no block in/);
      await using honestOne = await startHostile(good);
      await retrieve(dag.root, gateways(stalling.url, honestOne.url), store);
      expect(store.held.size, `at ${offset}`).toBe(dag.list.length);
    };
    // All of one run at a time: each waits for its gateway.
    const property = fc.asyncProperty(offsets, async (each) => void (await Promise.all(each.map(stallAt))));
    await fc.assert(property, { numRuns: 1 });
  });
});
