import type { LeadImage } from './article.ts';
import type { FrontMatter } from './front-matter.ts';
import { classifyReference } from './references.ts';

const LIMITS = { path: 1000, alt: 1000, caption: 2000, credit: 500 } as const;

/**
 * The front matter's lead image: a file beside the source, with `imageAlt` (which may be empty). An image anywhere else is left
 * out with a warning, as in the body.
 */
export function readImage(matter: FrontMatter): LeadImage | undefined {
  const written = matter.text('image', LIMITS.path);
  const alt = matter.text('imageAlt', LIMITS.alt) ?? '';
  const caption = matter.text('imageCaption', LIMITS.caption);
  const credit = matter.text('imageCredit', LIMITS.credit);
  if (written === undefined) return undefined;
  const line = matter.lineOf('image');
  const reference = classifyReference(written);
  if (reference.kind !== 'local') {
    matter.warn(
      line,
      `image: expected the path of a file beside the source, found "${written}"; it is left out`,
    );
    return undefined;
  }
  if (!matter.has('imageAlt')) {
    matter.error(line, 'imageAlt: expected a description of the image, or "" for a decoration, found none');
  }
  return {
    source: reference.path,
    alt,
    ...(caption === undefined ? {} : { caption }),
    ...(credit === undefined ? {} : { credit }),
    line,
  };
}
