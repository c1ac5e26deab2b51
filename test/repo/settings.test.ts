import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OvnError } from '../../src/errors.ts';
import { formatVerifierKey, verifierOf } from '../../src/log/verifier.ts';
import { digestSettings, formatSettings, parseSettings, readSettings } from '../../src/repo/settings.ts';
import { rawKeyOf } from '../../src/trust/did-key.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { testSigner } from '../helpers/signers.ts';

const LEAST = { name: 'First Light', tagline: 'Every morning.', language: 'en' };
const WITNESS = { url: 'https://witness.example/', key: keyOf('witness.example') };
const OTHER_WITNESS = { url: 'http://127.0.0.1:7380', key: keyOf('other.example') };
const witnesses = (over: object) =>
  JSON.stringify({ ...LEAST, witnesses: { threshold: 1, list: [WITNESS], ...over } });
const PEER = '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5';
/** Categories that had so many slugs before. */
const formerly = (...counts: number[]) =>
  Object.fromEntries(
    counts.map((count, at) => [
      `now-${at}`,
      { name: `Now ${at}`, formerly: Array.from({ length: count }, (_, n) => `then-${at}-${n}`) },
    ]),
  );
const NETWORK = {
  peers: [PEER],
  gateways: ['https://gateway.example', 'http://127.0.0.1:8080/'],
  routers: ['https://router.example'],
  bootstrap: [PEER],
};
const parse = (value: object) => parseSettings(JSON.stringify(value));

function keyOf(name: string, type: 'ed25519' | 'cosignature' = 'cosignature'): string {
  return formatVerifierKey(verifierOf(name, rawKeyOf(testSigner(name).did), type));
}

