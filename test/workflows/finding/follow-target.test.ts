import { describe, expect, it } from 'vitest';
import { parseFollowTarget } from '../../../src/workflows/finding/offers.ts';
import { SOME_EDITION as EDITION, SOME_ID as ID } from '../../helpers/mirror-server.ts';
import { TestName } from '../../helpers/naming.ts';

const { text: NAME, name } = new TestName();
const PEER = '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWDpp7U7W9Q8feMZPPEpPP5FKXTUakLgnVLbavfjb9mzrT';
const NOWHERE = { urls: [], peers: [] };
const at = (url: string) => ({ urls: [url], peers: [] });

describe('what names a publication', () => {
  it.each([
    ['its id', ID, { ...NOWHERE, publication: ID }],
    ['its id as an address', `ipfs://${ID}/`, { ...NOWHERE, publication: ID }],
    ['its name', NAME, { ...NOWHERE, name: NAME }],
    ['its name in another form', name.toString(), { ...NOWHERE, name: NAME }],
    ['its name as an address', `ipns://${NAME}`, { ...NOWHERE, name: NAME }],
    ['its name as a path', `/ipns/${NAME}/`, { ...NOWHERE, name: NAME }],
    ['a domain', 'Paper.example', { ...NOWHERE, domain: 'paper.example' }],
    ['a domain as an address', 'ipns://paper.example', { ...NOWHERE, domain: 'paper.example' }],
    ['an edition', EDITION, { ...NOWHERE, edition: EDITION }],
    ['an edition as an address', `ipfs://${EDITION}`, { ...NOWHERE, edition: EDITION }],
    ['a mirror', 'https://mirror.example', at('https://mirror.example/')],
    [
      'a mirror and an id',
      `https://mirror.example/?publication=${ID}`,
      { ...at('https://mirror.example/'), publication: ID },
    ],
    [
      'a gateway and an edition',
      `http://127.0.0.1:8080/ipfs/${EDITION}/`,
      { ...at('http://127.0.0.1:8080/'), edition: EDITION },
    ],
    ['a gateway and a name', `https://g.example/ipns/${NAME}`, { ...at('https://g.example/'), name: NAME }],
    ['a mirror as a multiaddr', '/dns4/m.example/tcp/443/https', at('https://m.example/')],
    ['a peer', PEER, { urls: [], peers: [PEER] }],
  ])('%s', (_, text, target) => {
    expect(parseFollowTarget(text)).toEqual(target);
  });

  it.each([
    '',
    'paper',
    '../paper',
    'ftp://mirror.example',
    'https://',
    `${EDITION}/articles`,
    `ipns://${NAME}/articles`,
    'https://mirror.example/?publication=paper',
    '/ip4/192.0.2.1/tcp/4001',
    '/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
    'bafkqaaa',
  ])('not %j', (text) => {
    expect(() => parseFollowTarget(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
