import type { BodyContext, PlacedImage } from './body-context.ts';
import type { ForeignBody, Loss } from './foreign-post.ts';
import { htmlToMarkdown } from './html-to-markdown.ts';
import { Losses } from './losses.ts';
import { markdownBody } from './markdown-body.ts';
import { plainLine } from './plain-text.ts';

/** A body as an article has it. */
export interface ConvertedBody {
  markdown: string;
  losses: Loss[];
  /** Addresses of the images that it shows, as written. */
  wanted: Set<string>;
}

/** @param images what is known of the images, by address; the others become links, or are left out. */
export function convertBody(body: ForeignBody, images: ReadonlyMap<string, PlacedImage>): ConvertedBody {
  const losses = new Losses();
  const context: BodyContext = {
    losses,
    images,
    wanted: new Set(),
    base: body.base,
    isFolder: body.folder !== undefined,
    siteOf: siteOf(body),
  };
  const markdown =
    body.format === 'html' ? htmlToMarkdown(body.text, context) : markdownBody(body.text, context);
  return { markdown, losses: losses.list(), wanted: context.wanted };
}

/** A longer one is no title. */
const LONGEST_HEADING = 2000;

/** A text without the heading that only says its title again. */
export function withoutTitle(markdown: string, title: string): string {
  const end = markdown.indexOf('\n');
  if (end === -1 || end > LONGEST_HEADING) return markdown;
  const heading = /^#[ \t]+(.*?)[ \t#]*$/.exec(markdown.slice(0, end))?.[1];
  if (heading === undefined || plainLine(unmarked(heading)) !== unmarked(title)) return markdown;
  return markdown.slice(end).replace(/^\n+/, '');
}

function unmarked(text: string): string {
  return text
    .replace(/\\([^\w\s])/g, '$1')
    .replace(/[*`]/g, '')
    .trim();
}

/** Links from text to text: `@/news/a.md` of Zola, `../news/a.md` beside it. */
function siteOf({ folder, pages }: ForeignBody): ((address: string) => string | undefined) | undefined {
  if (folder === undefined || pages === undefined || pages.size === 0) return undefined;
  return (address) => {
    const { groups } = /^(?<path>[^?#:]+\.(?:md|markdown|html?))(?<rest>#[^\s]*)?$/i.exec(address) ?? {};
    const path = groups?.['path'] ?? '';
    if (path === '' || path.startsWith('/')) return undefined;
    const inside = path.startsWith('@/')
      ? `content/${path.slice(2)}`
      : URL.parse(path, `file:///${folder}/`)?.pathname.slice(1);
    const page = pages.get(inside ?? '');
    return page === undefined ? undefined : `${page}${groups?.['rest'] ?? ''}`;
  };
}
