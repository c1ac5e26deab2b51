import { describe, expect, it } from 'vitest';
import {
  canonicalName,
  inlineHost,
  isHostName,
  labelOfCid,
  outlineHost,
  parseCid,
} from '../../../src/node/gateway/labels.ts';

const ED25519 = 'k51qzi5uqu5dk3v4rmjber23h16xnr23bsggmqqil9z2gduiis5se8dht36dam';

describe('labels', () => {
  it.each([
    [
      'QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR',
      'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
    ],
    [
      'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
      'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
    ],
    ['bafkqaaa', 'bafkqaaa'],
  ])('of %s is %s', (text, label) => {
    const cid = parseCid(text);
    expect(cid && labelOfCid(cid)).toBe(label);
  });

  it('does not exist where no base is short enough', () => {
    const cid = parseCid(
      'bafkrgqhhyivzstcz3hhswshfjgy6ertgmnqeleynhwt4dlfsthi4hn7zgh4uvlsb5xncykzapi3ocd4lzogukir6ksdy6wzrnz6ohnv4aglcs',
    );
    expect(cid && labelOfCid(cid)).toBeUndefined();
  });

  it.each([
    ED25519,
    '12D3KooWLQzUv2FHWGVPXTXSZpdHs7oHbXub2G5WC8Tx4NQhyd2d',
    'bafzaajaiaejcbhf6vfjh2jqvcvvcxh7x5yyvcwxoncnqdrmnnvqgfjc4ka4mjyzp',
  ])('reads the name %s', (text) => {
    const name = canonicalName(text);
    expect(name).toMatch(/^k51/);
    if (!text.startsWith('bafz')) expect(name).toBe(ED25519);
  });

  it('takes the hash of an RSA key for its name, whatever the codec beside it', () => {
    const name = 'k2k4r8ol4m8kkcqz509c1rcjwunebj02gcnm5excpx842u736nja8ger';
    expect(canonicalName('QmcJM7PRfkSbcM5cf1QugM5R37TLRKyJGgBEhXjLTB8uA2')).toBe(name);
    const dagPb = parseCid('QmcJM7PRfkSbcM5cf1QugM5R37TLRKyJGgBEhXjLTB8uA2')?.toV1();
    expect(canonicalName(`${dagPb}`)).toBe(name);
  });

  it.each(['', 'news.example', 'k51', 'localhost', '12D3'])('reads no name in %j', (text) => {
    expect(canonicalName(text)).toBeUndefined();
  });

  it.each([
    ['en.wikipedia-on-ipfs.org', 'en-wikipedia--on--ipfs-org'],
    ['a--b.example', 'a----b-example'],
    ['news.example', 'news-example'],
  ])('has %s in one as %s', (host, label) => {
    expect(inlineHost(host)).toBe(label);
    expect(outlineHost(label)).toBe(host);
    expect(outlineHost(host)).toBe(host);
  });

  it.each([
    ['news.example', true],
    ['xn--bcher-kva.example', true],
    ['localhost', false],
    ['127.0.0.1', false],
    ['[::1]', false],
    ['NEWS.example', false],
    ['-a.example', false],
    [`${'a'.repeat(64)}.example`, false],
    [`${'a.'.repeat(130)}example`, false],
    ['a..example', false],
  ])('takes %j for a host with DNS: %j', (text, expected) => {
    expect(isHostName(text)).toBe(expected);
  });
});
