import { encode } from '@ipld/dag-pb';
import fc from 'fast-check';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { canonicalize as ours, parseCanonical as parseOurs } from '../../src/bundle/canonical-json.ts';
import { rawKeyOf as ourKeyOf } from '../../src/trust/did-key.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { dagPbCid, rawCid } from '../../src/unixfs/hash.ts';
import { fromBase58, fromBase64, toBase64, toUtf8 } from '../../src/verify-page/bytes.ts';
import { canonicalize, parseCanonical } from '../../src/verify-page/canonical.ts';
import { binaryCid, cidOf, DAG_PB, isCid, RAW, readCid } from '../../src/verify-page/cid.ts';
import { locate, parseWhat, readFragment, withRoot, writeFragment } from '../../src/verify-page/question.ts';
import { rawKeyOf, verifyProofs } from '../../src/verify-page/signature.ts';
import { readDirectory, readFile } from '../../src/verify-page/unixfs.ts';
import { linkToDirectory, linkToFile } from '../../src/verify-page/unixfs-links.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { testSigner } from '../helpers/signers.ts';
import { questionOf } from './support.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Uint8Array.from(each));

/** Blocks as the page reads them. */
const reading = (blocks: MemoryBlocks) => async (cid: string) => {
  const block = await blocks.read(CID.parse(cid));
  if (block === undefined) throw new Error(`no block ${cid}`);
  return Uint8Array.from(block);
};

describe('CIDs of the page', () => {
  it('are those of everybody', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (block) => {
        expect(await cidOf(RAW, block)).toBe(rawCid(block).toString());
        expect(await cidOf(DAG_PB, block)).toBe(dagPbCid(block).toString());
        expect(binaryCid(rawCid(block).toString())).toEqual(Uint8Array.from(rawCid(block).bytes));
        expect(readCid(dagPbCid(block).bytes)).toBe(dagPbCid(block).toString());
      }),
    );
  });

  it.each([
    '',
    'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n',
    'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zz',
    'BAFKREIGH2AKISCAILDCQABSYG3DFR6CHU3FGPREGIYMSCK7E7AQA4S52ZY',
    'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52z',
  ])('are not %s', (text) => expect(isCid(text)).toBe(false));
});

describe('texts of bytes', () => {
  it('come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (each) => {
        expect(fromBase58(base58btc.encode(each), 64)).toEqual(Uint8Array.from(each));
        expect(fromBase58(base58btc.encode(each), 63)).toBeUndefined();
        expect(fromBase64(toBase64(each))).toEqual(Uint8Array.from(each));
      }),
    );
  });

  it('have one spelling', () => {
    expect(fromBase58('z1', 1)).toEqual(Uint8Array.of(0));
    for (const text of ['z11', 'z', '1', 'z0', '']) expect(fromBase58(text, 1), text).toBeUndefined();
    for (const text of ['AA', 'AB==', 'AA=', ' AA==', '#']) expect(fromBase64(text), text).toBeUndefined();
  });
});

describe('canonical JSON of the page', () => {
  it('is that of the program', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const attempt = (write: (value: unknown) => string) => {
          try {
            return write(value);
          } catch {
            return 'refused';
          }
        };
        // JSON.parse is what every value came from: there is no -0 and nothing that JSON would drop.
        const parsed: unknown = JSON.parse(JSON.stringify(value));
        expect(attempt(() => canonicalize(parsed))).toBe(attempt(() => ours(parsed)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '{ }',
    '[1.0]',
    '[1e3]',
    '[-0]',
    '[0.5]',
    '["\\u0041"]',
    '["\\/"]',
    '[9007199254740993]',
    '["\\ud800"]',
    '{"__proto__":1}',
    '\ufeff{}',
    '{}\n',
    '',
    'nope',
    '[[[[1]]]]',
  ])('refuses %s', (text) => {
    const limits = { limit: 100, maxDepth: 3 };
    expect(() => parseOurs(toUtf8(text), limits)).toThrow();
    expect(() => parseCanonical(toUtf8(text), limits.limit, limits.maxDepth)).toThrow();
  });

  it('keeps to its limits, and does not count brackets in texts', () => {
    expect(parseCanonical(toUtf8('["[[[[\\"[["]'), 100, 1)).toEqual(['[[[["[[']);
    expect(() => parseCanonical(toUtf8('[1,2,3]'), 6, 1)).toThrow('at most 6');
    expect(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22), 100, 1)).toThrow('UTF-8');
    expect(() => parseCanonical(toUtf8('['.repeat(100_000)), 200_000, 8)).toThrow('nested');
  });
});

