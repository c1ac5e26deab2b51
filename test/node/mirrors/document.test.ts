import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import {
  DOCUMENT_LIMIT,
  formatDocument,
  type MirrorDocument,
  parseDocument,
} from '../../../src/node/mirrors/document.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { SOME_EDITION, SOME_ID, shown } from '../../helpers/mirror-server.ts';
import { TestName } from '../../helpers/naming.ts';

const name = new TestName();
const document: MirrorDocument = {
  own: SOME_ID,
  multiaddrs: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWDpp7U7W9Q8feMZPPEpPP5FKXTUakLgnVLbavfjb9mzrT'],
  publications: new Map([
    [
      SOME_ID,
      shown({ sequence: 7, name: name.text, record: Uint8Array.of(1, 2, 3), checkpoint: 'a note\n' }),
    ],
  ]),
};

const parseText = (text: string) => parseDocument(Buffer.from(text));
/** The document with one member of it, or of its edition, changed. */
function changed(
  change: (json: { publications: Record<string, Record<string, unknown>> } & Record<string, unknown>) => void,
) {
  const json = JSON.parse(Buffer.from(formatDocument(document)).toString('utf8'));
  change(json);
  return JSON.stringify(json);
}
const withEdition = (members: Record<string, unknown>) =>
  changed(({ publications }) => Object.assign(publications[SOME_ID] ?? {}, members));

describe('what a mirror shows', () => {
  it('is read as it was written', () => {
    expect(parseDocument(formatDocument(document))).toEqual(document);
  });

  it('passes over members that are not known', () => {
    const text = changed((json) => Object.assign(json, { motto: 'yours' }));
    expect(parseText(text)).toEqual(document);
    expect(parseText(withEdition({ colour: 'red' }))).toEqual(document);
    expect(parseText('{"multiaddrs":[],"publications":{"__proto__":{}}}').publications.size).toBe(0);
  });

  it.each([
    ['no JSON', '<html>'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('latin1')],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['no publications', '{"multiaddrs":[]}'],
    [
      'an id that is none',
      changed((json) => Object.assign(json.publications, { paper: json.publications[SOME_ID] })),
    ],
    ['an edition that is a file', withEdition({ edition: SOME_ID })],
    ['a path in place of an edition', withEdition({ edition: `${SOME_EDITION}/x` })],
    ['sequence 0', withEdition({ sequence: 0 })],
    ['a sequence beyond numbers', withEdition({ sequence: 2 ** 53 })],
    ['a name in another form', withEdition({ name: name.name.toString() })],
    ['a record with other characters', withEdition({ record: 'AQID\n' })],
    ['a record that is too long', withEdition({ record: 'A'.repeat(20_000) })],
    ['a category that is no slug', withEdition({ categories: ['../x'] })],
    ['categories without end', withEdition({ categories: Array(10_001).fill('a') })],
    ['addresses without end', changed((json) => Object.assign(json, { multiaddrs: Array(65).fill('/a') }))],
    ['deep nesting', `{"multiaddrs":${'['.repeat(200_000)}`],
  ])('refuses %s', (_, text) => {
    expect.soft(() => parseText(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('refuses more bytes than it reads, before it looks at them', () => {
    const bytes = Buffer.alloc(DOCUMENT_LIMIT + 1, 0x20);
    expect(() => parseDocument(bytes)).toThrow(expect.objectContaining({ code: 'limit' }));
  });

  it('throws nothing but OvnError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          parseText(text);
        } catch (error) {
          expect(error).toBeInstanceOf(OvnError);
        }
      }),
    );
  });

  it('shows as many publications as there is room for, in their order', () => {
    const ids = Array.from({ length: 2000 }, (_, at) => rawCid(Buffer.from(`${at}`)).toString());
    const note = 'x'.repeat(1000);
    const publications = new Map(ids.map((id) => [id, shown({ checkpoint: note })]));
    const bytes = formatDocument({ ...document, publications });
    expect(bytes.length).toBeLessThanOrEqual(DOCUMENT_LIMIT);
    expect(bytes.length).toBeGreaterThan(DOCUMENT_LIMIT - 2000);
    const read = [...parseDocument(bytes).publications.keys()];
    expect(read).toEqual(ids.slice(0, read.length));
  });
});
