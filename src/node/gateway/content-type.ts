/** What a browser saves and does not open. */
export const UNKNOWN_TYPE = 'application/octet-stream';

const TEXT = 'text/plain; charset=utf-8';

/** Types of the files that publications hold; whatever runs in a page is never among them but as what it is. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['htm', 'text/html; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['mjs', 'text/javascript; charset=utf-8'],
  ['json', 'application/json'],
  ['md', 'text/markdown; charset=utf-8'],
  ['txt', TEXT],
  ['csv', 'text/csv; charset=utf-8'],
  ['xml', 'application/xml'],
  ['atom', 'application/atom+xml'],
  ['rss', 'application/rss+xml'],
  ['svg', 'image/svg+xml'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['ico', 'image/x-icon'],
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['ogg', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['wav', 'audio/wav'],
  ['mp4', 'video/mp4'],
  ['webm', 'video/webm'],
  ['pdf', 'application/pdf'],
  ['epub', 'application/epub+zip'],
  ['zip', 'application/zip'],
  ['gz', 'application/gzip'],
  ['car', 'application/vnd.ipld.car'],
  ['wasm', 'application/wasm'],
  ['woff', 'font/woff'],
  ['woff2', 'font/woff2'],
]);

const JSON_FEED = /^feed(?:-[0-9]{2})?\.json$/;

/** The media type of a file, by its name alone: browsers are told not to guess (`nosniff`), so nothing becomes what it is not called. */
export function contentTypeOf(name: string): string {
  const lower = name.toLowerCase();
  const extension = lower.slice(lower.lastIndexOf('.') + 1);
  return JSON_FEED.test(lower) ? 'application/feed+json' : (TYPES.get(extension) ?? UNKNOWN_TYPE);
}

export function isHtml(contentType: string): boolean {
  return contentType.startsWith('text/html');
}
