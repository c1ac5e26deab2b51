import * as dagPb from '@ipld/dag-pb';

/** What every bundle has, and no other directory. */
const ARTICLE = 'article.json';

/** Whether a block of dag-pb is the directory of a bundle. */
export function isBundle(bytes: Uint8Array): boolean {
  try {
    return dagPb.decode(bytes).Links.some(({ Name }) => Name === ARTICLE);
  } catch {
    return false;
  }
}