describe('UnixFS of the page', () => {
  it.each([0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])('names and reads a file of %i bytes', async (length) => {
    const blocks = new MemoryBlocks();
    const content = Uint8Array.from({ length }, (_, at) => at % 251);
    const { cid, size } = await addFile(content, blocks.sink);
    expect(await linkToFile('name', content)).toEqual({ name: 'name', cid: cid.toString(), size });
    expect(Buffer.compare(await readFile(cid.toString(), reading(blocks), length), content)).toBe(0);
    if (length > 0)
      await expect(readFile(cid.toString(), reading(blocks), length - 1)).rejects.toThrow('longer');
  });

  it.each([0, 1, 100, 6000])('names and lists a directory of %i entries', async (length) => {
    const blocks = new MemoryBlocks();
    const link = await addFile(Buffer.from('x'), blocks.sink);
    const entries = Array.from({ length }, (_, at) => ({ name: `an entry with a long name ${at}`, ...link }));
    const { cid, size } = await addDirectory(entries, blocks.sink);
    const listed = await readDirectory(cid.toString(), reading(blocks));
    expect([...listed.keys()].sort()).toEqual(entries.map(({ name }) => name).sort());
    if (length > 1000) return;
    const links = entries.map(({ name }) => ({ name, cid: link.cid.toString(), size: link.size }));
    expect(await linkToDirectory('d', links)).toEqual({ name: 'd', cid: cid.toString(), size });
  });

  it('refuses bytes of strangers with a message', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (block) => {
        const cid = await cidOf(DAG_PB, block);
        const read = async () => block;
        const ended = await Promise.allSettled([readDirectory(cid, read), readFile(cid, read, 1000)]);
        for (const each of ended) if (each.status === 'rejected') expect(each.reason.name).toBe('Refused');
      }),
    );
  });

  it('refuses a file that goes on without end', async () => {
    // A file of one byte whose one part is a file of one byte …
    const endless = encode({
      Data: Uint8Array.of(8, 2, 24, 1, 32, 1),
      Links: [{ Hash: dagPbCid(new Uint8Array(0)), Name: '', Tsize: 1 }],
    });
    const read = async () => Uint8Array.from(endless);
    await expect(readFile(dagPbCid(endless).toString(), read, 1)).rejects.toThrow('nested too deep');
  });
});

describe('signatures of the page', () => {
  const signer = testSigner('page');
  const signed = signDocument({ '@context': ['a'], text: 'x' }, [signer, testSigner('second')]);
  const authorised = new Set([signer.did]);

  it('are checked as by the program', async () => {
    expect(rawKeyOf(signer.did)).toEqual(Uint8Array.from(ourKeyOf(signer.did)));
    expect(await verifyProofs(signed, authorised, undefined)).toEqual(authorised);
    expect(await verifyProofs(signed, new Set(), undefined)).toEqual(new Set());
  });

  it.each<[string, (document: typeof signed) => unknown]>([
    ['another text', (document) => ({ ...document, text: 'y' })],
    ['another context', (document) => ({ ...document, '@context': ['b'] })],
    ['no proof', ({ proof: _, ...document }) => document],
    ['an empty list', (document) => ({ ...document, proof: [] })],
    ['another order', (document) => ({ ...document, proof: document.proof.toReversed() })],
    ['a key twice', (document) => ({ ...document, proof: [document.proof[0], document.proof[0]] })],
    [
      'a member more',
      (document) => ({ ...document, proof: document.proof.map((each) => ({ ...each, created: 'x' })) }),
    ],
    [
      'another purpose',
      (document) => ({ ...document, proof: document.proof.map((each) => ({ ...each, proofPurpose: 'x' })) }),
    ],
    [
      'a signature of another',
      (document) => ({
        ...document,
        proof: document.proof.map((each) => ({ ...each, proofValue: document.proof[0]?.proofValue })),
      }),
    ],
  ])('are refused with %s', async (_, change) => {
    const all = new Set([signer.did, testSigner('second').did]);
    await expect(verifyProofs(change(signed) as never, all, undefined)).rejects.toThrow();
  });

  it('are not by keys of small order or in a second spelling', () => {
    const didOf = (raw: Uint8Array) =>
      `did:key:${base58btc.encode(Buffer.concat([Uint8Array.of(0xed, 1), raw]))}`;
    for (const hex of [
      `01${'00'.repeat(31)}`,
      `ec${'ff'.repeat(30)}7f`,
      `ed${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(31)}`,
      '00'.repeat(32),
    ]) {
      expect(rawKeyOf(didOf(Buffer.from(hex, 'hex'))), hex).toBeUndefined();
    }
  });
});

