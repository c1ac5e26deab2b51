import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { ArticleDocument } from '../../src/article/document.ts';
import { parseArticle } from '../../src/bundle/article-json.ts';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import { loadKeys } from '../../src/repo/keyring.ts';
import { signerOf, signToBytes } from '../../src/trust/sign-document.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import { verify } from '../../src/workflows/verify.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

const ID = '2026/01/05/a';
const EARLIER = ['revisions', '2026', '01', '05', 'a'];
const RETRACTION = '[{date: 2026-01-06, type: retraction, text: Not so, withhold: true}]';

/** An article with two revisions, the second made from `fields`. */
async function revised(
  fields: Record<string, string>,
  text: string,
): Promise<{ newsroom: Newsroom; first: string }> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/a.md', source({}, 'The old text.\n'));
  const { articles } = await newsroom.publish();
  newsroom.write('articles/a.md', source(fields, text));
  await newsroom.publish();
  return { newsroom, first: articles[0]?.cid ?? '' };
}

/** Changes a directory, stores it and verifies it: the checks that fail. */
async function judgeChanged(
  newsroom: Newsroom,
  root: string,
  change: (tree: Tree, sink: (block: Block) => void) => Promise<void>,
): Promise<string[]> {
  return newsroom.use(async ({ repository, node: { read } }) => {
    const blocks: Block[] = [];
    const sink = (block: Block): void => void blocks.push(block);
    const tree = Tree.open({ cid: CID.parse(root), size: 0 }, read);
    await change(tree, sink);
    const { cid } = await tree.write(sink);
    repository.blockstore.putBatch(blocks);
    const options = { what: cid.toString(), publication: undefined, requireCurrent: false };
    const { report } = await verify(options, {
      local: { repository, read },
      memories: undefined,
      policy: NO_WITNESSES,
      now: NOW,
      signal: new AbortController().signal,
    });
    return report.checks
      .filter(({ result }) => result === 'fail')
      .map(({ name, detail }) => `${name}: ${detail}`);
  });
}

function scienceOf(newsroom: Newsroom): Promise<string> {
  return newsroom.use(({ repository }) => repository.categories()['science']?.cid ?? '');
}

describe('the revisions that a tree holds', () => {
  it('are refused when a withheld one is among them', async () => {
    const { newsroom, first } = await revised({ corrections: RETRACTION }, 'Gone.\n');
    const science = await scienceOf(newsroom);
    expect(await judgeChanged(newsroom, science, async () => undefined)).toEqual([]);
    const link = { cid: CID.parse(first), size: 0 };
    const failed = await judgeChanged(newsroom, science, async (tree) => tree.set([...EARLIER, '1'], link));
    expect(failed).toEqual([`bundles: revision 1 of ${ID} is there, though it is withheld`]);
  });

  it('are refused when one is missing that nobody withholds', async () => {
    const { newsroom } = await revised({}, 'The new text.\n');
    const science = await scienceOf(newsroom);
    expect(await judgeChanged(newsroom, science, async () => undefined)).toEqual([]);
    const failed = await judgeChanged(newsroom, science, async (tree) => tree.remove(EARLIER));
    expect(failed).toEqual([`bundles: revision 1 of ${ID} is missing, and not withheld`]);
  });
});

/** Puts another changes.html into a bundle, and signs its article.json anew with the desk's own key. */
async function forgeChanges(
  newsroom: Newsroom,
  bundle: string,
  html: string | undefined,
  changes: Partial<ArticleDocument> = {},
): Promise<string[]> {
  const [key] = await newsroom.use(({ repository }) => loadKeys(repository.keysDir, ['desk']));
  if (key === undefined) throw new Error('no desk key');
  const { proof: _, ...article } = parseArticle(Buffer.from(await newsroom.read(bundle, 'article.json')));
  return judgeChanged(newsroom, bundle, async (tree, sink) => {
    let { files } = article;
    if (html === undefined) await tree.remove(['changes.html']);
    else {
      const bytes = Buffer.from(html);
      const link = await addFile(bytes, sink);
      await tree.set(['changes.html'], link);
      files = files.map((file) =>
        file.role === 'changes' ? { ...file, cid: link.cid.toString(), size: bytes.length } : file,
      );
    }
    const { bytes } = signToBytes({ ...article, ...changes, files }, [signerOf(key.privateKey)]);
    await tree.set(['article.json'], await addFile(bytes, sink));
  });
}

describe('a page of differences', () => {
  it('is refused when it is another than the two revisions make, though it is signed', async () => {
    const { newsroom } = await revised({}, 'The new text.\n');
    const bundle = await newsroom.use(({ repository }) => repository.articles.get(ID)?.cid ?? '');
    const html = await newsroom.read(bundle, 'changes.html');
    expect(await forgeChanges(newsroom, bundle, html)).toEqual([]);
    expect(await forgeChanges(newsroom, bundle, html.replace('old', 'odd'))).toEqual([
      'changes: changes.html is not the rendering of the differences',
    ]);
    expect(await forgeChanges(newsroom, bundle, undefined)).toEqual([
      'files: changes.html is missing',
      'changes: changes.html is missing',
    ]);
  });

  it('is refused when "previous" is another article', async () => {
    const { newsroom } = await revised({}, 'The new text.\n');
    newsroom.write('articles/b.md', source({}, 'Another.\n'));
    await newsroom.publish();
    const [bundle, other] = await newsroom.use(({ repository: { articles } }) =>
      [ID, '2026/01/05/b'].map((id) => articles.get(id)?.cid ?? ''),
    );
    const html = await newsroom.read(bundle ?? '', 'changes.html');
    expect(await forgeChanges(newsroom, bundle ?? '', html, { previous: other ?? '' })).toEqual([
      'changes: "previous" is 2026/01/05/b, revision 1',
    ]);
  });
});
