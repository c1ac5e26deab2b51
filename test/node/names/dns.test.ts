import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDnsMap, txtFromMap } from '../../../src/node/names/dns-map.ts';
import { dnslinkLine, lookUpDnslink } from '../../../src/node/names/dnslink.ts';
import { looksLikeDomain, parseHost } from '../../../src/node/names/host.ts';
import { txtFromDns } from '../../../src/node/names/look-up-txt.ts';
import { startDnsServer } from '../../helpers/dns-server.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { SOME_CID, TestName } from '../../helpers/naming.ts';

const { signal } = new AbortController();
const PATH = `/ipfs/${SOME_CID}`;

describe('txtFromDns', () => {
  it('asks the resolver that it is given, once a minute', async () => {
    const long = `dnslink=${PATH}/${'a'.repeat(300)}`;
    await using server = await startDnsServer({ '_dnslink.news.example': [long, 'other'] });
    const lookUp = txtFromDns(server.address);
    for (let time = 0; time < 2; time++)
      expect(await lookUp('_dnslink.news.example', { signal })).toEqual({ texts: [long, 'other'], ttl: 60 });
    expect(await lookUp('nothing.example', { signal })).toBeUndefined();
    expect(server.asked).toEqual(['_dnslink.news.example', 'nothing.example']);
  });

  it('stops when it is told to, while the resolver is silent', async () => {
    await using server = await startDnsServer({}, { silent: true });
    const controller = new AbortController();
    const asking = txtFromDns(server.address)('news.example', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
  });

  it('says that a resolver does not answer', async () => {
    const gone = await startDnsServer();
    await gone[Symbol.asyncDispose]();
    await expect(txtFromDns(gone.address)('news.example', { signal })).rejects.toMatchObject({ code: 'io' });
  });

  it.each(['', 'dns.example', '1.2.3', '127.0.0.1:0', '127.0.0.1:70000', '[::1', '1.2.3.4:x'])(
    'takes %j for no resolver',
    (text) => {
      expect(() => txtFromDns(text)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  it.each(['127.0.0.1', '[::1]:5353', '::1', '192.0.2.1:5353'])('takes %j for a resolver', (text) => {
    expect(txtFromDns(text)).toBeTypeOf('function');
  });
});

describe('lookUpDnslink', () => {
  const links = (texts: Record<string, string[]>, host: string) =>
    lookUpDnslink(host, async (asked) => (texts[asked] ? { texts: texts[asked], ttl: 9 } : undefined), {
      signal,
    });

  it('looks below _dnslink first, then at the host', async () => {
    const both = { '_dnslink.a.example': [`dnslink=${PATH}`], 'a.example': ['dnslink=/ipfs/other'] };
    expect(await links(both, 'a.example')).toEqual({ value: PATH, ttl: 9 });
    expect(await links(both, '_dnslink.a.example')).toEqual({ value: PATH, ttl: 9 });
    expect(await links({ 'a.example': [`dnslink=${PATH}`] }, 'a.example')).toEqual({ value: PATH, ttl: 9 });
    const unlinked = { '_dnslink.a.example': ['v=spf1'], 'a.example': [`dnslink=${PATH}`] };
    expect((await links(unlinked, 'a.example'))?.value).toBe(PATH);
  });

  it('takes the first of several in one order for all, and nothing that is no link', async () => {
    const texts = ['dnslink=/ipfs/b', 'dnslink=/ipfs/a', 'dnslink=/https/0', 'dnslink=', 'dnslink= /ipfs/0'];
    for (const order of [texts, texts.toReversed()])
      expect((await links({ '_dnslink.a.example': order }, 'a.example'))?.value).toBe('/ipfs/a');
    expect(await links({ '_dnslink.a.example': ['dnslink=/https/0'] }, 'a.example')).toBeUndefined();
  });

  it('is what the line for a zone makes', async () => {
    expect(dnslinkLine('a.example', PATH)).toBe(`_dnslink.a.example. 300 IN TXT "dnslink=${PATH}"`);
  });
});

describe('readDnsMap', () => {
  const write = (content: unknown) => {
    const file = join(temporaryFolder(), 'map.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };

  it('stands for text records, hosts in their one spelling', async () => {
    const { text } = new TestName();
    const map = readDnsMap(
      write({
        domains: {
          'News.Example.': `/ipns/${text}`,
          'bücher.example': PATH,
          'other.example': '/ipns/news.example/x',
        },
      }),
    );
    expect([...map.keys()]).toEqual(['news.example', 'xn--bcher-kva.example', 'other.example']);
    const link = await lookUpDnslink('news.example', txtFromMap(map), { signal });
    expect(link?.value).toBe(`/ipns/${text}`);
    expect(await lookUpDnslink('none.example', txtFromMap(map), { signal })).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'JSON'],
    ['no domains', {}, 'domains'],
    ['more than domains', { domains: {}, more: 1 }, 'more'],
    ['a domain that is none', { domains: { 'a b': PATH } }, '"a b" is no domain'],
    ['a domain twice', { domains: { 'a.example': PATH, 'A.example': PATH } }, 'a.example is there twice'],
    ['a path that is none', { domains: { 'a.example': 'https://x' } }, 'a.example: '],
    ['a number', { domains: { 'a.example': 1 } }, 'a.example'],
  ])('refuses a file with %s', (_what, content, said) => {
    const file = write(content);
    expect(() => readDnsMap(file)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(said) }),
    );
  });

  it('refuses a file that is not there, or too large', () => {
    const file = join(temporaryFolder(), 'map.json');
    expect(() => readDnsMap(file)).toThrow(expect.objectContaining({ code: 'usage' }));
    writeFileSync(file, ' '.repeat(5 * 1024 * 1024));
    expect(() => readDnsMap(file)).toThrow('larger than');
  });
});

describe('parseHost', () => {
  it.each([
    ['News.EXAMPLE.', 'news.example'],
    ['_dnslink.a.example', '_dnslink.a.example'],
    ['localhost', 'localhost'],
    ['täglich.example', 'xn--tglich-bua.example'],
  ])('reads %s', (text, host) => {
    expect(parseHost(text)).toBe(host);
  });

  it.each(['', '.', 'a..b', '-a.example', 'a b', 'a/b', 'a:1', `${'a'.repeat(64)}.example`, 'a.b_'])(
    'takes %j for none',
    (text) => {
      expect(parseHost(text)).toBeUndefined();
    },
  );

  it('tells a domain from a slug, a file and an address', () => {
    expect(['news.example', 'a.b.c'].every(looksLikeDomain)).toBe(true);
    expect(['first-light', '127.0.0.1', '2025', 'a.1'].some(looksLikeDomain)).toBe(false);
  });
});