describe('the question', () => {
  const root = 'bafybeigtvesloep4vzw4xsnthx4ywpfoxgk7hn6hwoy6issr5ofei5dvoq';

  it('comes back from the address of the page', () => {
    const texts = fc.string().map((text) => text.trim());
    fc.assert(
      fc.property(fc.record({ id: texts, what: texts, root: texts, gateway: texts }), (question) => {
        expect(readFragment(writeFragment(question))).toEqual(question);
      }),
    );
  });

  it.each([
    ['', []],
    ['/', []],
    ['2025/07/07/first-light', ['articles', '2025', '07', '07', 'first-light']],
    ['articles/2025/07/07/first-light/', ['articles', '2025', '07', '07', 'first-light']],
    [
      'https://paper.example/sub/articles/2025/07/07/first-light/index.html?x#y',
      ['articles', '2025', '07', '07', 'first-light'],
    ],
    ['categories/science/', ['categories', 'science']],
    ['revisions/2025/07/07/first-light/2', ['revisions', '2025', '07', '07', 'first-light', '2']],
    ['http://x/categories/c/2025/07/07/a', ['categories', 'c', '2025', '07', '07', 'a']],
    ['https://paper.example/', []],
    ['articles/../masthead', undefined],
    ['first-light', undefined],
    ['articles', undefined],
  ])('means by "%s" a path', (text, path) => expect(parseWhat(text)).toEqual(path));

  it('takes the root out of an address', () => {
    for (const before of ['', 'ipfs://', '/ipfs/', 'http://127.0.0.1:8080/ipfs/']) {
      const what = `${before}${root}/articles/2025/07/07/a/`;
      expect(withRoot(questionOf({ what }))).toEqual(questionOf({ root, what: 'articles/2025/07/07/a/' }));
    }
    expect(withRoot(questionOf({ what: `https://${root}.ipfs.dweb.link/` }))).toEqual(questionOf({ root }));
    expect(withRoot(questionOf({ what: 'categories/science' }))).toEqual(
      questionOf({ what: 'categories/science' }),
    );
  });

  it('knows where the page lies', () => {
    const path = { base: 'https://gate.example/base', isSubdomain: false };
    expect(locate(`https://gate.example/base/ipfs/${root}/in/verify.html?x#id=y`)).toEqual({
      folder: `https://gate.example/base/ipfs/${root}/in/`,
      gateway: path,
      root,
      path: ['in'],
    });
    expect(locate(`https://${root}.ipfs.gate.example/verify.html`)).toMatchObject({
      gateway: { base: 'https://gate.example', isSubdomain: true },
      root,
      path: [],
    });
    expect(locate('https://paper.example/news/verify.html')).toMatchObject({
      folder: 'https://paper.example/news/',
      gateway: { base: 'https://paper.example' },
      root: undefined,
    });
    expect(locate('file:///home/reader/verify.html')).toMatchObject({
      folder: 'file:///home/reader/',
      root: undefined,
    });
  });
});
