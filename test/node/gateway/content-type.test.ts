import { expect, it } from 'vitest';
import { contentTypeOf } from '../../../src/node/gateway/content-type.ts';

it.each([
  ['feed.json', 'application/feed+json'],
  ['feed-21.json', 'application/feed+json'],
  ['manifest.json', 'application/json'],
  ['feed-21.atom', 'application/atom+xml'],
  ['feed', 'application/octet-stream'],
])('%s is %s', (name, type) => {
  expect(contentTypeOf(name).split(';')[0]).toBe(type);
});
