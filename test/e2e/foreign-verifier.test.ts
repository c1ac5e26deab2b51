import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foreignVerify } from '../helpers/foreign-verifier.ts';
import { makeRepository } from '../helpers/program.ts';
import { type Published, publishIn } from './support.ts';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** The samples, published and written out as files: the manifest, and every article.json with its id. */
async function publishSamples(): Promise<{ manifest: Json; articles: [string, Json][] }> {
  await using repository = await makeRepository({ articles: 'samples' });
  const published: Published = await publishIn(repository.dir, { env: { SOURCE_DATE_EPOCH: '1793491200' } });
  const out = join(repository.dir, 'out');
  const { code, stderr } = await repository.run(['get', published.edition, '--format', 'dir', '-o', out]);
  if (code !== 0) throw new Error(stderr);
  const read = (path: string): Json => JSON.parse(readFileSync(join(out, path), 'utf8'));
  const articles = published.articles.filter(({ status }) => status === 'published');
  return {
    manifest: read('manifest.json'),
    articles: articles.map(({ id }) => [id, read(`articles/${id}/article.json`)]),
  };
}

/** Every copy of a document in which one value differs by one character, with the path of the value. */
function* changed(value: Json, path = ''): Generator<[path: string, changed: Json]> {
  if (typeof value === 'string') yield* changedTexts(value, path);
  else if (typeof value === 'number') yield [path, value + 1];
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      for (const [where, other] of changed(item, `${path}[${at}]`)) yield [where, value.with(at, other)];
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      for (const [where, other] of changed(member, `${path}.${name}`))
        yield [where, { ...value, [name]: other }];
    }
  }
}

/** The first, the middle and the last character, each in turn another one. */
function* changedTexts(text: string, path: string): Generator<[string, string]> {
  for (const at of new Set([0, text.length >> 1, text.length - 1])) {
    const other = text[at] === 'x' ? 'y' : 'x';
    yield [`${path}@${at}`, text.slice(0, at) + other + text.slice(at + 1)];
  }
}

describe('a verifier that others wrote', async () => {
  const { manifest, articles } = await publishSamples();

  it('accepts every article.json and the manifest', async () => {
    expect(articles.length).toBeGreaterThanOrEqual(8);
    for (const [id, document] of articles) {
      expect(document).toMatchObject({ identifier: id });
      expect(await foreignVerify(document as object), id).toBe(true);
    }
    expect(manifest).toMatchObject({ format: 'ovn-manifest/1' });
    expect(await foreignVerify(manifest as object)).toBe(true);
  });

  it.each([
    ['article.json', articles[0]?.[1] ?? null],
    ['manifest.json', manifest],
  ])('refuses %s with one byte of any value changed', async (_, document) => {
    const accepted: string[] = [];
    let count = 0;
    for (const [path, other] of changed(document)) {
      count++;
      if (await foreignVerify(other as object)) accepted.push(path);
    }
    expect(accepted).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });
});
