import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readFeed } from '../../../src/workflows/ingest/read-feed.ts';
import { readWordpress } from '../../../src/workflows/ingest/read-wordpress.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const deep = `<rss><channel><item>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</item></channel></rss>`;

it.each([
  ['too deep', deep, 'limit', 'its elements are nested deeper than 64'],
  ['cut short', '<rss><channel><item>', 'malformed', 'line 1: '],
  [
    'of an encoding that nobody knows',
    '<?xml version="1.0" encoding="x-none"?><rss/>',
    'malformed',
    'x-none',
  ],
  [
    'of other bytes than its encoding has',
    Buffer.from([0x3c, 0xff]),
    'malformed',
    'bytes that are not utf-8',
  ],
])('says which file it is that is %s', async (_, content, code, message) => {
  const file = join(temporaryFolder(), 'export.xml');
  writeFileSync(file, content);
  const options = { zone: 'Z', base: undefined, language: 'en', pages: false };
  const effects = { signal: new AbortController().signal, onProgress: () => {} };
  const refusal = { code, message: expect.stringMatching(`^${file}: .*${message}`) };
  await expect(readFeed(file, options, effects)).rejects.toMatchObject(refusal);
  await expect(readWordpress(file, options, effects)).rejects.toMatchObject(refusal);
});
