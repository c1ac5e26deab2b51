const FENCE = /^---[ \t]*(?<end>\r\n|\r|\n)/;

/**
 * A source with `slug` written into its front matter as the first field, every other byte as it was; nothing where
 * there is no front matter.
 *
 * @param text the source as it lies on disk, with its own ends of lines and byte order mark.
 */
export function writeSlug(text: string, slug: string): string | undefined {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const fence = FENCE.exec(text.slice(start));
  if (fence === null) return undefined;
  const at = start + fence[0].length;
  return `${text.slice(0, at)}slug: ${slug}${fence.groups?.['end']}${text.slice(at)}`;
}
