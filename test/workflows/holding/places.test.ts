import { expect, it } from 'vitest';
import { placesOf } from '../../../src/workflows/holding/followed-paper.ts';

it('names each place that may have the rest once, the mirrors of the manifest first', () => {
  const followed = {
    target: 'https://paper.example',
    places: ['https://paper.example/', 'https://mirror.example/', '/ip4/192.0.2.1/tcp/4001'],
  };
  const manifest = { mirrors: ['https://mirror.example', '/dns4/peer.example/tcp/4001'] };
  expect(placesOf({ followed, manifest })).toEqual([
    'https://mirror.example',
    '/dns4/peer.example/tcp/4001',
    'https://paper.example',
    '/ip4/192.0.2.1/tcp/4001',
  ]);
});
