import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { ENTRY_FORMAT, encodeEntry, type LogEntry, parseEntry, REVISION_KINDS } from '../../src/log/entry.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { flipped } from '../helpers/flipped.ts';
import { bytesOf, refusalOf } from './support.ts';

const RAW = rawCid(bytesOf('a document')).toString();
const BUNDLE = 'bafybeigtvesloep4vzw4xsnthx4ywpfoxgk7hn6hwoy6issr5ofei5dvoq';
const TIME = '2025-07-07T10:00:00Z';

const MASTHEAD: LogEntry = { format: ENTRY_FORMAT, kind: 'masthead', version: 1, cid: RAW, time: TIME };
const EDITION: LogEntry = { format: ENTRY_FORMAT, kind: 'edition', sequence: 3, cid: RAW };
const PUBLISH: LogEntry = {
  format: ENTRY_FORMAT,
  kind: 'publish',
  article: '2025/07/07/first-light',
  revision: 1,
  cid: BUNDLE,
  time: TIME,
};
const RETRACTION: LogEntry = { ...PUBLISH, kind: 'retraction', revision: 4, withheld: [1, 3] };

const refusalWith = (entry: LogEntry, change: object) =>
  refusalOf(() => parseEntry(canonicalBytes({ ...entry, ...change })));

describe('an entry of the log', () => {
  it('is canonical JSON that says what it is', () => {
    expect(Buffer.from(encodeEntry(PUBLISH)).toString()).toBe(
      '{"article":"2025/07/07/first-light",' +
        `"cid":"${BUNDLE}","format":"ovn-log-entry/1","kind":"publish","revision":1,"time":"2025-07-07T10:00:00Z"}`,
    );
    expect(Buffer.from(encodeEntry(EDITION)).toString()).toBe(
      `{"cid":"${RAW}","format":"ovn-log-entry/1","kind":"edition","sequence":3}`,
    );
  });

  it('is read back, of every kind', () => {
    const revisions = REVISION_KINDS.map((kind) => ({
      ...PUBLISH,
      kind,
      revision: kind === 'publish' ? 1 : 2,
    }));
    for (const entry of [MASTHEAD, EDITION, RETRACTION, ...revisions]) {
      expect(parseEntry(encodeEntry(entry))).toEqual(entry);
    }
  });

  it('with a changed bit is another entry or none', () => {
    const bytes = encodeEntry(RETRACTION);
    for (let at = 0; at < bytes.length; at++) {
      const refusal = refusalOf(() => {
        expect(parseEntry(flipped(bytes, at, at % 8))).not.toEqual(RETRACTION);
      });
      expect(refusal).toMatch(/^(malformed: |limit: |nothing thrown)/);
    }
  });

  it.each([
    ['no format', PUBLISH, { format: 'ovn-article/1' }],
    ['an unknown kind', PUBLISH, { kind: 'deletion' }],
    ['a member that is not known', PUBLISH, { note: 'x' }],
    ['a member named constructor', PUBLISH, { constructor: 1 }],
    ['a first revision that is no publication', PUBLISH, { kind: 'update' }],
    ['a publication that is no first revision', PUBLISH, { revision: 2 }],
    ['revision 0', PUBLISH, { revision: 0 }],
    ['an article id with a way out', PUBLISH, { article: '2025/07/07/../x' }],
    ['an article id with a line feed', PUBLISH, { article: '2025/07/07/x\n' }],
    ['a raw CID of a bundle', PUBLISH, { cid: RAW }],
    ['a CID of a bundle in a masthead', MASTHEAD, { cid: BUNDLE }],
    ['a CID with spare bits', EDITION, { cid: `${RAW.slice(0, -1)}${RAW.endsWith('a') ? 'b' : 'z'}` }],
    ['a CID of another length', EDITION, { cid: `bafkreic${RAW.slice(8, -1)}` }],
    ['a CID in capitals', EDITION, { cid: RAW.toUpperCase() }],
    ['a day that is none', PUBLISH, { time: '2025-02-30T10:00:00Z' }],
    ['a part of a second', PUBLISH, { time: '2025-07-07T10:00:00.000Z' }],
    ['another zone', PUBLISH, { time: '2025-07-07T10:00:00+00:00' }],
    ['a time of an edition', EDITION, { time: TIME }],
    ['sequence 0', EDITION, { sequence: 0 }],
    ['a version that is text', MASTHEAD, { version: '1' }],
    ['withheld revisions of an update', RETRACTION, { kind: 'update' }],
    ['nothing withheld', RETRACTION, { withheld: [] }],
    ['the retraction itself withheld', RETRACTION, { withheld: [4] }],
    ['a later revision withheld', RETRACTION, { withheld: [1, 5] }],
    ['withheld revisions out of order', RETRACTION, { withheld: [3, 1] }],
    ['a withheld revision twice', RETRACTION, { withheld: [1, 1] }],
  ])('is refused with %s', (_, entry, change) => {
    expect(refusalWith(entry, {})).toBe('nothing thrown');
    expect(refusalWith(entry, change)).toMatch(/^malformed: log entry: /);
  });

  it.each(['time', 'cid', 'format', 'kind', 'article', 'revision'])('is refused without %s', (name) => {
    const entries = Object.entries(PUBLISH).filter(([member]) => member !== name);
    expect(refusalOf(() => parseEntry(canonicalBytes(Object.fromEntries(entries))))).toMatch(/^malformed: /);
  });

  it('is refused when it is not canonical, too large or too deep', () => {
    expect(refusalOf(() => parseEntry(Buffer.concat([encodeEntry(PUBLISH), bytesOf('\n')])))).toMatch(
      /^malformed: /,
    );
    expect(refusalOf(() => parseEntry(new Uint8Array(65_536)))).toMatch(/^limit: /);
    expect(refusalWith(PUBLISH, { note: [[]] })).toMatch(/^limit: /);
  });
});
