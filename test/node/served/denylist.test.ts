import { hash } from 'node:crypto';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { describe, expect, it } from 'vitest';
import { multihashText, parseAnyCid } from '../../../src/node/served/cid-text.ts';
import { Denylist } from '../../../src/node/served/denylist.ts';
import { parseDenylist } from '../../../src/node/served/parse-denylist.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';

const NAME = 'k51qzi5uqu5dhmzyv3zac033i7rl9hkgczxyl81lwoukda2htteop7d3x0y1mf';
const NAME_BASE32 = 'bafzaajaiaejcaotjfs57kieazxny5japcmy5p2pgv2cic77tu6ogghttvurnrufx';
const NAME_PEER = '12D3KooWDkNqEJNmreF3NYYFK1ws7Ra2fuW6cHBTu567SPV3LdYA';
const [raw, other] = [rawCid(Buffer.from('a')), rawCid(Buffer.from('b'))];
const pb = CID.createV1(0x70, raw.multihash);
const v0 = base58btc.baseEncode(raw.multihash.bytes);

async function listOf(...lines: string[]): Promise<Denylist> {
  const { rules, problems } = await parseDenylist(lines.join('\n'));
  expect(problems).toEqual([]);
  const list = new Denylist();
  for (const rule of rules) list.add(rule);
  return list;
}

const hexHash = (text: string) => hash('sha256', text, 'hex');
const modernHash = (text: string) =>
  base58btc.baseEncode(Digest.create(0x12, hash('sha256', text, 'buffer')).bytes);

describe('a rule about a CID', () => {
  it.each([`/ipfs/${raw}`, `/ipfs/${pb}`, `/ipfs/${v0}`, `/ipfs/${raw}/*`, `//${modernHash(v0)}`])(
    '%s denies its multihash under every codec, and every path below it',
    async (line) => {
      const list = await listOf(line);
      for (const cid of [raw, pb, CID.parse(v0)]) expect(list.deniesBlock(cid)).toBe(true);
      for (const path of [
        `/ipfs/${raw}`,
        `/ipfs/${pb}/a/b`,
        `/ipfs/${v0}/`,
        `/ipfs/${raw.toString(base58btc)}`,
      ])
        expect(list.deniesPath(path)).toBe(true);
      expect(list.deniesBlock(other)).toBe(false);
      expect(list.deniesPath(`/ipfs/${other}/a`)).toBe(false);
    },
  );

  it('in the legacy form cannot be got around by another codec', async () => {
    for (const cid of [raw, pb]) {
      const list = await listOf(`//${hexHash(`${cid}/`)}`);
      expect([raw, pb, CID.parse(v0)].map((each) => list.deniesBlock(each))).toEqual([true, true, true]);
      expect(list.deniesBlock(other)).toBe(false);
    }
  });

  it('is undone by a later one, and done again by one after that', async () => {
    const deny = `/ipfs/${raw}`;
    expect((await listOf(deny, `!${deny}`)).deniesBlock(raw)).toBe(false);
    expect((await listOf(`!${deny}`, deny)).deniesBlock(raw)).toBe(true);
    expect((await listOf(`//${modernHash(v0)}`, `!${deny}`)).deniesBlock(raw)).toBe(false);
    expect([...(await listOf(deny, `/ipfs/${other}`, `!${deny}`)).deniedRoots()]).toEqual([other]);
  });
});

describe('a rule about a path', () => {
  const refused = async (line: string, paths: string[]) => {
    const list = await listOf(...line.split(' '));
    return paths.map((path) => list.deniesPath(`/ipfs/${pb}${path}`));
  };

  it('denies that path, and leaves the block alone', async () => {
    const list = await listOf(`/ipfs/${raw}/a%20b/c`);
    expect(list.deniesBlock(raw)).toBe(false);
    expect(list.deniesPath(`/ipfs/${pb}/a%20b/c`)).toBe(true);
    expect(list.deniesPath(`/ipfs/${pb}/%61 b/c/`)).toBe(true);
    for (const path of ['', '/a%20b', '/a%20b/c/d', '/a%20b/cd', '/a%2520b/c', '/%ff'])
      expect(list.deniesPath(`/ipfs/${pb}${path}`)).toBe(false);
  });

  it('with a star denies what begins so', async () => {
    const paths = ['/test', '/test2', '/test/one', '/tes', '', '/one/test'];
    const expected = [true, true, true, false, false, false];
    expect(await refused(`/ipfs/${raw}/test*`, paths)).toEqual(expected);
    expect(await refused(`/ipfs/${raw}/test/*`, paths)).toEqual(expected);
  });

  it('has exceptions', async () => {
    const at = `/ipfs/${raw}`;
    const rules = `${at}/blocked* !${at}/blockednot !${at}/blocked/not !${at}/blocked/exceptions*`;
    const denied = ['/blocked', '/blocked2', '/blocked/not/more'];
    const allowed = ['/blockednot', '/blocked/not', '/blocked/exceptions2', '/blocked/exceptions/one'];
    expect(await refused(rules, denied)).toEqual([true, true, true]);
    expect(await refused(rules, allowed)).toEqual([false, false, false, false]);
  });

  it('can be hashed, in both forms', async () => {
    for (const line of [modernHash(`${v0}/my/path`), hexHash(`${pb}/my/path`)]) {
      const list = await listOf(`//${line}`);
      expect(list.deniesPath(`/ipfs/${pb}/my/path`)).toBe(true);
      expect(list.deniesPath(`/ipfs/${pb}/my/path2`)).toBe(false);
      expect(list.deniesBlock(pb)).toBe(false);
    }
  });
});

