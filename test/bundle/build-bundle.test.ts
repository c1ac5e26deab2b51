import { expect, it } from 'vitest';
import { parseSource } from '../../src/article/parse-source.ts';
import { buildBundle } from '../../src/bundle/build-bundle.ts';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { rawCid } from '../../src/unixfs/hash.ts';

const link = { cid: rawCid(Buffer.from('style')), size: 5 };
const publication = { id: `${link.cid}`, masthead: 1, name: 'Paper', tagline: '' };

async function documentOf(language: string) {
  const text = `---\ntitle: Light\ndate: 2025-07-07\ncategories: [Science]\n---\nOne two\n\nthree\n`;
  const input = { file: 'light.md', text, language, today: '2025-07-08', allowFuture: false };
  const { article = expect.fail() } = parseSource({ ...input, categoryNames: {}, releasedUntil: 0 });
  const { document } = await buildBundle(
    {
      article,
      source: 'light.md',
      publication,
      revision: 1,
      media: [],
      style: { link, size: 5 },
      masthead: link,
    },
    (draft) => ({ document: draft, bytes: canonicalBytes(draft) }),
  );
  return document;
}

it('counts words, and none where there are no spaces between them', async () => {
  expect(await documentOf('en')).toMatchObject({ articleBody: 'One two\n\nthree\n', wordCount: 3 });
  expect(await documentOf('zh-Hant')).not.toHaveProperty('wordCount');
});
