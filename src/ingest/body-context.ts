import { classifyReference, externalUrl } from '../article/references.ts';
import type { Losses } from './losses.ts';

/** What became of an image: it lies beside the article, under a path that the article may use, or it does not. */
export type PlacedImage = { path: string } | { reason: string };

/** What a body is converted with. */
export interface BodyContext {
  losses: Losses;
  /** The images that the body names, by address as written. What is not in it stays where it is. */
  images: ReadonlyMap<string, PlacedImage>;
  /** Addresses of images that the body shows are put here. */
  wanted: Set<string>;
  /** What relative addresses stand against. */
  base: string | undefined;
  /** Whether only addresses of the site's root (`/…`) stand against it: of a file nobody knows what its address was. */
  isFolder: boolean;
  /** Looks up where a text of the folder stood on its site. */
  siteOf?: ((address: string) => string | undefined) | undefined;
}

/** The address that a link of a foreign text leads to from everywhere, or undefined when nobody can tell. */
export function resolveLink(
  address: string,
  { base, isFolder, siteOf }: Pick<BodyContext, 'base' | 'isFolder' | 'siteOf'>,
): string | undefined {
  const written = address.trim();
  const whole = externalUrl(written);
  if (whole !== undefined) return URL.canParse(whole) ? whole : undefined;
  if (classifyReference(written).kind === 'fragment') return undefined;
  const known = siteOf?.(written);
  if (known !== undefined) return known;
  if (isFolder && !written.startsWith('/') && !/^[a-z][a-z0-9+.-]*:/i.test(written)) return undefined;
  const url = base === undefined ? URL.parse(written) : URL.parse(written, base);
  return url === null ? undefined : externalUrl(url.href);
}

/** An address as a Markdown link may hold it. */
export function destination(address: string): string {
  return address.replace(
    /[\s()<>\\]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** What to call a file in a text: the last part of its address. */
export function fileNameOf(address: string): string {
  const path = address.startsWith('data:') ? '' : address.replace(/[?#].*$/s, '');
  const name = path.split('/').findLast((segment) => segment !== '') ?? '';
  return name.slice(0, 100) || 'image';
}