function problemOf(text: string): string {
  try {
    parseSettings(text);
  } catch (error) {
    if (error instanceof OvnError && error.code === 'malformed') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseSettings', () => {
  it('fills in the folder of the articles', () => {
    expect(parse(LEAST)).toEqual({ ...LEAST, articles: 'articles' });
  });

  it('reads everything there is', () => {
    const settings = {
      ...LEAST,
      url: 'https://example.org/',
      articles: '../texts',
      mirrors: ['https://mirror.example/ipfs/', '/dns4/example.org/tcp/4001'],
      categories: {
        'defence-security': 'Defence & Security',
        constructor: 'Building',
        science: { name: 'Science', topic: 'medtop:13000000' },
        ferries: { name: 'Ferries', topic: 'medtop:20000001' },
      },
      trust: { belongto: ['https://press.example/'], datatrainingallowed: 'no' },
      witnesses: { threshold: 2, list: [WITNESS, { ...OTHER_WITNESS, name: 'The other one' }] },
      network: NETWORK,
    };
    expect({ ...parse(settings) }).toEqual(settings);
  });

  it.each([
    ['a list of others', [], 'is not an object of peers'],
    ['others of another kind', { mirrors: [] }, 'network'],
    [
      'a peer without its id',
      { peers: ['/ip4/192.0.2.1/tcp/4001'] },
      'is not a multiaddr that ends with /p2p/',
    ],
    ['a gateway that is no address', { gateways: ['gateway.example'] }, 'is not an http or https address'],
    ['a router by another protocol', { routers: ['ftp://x'] }, 'is not an http or https address'],
    ['one in place of a list', { gateways: 'https://gateway.example' }, 'is not a list'],
    ['too many', { peers: Array.from({ length: 65 }, () => PEER) }, 'holds more than 64'],
  ])('refuses %s', (_, network, problem) => {
    expect(problemOf(JSON.stringify({ ...LEAST, network }))).toContain(problem);
  });

  it.each([
    ['not JSON', '{"name": }', 'not JSON'],
    ['a list', '[]', 'not an object'],
    ['a missing name', JSON.stringify({ tagline: '', language: 'en' }), '"name" is missing'],
    ['an empty name', JSON.stringify({ ...LEAST, name: ' ' }), '"name" is empty'],
    ['a name of two lines', JSON.stringify({ ...LEAST, name: 'a\nb' }), '"name" holds a line break'],
    ['a number for a name', JSON.stringify({ ...LEAST, name: 1984 }), '"name" is not a text'],
    ['half a character', '{"name": "\\ud800", "tagline": "", "language": "en"}', 'well-formed'],
    [
      'a language in words',
      JSON.stringify({ ...LEAST, language: 'English' }),
      '"language" is not a language tag',
    ],
    ['a script for a url', JSON.stringify({ ...LEAST, url: 'javascript:alert(1)' }), '"url" is not an http'],
    [
      'a url with a password, which would be published',
      JSON.stringify({ ...LEAST, url: 'https://me:secret@paper.example/' }),
      '"url" has a user or a password in it',
    ],
    [
      'a url with what no address may hold',
      JSON.stringify({ ...LEAST, url: 'https://paper.example/"a' }),
      '"url" is not an http or https address',
    ],
    [
      'a url that no path can follow',
      JSON.stringify({ ...LEAST, url: 'https://paper.example/?page=1' }),
      '"url" has a query or a fragment',
    ],
    [
      'a mirror with a password, which would be published',
      JSON.stringify({ ...LEAST, mirrors: ['https://me:secret@mirror.example'] }),
      '"mirrors.0" has a user or a password in it',
    ],
    ['a mirror without scheme', JSON.stringify({ ...LEAST, mirrors: ['x.org'] }), '"mirrors.0" is neither'],
    [
      'a slug that no name has, such as the one that the page of "index" would collide with',
      JSON.stringify({ ...LEAST, categories: { 'index-': 'Front' } }),
      '"categories" has a slug that is not of a-z, 0-9 and single',
    ],
    [
      'such a former slug',
      JSON.stringify({ ...LEAST, categories: { front: { name: 'Front', formerly: ['index-'] } } }),
      '"categories" has one that is neither',
    ],
    [
      'more former slugs than _redirects has room for',
      JSON.stringify({ ...LEAST, categories: formerly(64, 65) }),
      '"categories" has more than 128 former slugs',
    ],
    [
      'a slug with spaces',
      JSON.stringify({ ...LEAST, categories: { 'a b': 'A' } }),
      '"categories" has a slug',
    ],
    [
      'a slug __proto__',
      '{"name":"a","tagline":"","language":"en","categories":{"__proto__":"x"}}',
      '"categories" has a slug',
    ],
    [
      'a topic of another vocabulary',
      JSON.stringify({ ...LEAST, categories: { a: { name: 'A', topic: 'wd:Q1' } } }),
      '"categories" has one that is neither',
    ],
    [
      'a top-level topic that there is not',
      JSON.stringify({ ...LEAST, categories: { a: { name: 'A', topic: 'medtop:18000000' } } }),
      '"categories" has one that is neither',
    ],
    [
      'a category with more than that',
      JSON.stringify({ ...LEAST, categories: { a: { name: 'A', colour: 'red' } } }),
      '"categories" has one that is neither',
    ],
    [
      'a category with a topic and no name',
      JSON.stringify({ ...LEAST, categories: { a: { topic: 'medtop:13000000' } } }),
      '"categories" has a name',
    ],
    ['a name that is a list', JSON.stringify({ ...LEAST, categories: { a: [] } }), '"categories" has a name'],
    ['a relation that trust.txt has not', JSON.stringify({ ...LEAST, trust: { owner: [] } }), '"trust'],
    [
      'a relation with what is no address',
      JSON.stringify({ ...LEAST, trust: { member: ['a.example'] } }),
      '"trust.member.0" is not an http',
    ],
    [
      'a line break for a relation',
      JSON.stringify({ ...LEAST, trust: { member: ['https://a.example/\ncontrol=https://b.example/'] } }),
      '"trust.member.0" is not an http',
    ],
    ['a text for witnesses', JSON.stringify({ ...LEAST, witnesses: '2' }), '"witnesses" is not an object'],
    [
      'witnesses without a threshold',
      witnesses({ threshold: undefined }),
      '"witnesses.threshold" is missing',
    ],
    ['a threshold of none', witnesses({ threshold: 0 }), '"witnesses.threshold" is below 1'],
    ['half a witness', witnesses({ threshold: 0.5 }), '"witnesses.threshold" is not a whole number'],
    ['a threshold out of reach', witnesses({ threshold: 2 }), 'a threshold of 2 of 1 witnesses'],
    ['no witnesses', witnesses({ list: [] }), '"witnesses.list" names no witness'],
    ['a slip among witnesses', witnesses({ threshhold: 1 }), '"witnesses.threshhold" is not known'],
    [
      'a witness without url',
      witnesses({ list: [{ key: WITNESS.key }] }),
      '"witnesses.list.0.url" is missing',
    ],
    [
      'a member of a witness',
      witnesses({ list: [{ ...WITNESS, pin: 1 }] }),
      '"witnesses.list.0.pin" is not known',
    ],
    ['one witness twice', witnesses({ list: [WITNESS, WITNESS] }), 'one key is there twice'],
    [
      'the key of a log for a witness',
      witnesses({ list: [{ ...WITNESS, key: keyOf('witness.example', 'ed25519') }] }),
      'not that of a witness',
    ],
    ['a key that is none', witnesses({ list: [{ ...WITNESS, key: 'x' }] }), 'is no verifier key'],
    ...[
      'http://witness.example/',
      'http://127.0.0.1.example/',
      'ftp://witness.example/',
      'https://me:secret@witness.example/',
      'https://witness.example/?a',
      'https://witness.example/#a',
      'witness.example',
    ].map((url): [string, string, string] => [
      `the address ${url}`,
      witnesses({ list: [{ ...WITNESS, url }] }),
      '"witnesses.list.0.url" is neither an https address',
    ]),
    ['a slip', JSON.stringify({ ...LEAST, langauge: 'en' }), 'did you mean "language"?'],
    ['constructor', JSON.stringify({ ...LEAST, constructor: 'x' }), '"constructor" is not known'],
    [
      '__proto__',
      '{"name":"a","tagline":"","language":"en","__proto__":{"url":"x"}}',
      '"__proto__" is not known',
    ],
  ])('refuses %s', (_, text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it('names all that is wrong at once', () => {
    const problem = problemOf(JSON.stringify({ name: '', language: 7, colour: 'red' }));
    for (const member of ['name', 'tagline', 'language', 'colour']) expect(problem).toContain(`"${member}"`);
  });

  it('says one thing of a member that is wrong in several ways', () => {
    const said = problemOf(JSON.stringify({ ...LEAST, url: 'http://x y' }));
    expect(said.split('"url"')).toHaveLength(2);
  });

  it('takes as many former slugs as redirects have room for', () => {
    const { categories } = parseSettings(JSON.stringify({ ...LEAST, categories: formerly(64, 64) }));
    expect(Object.keys(categories ?? {})).toEqual(['now-0', 'now-1']);
  });

  it('looks up no category that is not there', () => {
    const { categories } = parse({ ...LEAST, categories: { science: 'Science' } });
    expect(categories?.constructor).toBeUndefined();
    expect(categories?.science).toBe('Science');
  });

  it('takes anything without a fault of its own', () => {
    const member = fc.constantFrom(
      'name',
      'tagline',
      'language',
      'url',
      'articles',
      'mirrors',
      'categories',
      'witnesses',
      '__proto__',
    );
    const document = fc.array(fc.tuple(member, fc.json())).map((members) => {
      return `{${members.map(([key, json]) => `"${key}": ${json}`).join(',')}}`;
    });
    fc.assert(
      fc.property(document, (text) => {
        try {
          parseSettings(text);
        } catch (error) {
          expect(error).toBeInstanceOf(OvnError);
        }
      }),
    );
  });
});

describe('formatSettings and digestSettings', () => {
  it('writes what is read back', () => {
    const settings = parse({ ...LEAST, url: 'https://example.org/', categories: { science: 'Science' } });
    expect(parseSettings(formatSettings(settings))).toEqual(settings);
  });

  it('digests what is said, not how', () => {
    const digest = digestSettings(parse({ ...LEAST, categories: { a: 'A', b: 'B' } }));
    const reordered = { categories: { b: 'B', a: 'A' }, articles: 'articles', ...LEAST };
    expect(digestSettings(parse(reordered))).toBe(digest);
    expect(digestSettings(parse({ ...reordered, tagline: 'Every evening.' }))).not.toBe(digest);
    expect(digestSettings(parse({ ...reordered, witnesses: { threshold: 1, list: [WITNESS] } }))).not.toBe(
      digest,
    );
    const trust = { datatrainingallowed: 'no' };
    expect(digestSettings(parse({ ...LEAST, trust, categories: { a: 'A', b: 'B' } }))).not.toBe(digest);
    const topical = (topic: string) =>
      digestSettings(parse({ ...LEAST, categories: { a: { name: 'A', topic }, b: 'B' } }));
    expect(topical('medtop:13000000')).not.toBe(digest);
    expect(topical('medtop:13000000')).not.toBe(topical('medtop:14000000'));
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('readSettings', () => {
  it('says when there is none', () => {
    expect(() => readSettings(`${temporaryFolder()}/ovn.json`)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});