describe('a rule about a name', () => {
  it('denies a key in every form', async () => {
    for (const line of [`/ipns/${NAME}`, `//${hexHash(`${NAME_BASE32}/`)}`, `//${modernHash(NAME_PEER)}`]) {
      const list = await listOf(line);
      for (const name of [NAME, NAME_BASE32, NAME_PEER])
        expect(list.deniesPath(`/ipns/${name}/a`)).toBe(true);
      expect(list.deniesPath(`/ipns/${NAME.replace('y1mf', 'y1m2')}`)).toBe(false);
    }
  });

  it.each([
    '/ipns/domain.example',
    `//${hexHash('domain.example/')}`,
    `//${modernHash('/ipns/domain.example')}`,
  ])('%s denies a host, also as one label', async (line) => {
    const list = await listOf(line);
    for (const host of ['domain.example', 'Domain.Example', 'domain-example'])
      expect(list.deniesPath(`/ipns/${host}/a`)).toBe(true);
    for (const host of ['domainaefa.example', 'domain--example', 'sub.domain.example'])
      expect(list.deniesPath(`/ipns/${host}`)).toBe(false);
  });

  it('can name a path', async () => {
    const list = await listOf('/ipns/domain2.example/path');
    expect(list.deniesPath('/ipns/domain2.example/path')).toBe(true);
    expect(list.deniesPath('/ipns/domain2.example')).toBe(false);
    expect(list.deniesPath('/ipns/domain2.example/path2')).toBe(false);
  });
});

describe('the examples of the specification', () => {
  it('deny what it says', async () => {
    const cid = 'bafybeidjwik6im54nrpfg7osdvmx7zojl5oaxqel5cmsz46iuelwf5acja';
    expect(multihashText(CID.parse(cid))).toBe('QmVTF1yEejXd9iMgoRTFDxBv7HAz9kuZcQNBzHrceuK9HR');
    const modern = await listOf('//QmX9dhRcQcKUw3Ws8485T5a9dtjrSCQaUAHnG4iK9i4ceM');
    expect(modern.deniesBlock(CID.parse(cid))).toBe(true);
    const bad = 'bafybeiefwqslmf6zyyrxodaxx4vwqircuxpza5ri45ws3y5a62ypxti42e';
    const legacy = await listOf('//d9d295bde21f422d471a90f2a37ec53049fdf3e5fa3ee2e8f20e10003da429e7');
    expect(legacy.deniesBlock(CID.parse(bad))).toBe(true);
    const path = await listOf('//3f8b9febd851873b3774b937cce126910699ceac56e72e64b866f8e258d09572');
    expect([path.deniesPath(`/ipfs/${bad}/path`), path.deniesPath(`/ipfs/${bad}/path2`)]).toEqual([
      true,
      false,
    ]);
    const host = await listOf('//c555c4de78827ba42527dd3dc5398db38d6c0a8c345a88e0158b2d100f317e50');
    expect(host.deniesPath('/ipns/bad-domain-name.tld')).toBe(true);
  });
});

describe('parseDenylist', () => {
  it('reads a header, comments, empty lines, line ends of Windows and hints', async () => {
    const text = `version: 1\nname: List\nhints:\n  a: b\n---\r\n# no\n\n/ipfs/${raw} status=410\r\n`;
    expect((await parseDenylist(text)).rules).toHaveLength(1);
    expect((await parseDenylist(`---\n/ipfs/${raw}`)).rules).toHaveLength(1);
    expect((await parseDenylist(`/ipfs/${raw}`)).rules).toHaveLength(1);
    expect(await parseDenylist('')).toEqual({ rules: [], problems: [] });
  });

  it.each([
    ['ipfs', 'begins with'],
    ['/ipld/x', 'begins with'],
    ['/ipfs/nope', 'is not a CID'],
    ['/ipfs/', 'is not a CID'],
    [`/ipfs/${raw}/%ff`, 'percent-encoded'],
    ['/ipns/', 'is not a name'],
    ['/ipns/a:b', 'is not a name'],
    ['//nope', 'double hash'],
    ['//gW813G35CnLsy7gRYYHuf63hrz71U1xoLFDVeV7actx6oX', 'sha2-256 only'],
  ])('names the line of %s', async (line, message) => {
    const { rules, problems } = await parseDenylist(`version: 1\n---\n/ipfs/${raw}\n${line}\n`);
    expect(rules).toHaveLength(1);
    expect(problems).toEqual([{ line: 4, message: expect.stringContaining(message) }]);
  });

  it('refuses lines of more than 2 MiB', async () => {
    const { problems } = await parseDenylist(`/ipfs/${raw}\n/ipfs/${'x'.repeat(2 ** 21)}`);
    expect(problems).toEqual([{ line: 2, message: 'the line is longer than 2 MiB' }]);
  });

  it.each(['version: 2', ': {', '- a\n- b: [', 'text'])('refuses the header %j', async (header) => {
    const { rules, problems } = await parseDenylist(`${header}\n---\n/ipfs/${raw}\n`);
    expect(rules).toEqual([]);
    expect(problems).toEqual([{ line: 1, message: expect.any(String) }]);
  });

  it('reads a CID in every form', () => {
    for (const text of [`${raw}`, raw.toString(base58btc), v0, NAME, NAME_BASE32, NAME_PEER])
      expect(parseAnyCid(text)).toBeDefined();
    for (const text of ['', 'example.org', 'Qm', '1', 'k51']) expect(parseAnyCid(text)).toBeUndefined();
  });
});
