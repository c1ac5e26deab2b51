import type { ArticleDocument, BundleFile } from './document.ts';

/** Where an image of a bundle lies: nothing else may be in a `src`, whatever article.json says. */
export const MEDIA_PATH = /^media\/[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The picture that stands for an article, where it has one. */
export function leadFile({ files }: ArticleDocument): BundleFile | undefined {
  return files.find(({ lead, role, path }) => lead === true && role === 'image' && MEDIA_PATH.test(path));
}
